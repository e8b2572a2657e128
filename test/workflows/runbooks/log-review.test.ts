// Log Review: what is new against other days is work, what is not known is no claim.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedules } from '../../../workflows/catalog/index.ts';
import { aStart, finding, inputsOf, minutes, rehearsal, type Rehearsing } from '../../support/rehearsing.ts';

const searched = (texts: [string, number][]) => ({
  lines: 0,
  fresh: [],
  shapes: texts.map(([text, count]) => ({ text, count })),
});
const logs = finding('healthy', searched([]));

const reviewed = (change: Rehearsing = {}) =>
  rehearsal({
    type: 'logReview',
    workflowId: 'operation:log-review-2026-11-24T03:00:00Z',
    args: [{ version: 1, input: {}, platform: aStart().platform }],
    messages: [],
    ...change,
    world: { logs, ...change.world },
  });
const resultOf = (rehearsed: Awaited<ReturnType<typeof reviewed>>) => inputsOf<{ text: string }>(rehearsed, 'remark')[0]?.text;

test('each of five searches with news is one follow-up of operations', async () => {
  const rehearsed = await reviewed({ world: { logs: finding('faulty', searched([]), 'New in 7 days: "boom".') } });
  const { followUps } = rehearsed.report;
  assert.deepEqual([followUps.length, new Set(followUps.map(({ title }) => title)).size], [5, 5]);
  assert.ok(followUps.every(({ owner, confirm }) => owner === 'operations' && confirm.includes('boom')));
  assert.deepEqual(
    inputsOf<{ days: number; since: string }>(rehearsed, 'logs').map(({ days, since }) => [days, since]),
    Array.from({ length: 5 }, () => [7, '24 hours']),
  );
});

test('the result has the five most frequent kinds of lines, each once', async () => {
  const shapes: [string, number][] = [1, 2, 3, 4, 5, 6].map(count => [`kind ${'abcdef'[count - 1]}`, count]);
  const rehearsed = await reviewed({ world: { logs: finding('healthy', searched(shapes)) } });
  const kinds = ['6× "kind f"', '5× "kind e"', '4× "kind d"', '3× "kind c"', '2× "kind b"'].join('; ');
  assert.equal(
    resultOf(rehearsed),
    `Log Review: done. 5 of 5 searches are as on other days, 0 are not. Most frequent: ${kinds}.`,
  );
});

test('a kind that was counted in a sample says so, and a count of all lines stands before it', async () => {
  const sampled = { ...searched([['flood', 500]]), lines: 100_000, sample: 500 };
  const world = {
    logs: finding('unknown', sampled, 'Not all lines were grouped.'),
    'Check IPFS logs': finding('healthy', searched([['flood', 90_000]])),
  };
  assert.match(resultOf(await reviewed({ world })) ?? '', /Most frequent: 90000× "flood"\.$/);
  const alone = await reviewed({ world: { logs: world.logs } });
  assert.match(resultOf(alone) ?? '', /Most frequent: 500× "flood" \(in the newest 500 of 100000 lines\)\.$/);
});

test('logs that do not cover the day are named, and no follow-up', async () => {
  const short = finding('unknown', searched([]), 'The logs cover only the time since 1 h ago.');
  const rehearsed = await reviewed({ world: { 'Check IPFS logs': short, 'Check billing logs': new Error('503') } });
  assert.deepEqual(rehearsed.report.followUps, []);
  assert.match(resultOf(rehearsed) ?? '', /3 of 5 searches .*, 0 are not\. Not known: ipfs, billing\.$/);
});

test('it is daily at ten, and overdue after half an hour', async () => {
  assert.deepEqual(schedules['log-review']?.at, { hour: 10, minute: 0 });
  const { report } = await reviewed({ takes: { 'Check IPFS logs': minutes(31) } });
  assert.equal(report.phases[0]?.overdue, '2026-11-24T03:30:00.000Z');
});
