/** Kinds of lines under floods: what is told of them is counted, what is left out is of its kind alone, and Loki is asked no more than it bears. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { type Entry, loki } from '../../../lab/stand-ins/loki.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { activitiesWith, refuses, virtualClock } from '../bare.ts';

const now = Date.parse('2026-11-24T03:00:00Z');
const [minute, day] = [60_000, 86_400_000];
const labels = { namespace: 'nqba-platform', app: 'nqba-worker', component: 'worker' };
const entry = (minutesAgo: number, line: string, daysAgo = 0): Entry => ({
  labels,
  at: now - minutesAgo * minute - daysAgo * day,
  line,
});
const search = { workload: 'worker', pattern: 'failed|error|timeout', since: '24 hours', days: 7 };
/** On each of the seven days before, and today. */
const daily = (minutesAgo: number, line: string) => Array.from({ length: 8 }, (_, index) => entry(minutesAgo, line, index));
const isOfToday = ({ at }: Entry) => at > now - day;
const started = daily(24 * 60 - 1, 'worker started');
const flood = (begins: number, lines: number, line: string) =>
  Array.from({ length: lines }, (_, index) => daily(begins + index / 100, line)).flat();

type Answers = (request: Request, otherwise: () => Promise<Response>) => Response | Promise<Response>;

function searching(entries: Entry[], answers: Answers = async (_, otherwise) => otherwise(), clock = virtualClock()) {
  const app = loki(
    surroundings(clock),
    () => ({ pods: [], systems: [] }),
    () => entries,
  );
  const fetch = (request: Request) => answers(request, async () => app.fetch(request));
  return activitiesWith({ loki: { url: 'http://loki', tenant: undefined, fetch }, kubernetes: { fetch: refuses } }, clock)
    .observe;
}

test('where every page is full, the counts that are told are of the newest lines alone, and later pages only bring new kinds', async () => {
  const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot'];
  const all = names.flatMap((name, index) => flood(10 + index * 10, 600, `${name} failed`));
  const entries = [...started, ...all.filter(one => isOfToday(one) || one.line !== 'charlie failed')];
  const { verdict, evidence, facts } = await searching(entries).logs(search);
  assert.deepEqual([facts?.shapes, facts?.sample], [[{ text: 'alpha failed', count: 500 }], 500]);
  assert.match(evidence, /In the newest 500 of them: 500× "alpha failed"\.$/);
  assert.deepEqual([verdict, facts?.fresh], ['faulty', ['charlie failed']]);
});

/** `adeb` for 341: no number, so each is of its own. */
const named = (index: number) => `kind ${`${index}`.replace(/\d/g, digit => 'abcdefghij'[Number(digit)] ?? '')} of a gateway`;
/** Ten kinds after ten others, sixty lines of each. */
const manyKinds = Array.from({ length: 60 }, (_, index) =>
  flood(
    10 + Math.floor(index / 10) * 20,
    60,
    `${named(index)} failed: "no route to host", the upstream closed the connection early`,
  ),
).flat();

test('however many kinds are left out, a proxy takes the query that leaves them out', async () => {
  const lengths: number[] = [];
  const proxy: Answers = ({ url }, otherwise) => {
    lengths.push(url.length);
    return url.length > 8_000 ? new Response('<h1>414 Request-URI Too Large</h1>', { status: 414 }) : otherwise();
  };
  const { evidence, facts } = await searching([...started, ...manyKinds], proxy).logs(search);
  assert.match(evidence, /^Loki: 3600 lines match/);
  assert.deepEqual([facts?.usual, facts?.fresh], [3_600, []]);
  assert.ok(lengths.some(length => length > 2_000) && lengths.every(length => length < 5_000), `${Math.max(...lengths)}`);
});

const ofToday = manyKinds.filter(isOfToday);
/** Three times as many lines as on other days, of more kinds than are read in one page. */
const tripled = [...started, ...manyKinds, ...ofToday, ...ofToday];

test('when Loki refuses to be asked more, what was counted stays faulty, and what was not looked for is said', async () => {
  let [asked, atOnce, most] = [0, 0, 0];
  const busy: Answers = async (_, otherwise) => {
    asked += 1;
    atOnce += 1;
    most = Math.max(most, atOnce);
    const answer = asked > 14 ? new Response('too many outstanding requests', { status: 429 }) : await otherwise();
    atOnce -= 1;
    return answer;
  };
  const { verdict, evidence, facts } = await searching(tripled, busy).logs(search);
  assert.deepEqual([verdict, facts?.lines, facts?.usual], ['faulty', 10_800, 3_600]);
  assert.match(evidence, /Not all lines were grouped, so a new kind .*: Loki answered 429: too many outstanding requests\. /);
  assert.ok(most <= 4 && asked < 20, `${most} at once, ${asked} in all`);
});

test('when Loki does not even say what other days have, that is said, and nothing is claimed of them', async () => {
  let asked = 0;
  const busy: Answers = (_, otherwise) => {
    asked += 1;
    return asked > 6 ? new Response('too many outstanding requests', { status: 429 }) : otherwise();
  };
  const { verdict, evidence, facts } = await searching(tripled, busy).logs(search);
  assert.deepEqual([verdict, facts?.lines, facts?.usual], ['unknown', 10_800, undefined]);
  assert.match(evidence, /10800 lines match .*; not compared, as Loki answered 429: too many outstanding requests\./);
});

test('a slow Loki is asked only as long as the check has time, and what was counted stays', async () => {
  const clock = virtualClock();
  let late = 0;
  const slow: Answers = (_, otherwise) => {
    late += 300;
    return otherwise();
  };
  const observe = searching(tripled, slow, { ...clock, now: () => clock.now() + late });
  const { verdict, evidence, facts } = await observe.logs(search);
  assert.deepEqual([verdict, facts?.lines, facts?.usual], ['faulty', 10_800, 3_600]);
  assert.match(evidence, /Not all lines were grouped, so a new kind .*: the time of the check was over\. /);
  assert.ok(late <= 7_000, `${late} ms`);
});

test('a new kind whose line also has the sentence of a flood in another field is named, and not counted with the flood', async () => {
  const both = '{"msg":"panic in billing","error":"timeout of pool"}';
  const entries = [...started, ...flood(10, 601, '{"error":"timeout of pool"}'), entry(600, both), entry(601, both)];
  const { verdict, facts } = await searching(entries).logs(search);
  assert.deepEqual([verdict, facts?.fresh, facts?.sample], ['faulty', ['panic in billing'], undefined]);
  assert.deepEqual(facts?.shapes, [
    { text: 'timeout of pool', count: 601 },
    { text: 'panic in billing', count: 2 },
  ]);
});

test('where more such lines are there than are read, the flood is not left out, and no new kind is unknown', async () => {
  const entries = [
    ...started,
    ...flood(10, 601, '{"error":"timeout of pool"}'),
    ...flood(60, 601, '{"msg":"retry","error":"timeout of pool"}'),
  ];
  const { verdict, evidence, facts } = await searching(entries).logs(search);
  assert.deepEqual([verdict, facts?.fresh, facts?.sample], ['unknown', [], 500]);
  assert.match(evidence, /Not all lines were grouped/);
});
