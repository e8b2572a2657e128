/** What the logs say, from Loki and from the pods themselves: how many lines, of which kinds, and whether that is usual. Nothing secret is told. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { masked, shapeOf, shapesOf } from '../../../activities/observe/logs/shapes.ts';
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
  return activitiesWith({ loki: { url: 'http://loki', tenant: undefined, fetch }, kubernetes: { fetch: kubernetes } }, clock)
    .observe;
}

const started = entry(24, 'worker started');
const failed = (hoursAgo: number, job = 7) => entry(hoursAgo, `job ${job} failed: pool exhausted`);
const search = { workload: 'worker', pattern: 'FAILED|error', since: '24 hours' };

test('lines that match are counted by their kinds, whatever the case of letters', async () => {
  const { logs } = searching({ entries: [started, failed(3, 1), failed(2, 2), entry(1, 'Error: queue full'), entry(1, 'fine')] });
  const { verdict, evidence, facts } = await logs(search);
  assert.deepEqual([verdict, facts?.lines], ['faulty', 3]);
  assert.match(
    evidence,
    /^Loki: 3 lines match FAILED\|error since 2026-11-23 03:00 UTC\. 2× "job <n> failed: pool exhausted"; 1× /,
  );
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
  const many = await searching({ entries: [...week, ...Array.from({ length: 30 }, (_, job) => failed(2, job))] }).logs({
    ...search,
    days: 7,
  });
  assert.deepEqual([many.verdict, /31 lines match .*, 1 on other days\./.test(many.evidence)], ['faulty', true]);
});

test('a new kind that is the rarest of many is named', async () => {
  const kinds = ['queue', 'pool', 'disk', 'cache', 'socket', 'lock', 'retry', 'lease', 'quorum'].map(
    what => `error: ${what} exhausted`,
  );
  const often = kinds.flatMap(text =>
    Array.from({ length: 8 }, (_, day) => [1, 2].map(hours => entry(24 * day + hours, text))).flat(),
  );
  const entries = [...week, ...often, entry(1, 'error: database corrupt')];
  const { verdict, facts } = await searching({ entries }).logs({ ...search, days: 7 });
  assert.deepEqual([verdict, facts?.fresh], ['faulty', ['error: database corrupt']]);
});

test('a new kind under a flood of a kind that other days have is named, and the flood is counted', async () => {
  const flood = Array.from({ length: 8 }, (_, day) =>
    Array.from({ length: 601 }, (_one, job) => failed(24 * day + job / 200, job)),
  );
  const entries = [...week, ...flood.flat(), entry(12, 'error: database corrupt')];
  const { verdict, facts } = await searching({ entries }).logs({ ...search, days: 7 });
  assert.deepEqual([verdict, facts?.fresh], ['faulty', ['error: database corrupt']]);
  assert.deepEqual([facts?.shapes?.[0]?.count, facts?.sample], [602, undefined]);
});

test('a kind that differs from a frequent one only in what stands for a number is another kind', async () => {
  const flood = Array.from({ length: 8 }, (_, day) =>
    Array.from({ length: 601 }, (_one, job) => failed(24 * day + job / 200, job)),
  );
  const entries = [...week, ...flood.flat(), entry(12, 'job scheduler failed: pool exhausted')];
  const { facts } = await searching({ entries }).logs({ ...search, days: 7 });
  assert.deepEqual(facts?.fresh, ['job scheduler failed: pool exhausted']);
});

test('where there are too many kinds to group every line, nothing new is unknown, and that is said', async () => {
  const names = Array.from({ length: 3_000 }, (_, index) =>
    `${index}`.replace(/\d/g, digit => 'abcdefghij'[Number(digit)] ?? ''),
  );
  const many = Array.from({ length: 8 }, (_, day) => names.map(name => entry(24 * day + 3, `error in ${name}: x`))).flat();
  const { verdict, evidence, facts } = await searching({ entries: [...week, ...many] }).logs({ ...search, days: 7 });
  assert.deepEqual([verdict, facts?.fresh, facts?.sample], ['unknown', [], 500]);
  assert.match(evidence, /Not all lines were grouped: a new kind may be among the others\./);
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
const cluster =
  (log: Response | string, ...items: object[]) =>
  (request: Request) => {
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

test('pods have no days before: however many lines they have, compared with nothing it is unknown', async () => {
  const many = Array.from({ length: 25 }, (_, job) => `2026-11-24T02:00:${10 + job}Z job ${job} failed: pool exhausted\n`).join(
    '',
  );
  const { logs } = searching({ state: 'down', kubernetes: cluster(many, pod('w-1')) });
  const { verdict, evidence, facts } = await logs({ ...search, days: 7 });
  assert.deepEqual([verdict, facts?.lines, facts?.usual], ['unknown', 25, undefined]);
  assert.match(evidence, /25 lines match .*; not compared, as Loki has no lines of the days before\./);
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

test('numbers, ids, times and addresses make no other kind', () => {
  const lines = [
    '2026-11-24T02:11:09.123Z ERROR job 8f14e45fceea167a failed after 31.5 s on 10.0.3.7:5432',
    '2026-11-24T02:12:44.001Z ERROR job 45c48cce2e2d7fbd failed after 4 s on 10.0.3.9:5432',
  ];
  assert.deepEqual(shapesOf(lines), [{ text: '<time> ERROR job <id> failed after <n> s on <address>', count: 2 }]);
});

test('the sentence of a structured line counts, and the most frequent kind stands first', () => {
  const line = (message: string) => JSON.stringify({ level: 'ERROR', trace_id: crypto.randomUUID(), message });
  assert.deepEqual(shapesOf([line('pool exhausted'), line('timeout after 30 s'), line('timeout after 31 s')]), [
    { text: 'timeout after <n> s', count: 2 },
    { text: 'pool exhausted', count: 1 },
  ]);
  assert.equal(shapeOf(''), '(empty)');
  assert.ok(shapeOf('word '.repeat(900)).length <= 120);
});

const hidden: Record<string, string> = {
  'a password in an address': 'cannot reach postgresql://nqba:hunter@db:5432/nqba',
  'a header': 'request with Authorization: Bearer hunter.hunter',
  'a key by its name': 'DYNEX_API_KEY=hunter refused',
  'a key in JSON': '{"api_key": "hunter", "status": 401}',
  'a key by its form': 'key dnx_hunter_4f1c9a7e is revoked',
  'a token of a session': 'token eyJhunter.eyJhunter.hunter expired',
  'a token with a certificate in its head': `token eyJ${'hunter'.repeat(400)}.eyJhunter.hunter expired`,
  'a token behind a name': 'session-eyJhunter.eyJhunter.hunter expired',
  'a key whose name goes on': `token_${'of_the_service_'.repeat(4)}= hunter`,
  'a password in a query': 'GET /login?user=a&password=hunter&next=1',
  'an address of a person': 'mail to jane.hunter@example.com bounced',
};

for (const [what, line] of Object.entries(hidden))
  test(`${what} is masked`, () => {
    assert.doesNotMatch(shapeOf(line), /hunter/);
    assert.match(shapeOf(line), /<(secret|mail)>/);
  });

/** An expression that begins again at each of these, and reads to the end, takes minutes for so many. */
const hostile = [
  'a',
  'a.',
  'a@',
  'a-',
  'a://',
  '://a',
  'eyJ.',
  'eyJ-',
  'eyJa',
  'token',
  'token-',
  'token ',
  'session_id',
  'password="',
  'sk-',
];

for (const part of hostile)
  test(`a long text of “${part}” alone is masked in one pass`, () => {
    const text = part.repeat(100_000);
    assert.match(masked(`${text} jane.hunter@example.com`), /<(mail|secret)>$/);
  });
