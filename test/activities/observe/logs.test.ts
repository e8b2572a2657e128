/** What the logs say, from Loki and from the pods themselves: how many lines, of which kinds, and whether that is usual. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { type Entry, loki } from '../../../lab/stand-ins/loki.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { activitiesWith, refuses, virtualClock } from '../bare.ts';

const now = Date.parse('2026-11-24T03:00:00Z');
const hour = 3_600_000;
const labels = { namespace: 'nqba-platform', app: 'nqba-worker', component: 'worker' };
const entry = (hoursAgo: number, line: string): Entry => ({ labels, at: now - hoursAgo * hour, line });
const world = () => ({ pods: [], systems: [] });

interface Given {
  entries?: Entry[];
  state?: State;
  kubernetes?: (request: Request) => Response;
}

function searching({ entries = [], state = 'healthy', kubernetes = refuses }: Given) {
  const clock = virtualClock();
  const around = surroundings({ ...clock, state: () => state });
  const { fetch } = loki(around, world, () => entries);
  return activitiesWith({ loki: { url: 'http://loki', fetch }, kubernetes: { fetch: kubernetes } }, clock).observe;
}

const started = entry(24, 'worker started');
const failed = (hoursAgo: number, job = 7) => entry(hoursAgo, `job ${job} failed: pool exhausted`);
const search = { workload: 'worker', pattern: 'FAILED|error', since: '24 hours' };

test('lines that match are counted by their kinds, whatever the case of letters', async () => {
  const { logs } = searching({ entries: [started, failed(3, 1), failed(2, 2), entry(1, 'Error: queue full'), entry(1, 'fine')] });
  const { verdict, evidence, facts } = await logs(search);
  assert.deepEqual([verdict, facts?.lines], ['faulty', 3]);
  assert.match(evidence, /^Loki: 3 lines match FAILED\|error since 2026-11-23 03:00 UTC\. 2× "job <n> failed: pool exhausted"; 1× /);
  assert.equal((await logs({ ...search, below: 4 })).verdict, 'healthy');
});

test('of several patterns each must match, and pods may be selected by labels', async () => {
  const { logs } = searching({ entries: [started, failed(1), entry(1, 'pool grown')] });
  const { facts } = await logs({ selector: { component: 'worker' }, pattern: ['pool', 'fail'], since: '2026-11-23T12:00:00Z' });
  assert.equal(facts?.lines, 1);
});

test('nothing that matches is healthy only where the logs reach back so far', async () => {
  assert.equal((await searching({ entries: [started] }).logs(search)).verdict, 'healthy');
  const short = await searching({ entries: [entry(6, 'worker started')] }).logs(search);
  assert.deepEqual([short.verdict, /cover only the time since 2026-11-23 21:00 UTC/.test(short.evidence)], ['unknown', true]);
});

const week = Array.from({ length: 8 }, (_, day) => [entry(24 * day + 23.9, 'worker started'), failed(24 * day + 5)]).flat();

test('what other days have too is healthy; a new kind and twice as many lines are faulty, and named', async () => {
  const usual = await searching({ entries: week }).logs({ ...search, days: 7 });
  assert.deepEqual([usual.verdict, usual.facts?.usual, usual.facts?.lines], ['healthy', 1, 1]);
  const fresh = await searching({ entries: [...week, entry(1, 'Error: no route to host')] }).logs({ ...search, days: 7 });
  assert.deepEqual([fresh.verdict, fresh.facts?.fresh], ['faulty', ['Error: no route to host']]);
  const many = await searching({ entries: [...week, ...Array.from({ length: 30 }, (_, job) => failed(2, job))] }).logs({ ...search, days: 7 });
  assert.deepEqual([many.verdict, /31 lines match .*, 1 on other days\./.test(many.evidence)], ['faulty', true]);
});

test('without logs of the days before nothing is compared, and that is said', async () => {
  const { verdict, evidence } = await searching({ entries: [started] }).logs({ ...search, days: 7 });
  assert.deepEqual([verdict, /not compared, as Loki has no lines of the days before/.test(evidence)], ['unknown', true]);
});

const pod = (name: string, creationTimestamp = '2026-11-20T00:00:00Z') => ({
  metadata: { name, namespace: 'nqba-platform', creationTimestamp },
  spec: { containers: [{ name: 'worker' }] },
});
const asked: string[] = [];
const cluster = (log: Response | string, ...items: object[]) => (request: Request) => {
  const { pathname, search: query } = new URL(request.url);
  if (!pathname.endsWith('/log')) return Response.json({ items });
  asked.push(query);
  return typeof log === 'string' ? new Response(log) : log.clone();
};
const log = '2026-11-24T02:00:00.5Z job 7 failed: pool exhausted\n2026-11-24T02:10:00Z fine\n';

test('where Loki does not answer, the pods themselves are searched, within bounds, and that is said', async () => {
  const { logs } = searching({ state: 'down', kubernetes: cluster(log, pod('w-1'), pod('w-2')) });
  const { verdict, evidence, facts } = await logs(search);
  assert.deepEqual([verdict, facts?.lines], ['faulty', 2]);
  assert.match(evidence, /^2 of 2 pods: 2 lines match .*2× "job <n> failed: pool exhausted"\. \(Loki answered 503/);
  assert.match(asked.at(-1) ?? '', /container=worker&timestamps=true&sinceSeconds=86400&tailLines=3000&limitBytes=524288/);
});

test('pods that came later, no pod, and no right to read logs are unknown, with what to do', async () => {
  const young = await searching({ state: 'down', kubernetes: cluster('', pod('w-1', '2026-11-24T01:00:00Z')) }).logs(search);
  assert.deepEqual([young.verdict, /cover only the time since 01:00 UTC/.test(young.evidence)], ['unknown', true]);
  const none = await searching({ state: 'down', kubernetes: cluster('') }).logs(search);
  assert.deepEqual([none.verdict, /no pod in nqba-platform with app=nqba-worker/.test(none.evidence)], ['unknown', true]);
  const forbidden = Response.json({ kind: 'Status', message: 'pods/log is forbidden' }, { status: 403 });
  const refused = await searching({ state: 'down', kubernetes: cluster(forbidden, pod('w-1')) }).logs(search);
  assert.deepEqual([refused.verdict, /403.*Grant it/.test(refused.evidence)], ['unknown', true]);
});

test('a pattern or a time that cannot be read is unknown, and says what to correct', async () => {
  const { logs } = searching({});
  assert.match((await logs({ ...search, pattern: '(' })).evidence, /is no regular expression: correct the step/);
  assert.match((await logs({ ...search, since: 'yesterday' })).evidence, /is no time: write RFC 3339/);
});
