/** Our page, acknowledged on somebody's telephone: a real Temporal and worker, the real page activity, and PagerDuty's stand-in. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { outputs } from '../../../client/cli/outputs.ts';
import { createIntake } from '../../../client/intake/app.ts';
import { readTokens } from '../../../client/intake/tokens.ts';
import { readPlatform } from '../../../client/platform.ts';
import { reported } from '../../../client/reported.ts';
import { Temporal } from '../../../client/temporal.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { idOf } from '../../../lab/stand-ins/pagerduty/rest.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { activitiesWith } from '../../activities/bare.ts';
import { eventually } from '../../support/eventually.ts';
import { runbooks } from '../command-line.ts';
import { dynexDown, group } from '../intake/bodies.ts';
import { quickPlatform, startWorker } from '../scripted-worker.ts';
import { freePort, startTemporal } from '../temporal-server.ts';
import { headers, subscribed } from '../webhook-subscription.ts';

const messages: Message[] = [];
const statuses: number[] = [];
const secrets: string[] = [];
let server: Awaited<ReturnType<typeof startTemporal>>;
let away: Temporal;
/** The Temporal that the intake reaches now. */
let reached: Temporal;
let stopWorker: () => Promise<void>;
let intake: ReturnType<typeof createIntake>;

const vendor = pagerduty(
  surroundings({ record: message => messages.push(message), sleep: async () => void (reached = server.temporal) }),
  async request => {
    const answer = await intake.fetch(request);
    statuses.push(answer.status);
    return answer;
  },
);

before(async () => {
  server = await startTemporal();
  [reached, away] = [server.temporal, new Temporal({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` })];
  const routingKeys = () => '0123456789abcdef0123456789abcdef';
  const { oncall } = activitiesWith({ pagerduty: { url: 'http://pagerduty', routingKeys, fetch: vendor.fetch } });
  const page = ({ args: [input, call] }: { args: Parameters<typeof oncall.page> }) => oncall.page(input, call);
  const acknowledgePages = ({ args: [input] }: { args: Parameters<typeof oncall.acknowledgePages> }) =>
    oncall.acknowledgePages(input);
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS, { page, acknowledgePages });
  intake = createIntake({
    tokens: readTokens({ INTAKE_TOKEN: 'hush' }),
    platform: readPlatform(quickPlatform()),
    temporal: server.temporal,
    store: { save: async () => 'digest' },
    pagerduty: { secrets, temporal: { byId: id => reached.byId(id), signal: (...said) => reached.signal(...said) } },
    now: Date.now,
    say: () => {},
  });
});
after(async () => {
  await stopWorker();
  await away.close();
  await server.stop();
});

test('the incident is acknowledged under her name, though Temporal was away when she did it', async () => {
  secrets.push(await subscribed(vendor));
  const alert = JSON.stringify(group({ ...dynexDown, startsAt: new Date().toISOString() }));
  await intake.request('/alertmanager', { method: 'POST', headers: { authorization: 'Bearer hush' }, body: alert });
  const key = await eventually(() => messages.find(({ system }) => system === 'pagerduty')?.key ?? assert.fail('no page yet'));
  const [incident = assert.fail()] = await server.temporal.list();
  assert.equal((await reported(server.temporal, incident)).report?.times.acknowledged, undefined);

  reached = away;
  const body = JSON.stringify({ incident: { type: 'incident_reference', status: 'acknowledged' } });
  assert.equal((await vendor.request(`/incidents/${idOf(key)}`, { method: 'PUT', headers, body })).status, 200);
  await eventually(() => assert.deepEqual(statuses, [503, 200]));

  await eventually(async () => {
    const { report } = await reported(server.temporal, incident);
    assert.equal(report?.commander, 'Ann Lee');
    assert.ok(report.times.acknowledged);
  });
});

test('runbooks ack acknowledges the page in PagerDuty too, once', async () => {
  const platform = quickPlatform('two');
  const run = runbooks({ ...server.environment, RUNBOOKS_PLATFORM: platform });
  const opened = await run('open', 'dynex-outage', '--because', 'jobs fail', '--cluster', 'two', '--as', 'bob', '-o', 'json');
  const { incident: name } = outputs.open.parse(JSON.parse(opened.stdout));
  const id = await server.temporal.idOf(await server.temporal.find(name));
  const told = () => messages.filter(({ key }) => key.startsWith(id)).map(({ text }) => text.split(' ')[0]);
  await eventually(() => assert.deepEqual(told(), ['triggered']));
  for (const time of ['first', 'second']) {
    const { code, stderr } = await run('ack', name, '--as', 'bob');
    assert.deepEqual([code, stderr], [0, 'Acknowledged in PagerDuty too: 1 page.\n'], time);
  }
  assert.deepEqual(told(), ['triggered', 'acknowledged']);
});
