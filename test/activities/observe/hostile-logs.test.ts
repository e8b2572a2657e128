/** Logs that no one expects: a flood of one kind, a line of a megabyte, and secrets that a careless logger has written down. */

import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { connectAll } from '../../../activities/connectors/index.ts';
import { createActivities } from '../../../activities/index.ts';
import { github } from '../../../lab/stand-ins/github.ts';
import { type Entry, failedLine, inTheLogs, loki } from '../../../lab/stand-ins/loki.ts';
import { slack } from '../../../lab/stand-ins/slack.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { found } from '../../support/canaries.ts';
import { aStart, inputsOf, rehearsal } from '../../support/rehearsing.ts';
import { aPlatform, refuses, running, virtualClock } from '../bare.ts';

const labels = { namespace: 'nqba-platform', app: 'nqba-worker', component: 'worker' };
const now = Date.parse('2026-11-24T03:00:00Z');
const entry = (minutesAgo: number, line: string): Entry => ({ labels, at: now - minutesAgo * 60_000, line });
const oldest = entry(24 * 60, 'worker started');
const search = { workload: 'worker', pattern: 'failed|error', since: '24 hours' } as const;

function platform(entries: Entry[], kubernetes: (request: Request) => Response = refuses) {
  const clock = virtualClock();
  const folder = mkdtempSync(join(tmpdir(), 'nqba-logs-'));
  const sent: Message[] = [];
  const around = surroundings({ ...clock, record: message => sent.push(message) });
  const world = () => ({ pods: [], systems: [] });
  const systems = connectAll(
    {
      artifacts: { folder },
      loki: { url: 'http://loki', tenant: undefined, fetch: loki(around, world, () => entries).fetch },
      kubernetes: { fetch: kubernetes },
      slack: { url: 'http://slack/api/', token: 'xoxb-test', fetch: slack(around).fetch },
      tickets: {
        url: 'http://tickets',
        token: 'practice',
        repository: 'nqba/operations',
        fetch: request => github(around).fetch(request),
      },
    },
    clock,
  );
  const activities = createActivities({ platform: aPlatform, systems, ...clock, running });
  const kept = () => globSync('**', { cwd: folder, withFileTypes: true }).filter(one => one.isFile());
  return {
    ...activities,
    sent,
    artifacts: () => kept().map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')),
  };
}

test('100,000 lines of one kind are counted, and told as one kind in a few words', async () => {
  const flood = Array.from({ length: 100_000 }, (_, job) => entry(10 + job / 100, `job ${job} failed: pool exhausted`));
  const { verdict, evidence, facts } = await platform([oldest, ...flood]).observe.logs(search);
  assert.deepEqual([verdict, facts?.lines, facts?.shapes?.length], ['faulty', 100_000, 1]);
  assert.match(evidence, /\. In the newest 500 of them: 500× "job <n> failed: pool exhausted"\.$/);
  assert.equal(facts?.sample, 500);
  assert.ok(evidence.length < 400);
});

test('a line of a megabyte, which Loki’s answer is too long for, is searched in the pods within their bounds, and what is cut is said', async () => {
  const line = `Error: ${'x'.repeat(1_048_576)}`;
  const asked: URL[] = [];
  const pod = { metadata: { name: 'w-1', namespace: 'nqba-platform', creationTimestamp: '2026-11-20T00:00:00Z' } };
  const kubernetes = (request: Request) => {
    const url = new URL(request.url);
    if (!url.pathname.endsWith('/log')) return Response.json({ items: [{ ...pod, spec: { containers: [{ name: 'worker' }] } }] });
    asked.push(url);
    return new Response(`2026-11-24T02:00:00Z ${line}\n`.slice(0, Number(url.searchParams.get('limitBytes'))));
  };
  const { verdict, evidence, facts } = await platform([oldest, entry(60, line)], kubernetes).observe.logs(search);
  assert.equal(asked.length, 1);
  assert.deepEqual([verdict, facts?.lines], ['faulty', 1]);
  assert.match(evidence, /^1 of 1 pods: 1 lines match .*The logs cover only the time since 02:00 UTC\..*\(Loki /);
  assert.ok(JSON.stringify({ evidence, facts }).length < 1_500, evidence);
});

test('secrets in the log reach neither the history, nor the report, nor the channel, nor a ticket, nor the artifact store', async () => {
  const lines = [oldest, entry(5, failedLine('quantum_dynex')), entry(4, failedLine('quantum_dynex'))];
  const { observe, comms, tickets, record, sent, artifacts } = platform(lines);
  const logs = await observe.logs(search);
  assert.match(logs.evidence, /2× "Job failed on quantum_dynex: solver returned no solution \(key <secret>, redis:\/\/<secret>@/);
  const start = { version: 1, input: {}, platform: { ...aStart().platform, tickets: true } };
  const opened = new Date(now).toISOString();
  const about = {
    incident: 'log-review',
    runbook: 'Log Review',
    severity: 'P3' as const,
    summary: 'Scheduled',
    fired: opened,
    opened,
    workflowId: 'w',
  };
  const workflowId = 'operation:log-review-2026-11-24T03:00:00Z';
  const reviewed = await rehearsal({ type: 'logReview', workflowId, args: [start], messages: [], world: { logs } });
  assert.equal(reviewed.report.followUps.length, 5);
  for (const [index, input] of inputsOf<{ text: string }>(reviewed, 'remark').entries())
    await comms.remark(input, { key: `run-1/remark/${index}`, about });
  for (const [index, input] of inputsOf<Parameters<typeof tickets.fileTicket>[0]>(reviewed, 'fileTicket').entries())
    await tickets.fileTicket(input, { key: `run-1/ticket/${index}`, about });
  await record.saveReport({ report: reviewed.report });
  assert.ok(
    sent.some(({ system }) => system === 'slack') && sent.some(({ system }) => system === 'tickets'),
    JSON.stringify(sent.map(({ system }) => system)),
  );
  assert.ok(
    artifacts().some(text => text.includes('<secret>')),
    'the report was kept',
  );

  const places = {
    history: [JSON.stringify(reviewed.ran)],
    report: [JSON.stringify(reviewed.report)],
    told: [JSON.stringify(sent)],
    artifacts: artifacts(),
  };
  const pieces = Object.entries(places).map(([name, texts]) => ({ name, pieces: texts.map(text => Buffer.from(text)) }));
  assert.deepEqual(found(inTheLogs, pieces), []);
  assert.equal(found(inTheLogs, [{ name: 'the log', pieces: lines.map(({ line }) => Buffer.from(line)) }]).length, 2);
});
