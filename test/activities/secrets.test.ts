/** No credential stands in what an activity answers or fails with, in the log or in the artifact store: not even where a vendor repeats it. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { inspect } from 'node:util';
import {
  type Connections,
  connectAll,
  readConnections,
  secretVariables,
  systemVariables,
} from '../../activities/connectors/index.ts';
import { byType, createActivities } from '../../activities/index.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { scenarioIn, shippedScenario, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { type Canaries, found } from '../support/canaries.ts';
import { aPlatform, answers, armed, refuses, running, virtualClock } from './bare.ts';

/** Between them they ask every system. */
const slugs = [
  'dynex-outage',
  'delayed-jobs',
  'billing-drift',
  'ipfs-pin-failures',
  'authentication-failures',
  'api-rate-limit-exceeded',
];

const secret = (name: string) => `${name.toLowerCase()}+${randomBytes(12).toString('hex')}`;
/** One is set instead of the other. */
const unset = ['PROMETHEUS_TOKEN', 'CELERY_BROKER_URL'];
const canaries: Canaries = Object.fromEntries(
  [...secretVariables(), 'ANN_WEBHOOK_URL'].filter(name => !unset.includes(name)).map(name => [name, secret(name)]),
);

/** A value of each variable, with its canary in it. */
function valueOf(name: string): string | undefined {
  const canary = canaries[name];
  if (unset.includes(name) || name === 'KUBERNETES_SERVICE_HOST') return undefined;
  if (name === 'NQBA_API_POD_URL') return 'http://127.0.0.1:1/{ip}';
  if (name === 'TICKETS_REPOSITORY') return 'owner/name';
  if (canary === undefined) return name.includes('URL') ? 'http://127.0.0.1:1/' : 'text@example.com';
  const scheme = { REDIS_URL: 'redis', DATABASE_URL: 'postgresql', SMTP_URL: 'smtp' }[name];
  if (scheme) return `${scheme}://user:${encodeURIComponent(canary)}@127.0.0.1:1/0`;
  return name === 'PROMETHEUS_HEADERS' ? `X-Scope-OrgID: ${canary}` : canary;
}

const variables = Object.fromEntries(systemVariables().map(([name]) => [name, valueOf(name)]));

/** Everything that was sent, said back. */
const echo = (status: number) => async (request: Request) => {
  const sent = { url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() };
  return Response.json({ error: sent, message: JSON.stringify(sent), detail: sent.headers['authorization'] }, { status });
};
const worlds = {
  'no one listens': refuses,
  'all answer nonsense': answers(200, '<html>It works!</html>'),
  'all repeat what they were sent, and refuse it': echo(401),
  'all repeat what they were sent, as a bad request': echo(400),
  'all repeat what they were sent, as their own failure': echo(500),
};

interface Called {
  type: string;
  args: unknown[];
}
let calls: Called[];

before(async () => {
  const sandbox = await Sandbox.load((await workflowBundle()).code, []);
  const played: Called[] = [];
  for (const slug of slugs) {
    const { setting } = scenarioIn(shippedScenario(slug), writtenRunbook(slug));
    const { incidents } = await rehearseAll(sandbox, setting);
    played.push(...incidents.flatMap(({ ran }) => ran.map(({ type, args }) => ({ type, args }))));
  }
  calls = [...new Map(played.map(call => [JSON.stringify([call.type, call.args[0]]), call])).values()];
  assert.ok(calls.length > 60, `${calls.length} calls`);
});

function connections(folder: string, fetch: NonNullable<Connections['stripe']>['fetch']): Connections {
  const given = {
    variables,
    secrets: (name: string) => (name === 'ANN_WEBHOOK_URL' ? `http://127.0.0.1:1/${canaries[name]}` : variables[name]),
    named: { pagerduty: ['PAGERDUTY_ROUTING_KEY'], webhook: ['ANN_WEBHOOK_URL'] },
  };
  const { connections, faults } = readConnections(given, { folder });
  assert.deepEqual(faults, []);
  const all: Connections = { ...connections, kubernetes: { fetch: armed } };
  for (const config of Object.values(all))
    if (config && !('folder' in config) && config !== all.kubernetes) Object.assign(config, { fetch });
  return all;
}

test('the search finds a credential that stands in a failure', () => {
  const failure = inspect(new Error(`Slack answered 401: ${canaries['SLACK_BOT_TOKEN']}`));
  assert.deepEqual(found(canaries, [{ name: 'answers', pieces: [Buffer.from(failure)] }]), ['SLACK_BOT_TOKEN in answers']);
});

for (const [name, fetch] of Object.entries(worlds))
  test(`while ${name}`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'nqba-secrets-'));
    const log: unknown[][] = [];
    for (const level of ['log', 'warn', 'error', 'info'] as const)
      t.mock.method(console, level, (...said: unknown[]) => log.push(said));
    const clock = virtualClock();
    const systems = connectAll(connections(folder, fetch), clock);
    const activities = byType(createActivities({ platform: aPlatform, systems, ...clock, running }));
    const results: unknown[] = [];
    for (const { type, args } of calls)
      results.push(await Reflect.apply(activities[type] ?? assert.fail(type), undefined, args).catch((error: unknown) => error));
    const kept = globSync('**', { cwd: folder, withFileTypes: true }).filter(entry => entry.isFile());
    const texts = {
      answers: results.map(one =>
        inspect(one, { depth: 12, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
      ),
      log: log.map(said => inspect(said, { depth: 9 })),
      artifacts: kept.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')),
    };
    const places = Object.entries(texts).map(([name, all]) => ({ name, pieces: all.map(text => Buffer.from(text)) }));
    assert.deepEqual(found(canaries, places), []);
  });
