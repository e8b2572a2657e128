/** A watch is healthy once it has held, and never because nobody looked. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { createActivities } from '../../activities/index.ts';
import { afterLook, settled, watchFrom } from '../../activities/watching.ts';
import type { Verdict, Watching } from '../../workflows/contract/index.ts';
import { aPlatform, withoutSystems } from './bare.ts';

const minute = 60_000;
const stage: Watching = { every: minute, for: 5 * minute, atLeast: 3 };

/** Verdicts one minute apart, and when and how the watch ended. */
function watch(verdicts: Verdict[], watching: Watching = stage, every = minute) {
  let watched = watchFrom(0);
  for (const [index, verdict] of verdicts.entries()) {
    const now = index * every;
    watched = afterLook(watched, { verdict }, now, watching.every);
    const end = settled(watched, watching, now);
    if (end) return `${end} after ${now / minute}`;
  }
  return 'still looking';
}
const times = (count: number, verdict: Verdict) => Array.from({ length: count }, () => verdict);

test('healthy once it has held for the time asked', () => {
  assert.equal(watch(times(5, 'healthy')), 'still looking');
  assert.equal(watch(times(6, 'healthy')), 'healthy after 5');
});

test('too few samples are not healthy, however long they held', () => {
  assert.equal(watch(times(9, 'healthy'), { ...stage, atLeast: 9 }), 'healthy after 8');
});

test('a gap in the data stops the clock without setting it back', () => {
  const gap: Verdict[] = [...times(3, 'healthy'), 'unknown', ...times(9, 'healthy')];
  assert.equal(watch(gap), 'healthy after 7');
});

test('one faulty look sets the clock back, the second in a row ends the watch', () => {
  assert.equal(watch([...times(5, 'healthy'), 'faulty', ...times(6, 'healthy')]), 'healthy after 11');
  assert.equal(watch(['healthy', 'faulty', 'faulty']), 'faulty after 2');
});

test('three times the time asked without an answer is unknown', () => {
  assert.equal(watch(times(20, 'unknown')), 'unknown after 15');
  assert.equal(watch(Array.from({ length: 20 }, (_, index) => (index % 2 ? 'faulty' : 'healthy'))), 'unknown after 15');
});

test('with patience it looks through faulty looks, and says at the end what it saw last', () => {
  const patient = { ...stage, upTo: 30 * minute };
  assert.equal(watch([...times(20, 'faulty'), ...times(6, 'healthy')], patient), 'healthy after 25');
  assert.equal(watch(times(40, 'faulty'), patient), 'faulty after 30');
  assert.equal(watch(times(40, 'unknown'), patient), 'unknown after 30');
});

test('time in which nobody looked does not count as held', () => {
  assert.equal(
    watch(times(2, 'healthy'), { every: 1_000, for: 5 * minute, atLeast: 1, upTo: 600 * minute }, 10 * minute),
    'still looking',
  );
});

test('the activity shows signs of life, and goes on where a former attempt stopped', async () => {
  const beats: unknown[] = [];
  let now = 0;
  const activities = createActivities({
    platform: aPlatform,
    systems: withoutSystems(),
    now: () => now,
    sleep: async ms => void (now += ms),
    running: () => ({
      workflowType: 'dynexOutage',
      namespace: 'default',
      signal: new AbortController().signal,
      heartbeat: details => void beats.push(details),
      heartbeatDetails: { began: -14 * minute, held: 0, samples: 0, faultyInARow: 0 },
    }),
  });
  const finding = await activities.looking.watch({ check: 'probeDynex', input: {}, watching: stage });
  assert.equal(finding.verdict, 'unknown');
  assert.match(finding.evidence, /not connected/);
  assert.equal(now, minute, 'fifteen minutes, fourteen of them in the former attempt');
  assert.ok(beats.length >= 12, 'at least every five seconds');
  await assert.rejects(activities.looking.watch({ check: 'noSuchCheck', input: {}, watching: stage }), { type: 'BadInput' });
});
