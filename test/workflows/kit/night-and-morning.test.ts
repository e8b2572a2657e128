// Who is left to sleep, until when, and what the morning tells: without a workflow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlatformTimes } from '../../../workflows/contract/index.ts';
import { dueMorning, nightEnds, withLeft, withMorning } from '../../../workflows/kit/record/night.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, at, changed, opened } from '../../support/folding.ts';

const platform = (nights?: PlatformTimes['nights']): PlatformTimes => ({
  pace: 1,
  quietMinutes: { P0: 60, P1: 60, P2: 30, P3: 30 },
  ...(nights && { nights }),
});
const two = [
  { from: at(0), to: at(300) },
  { from: at(1440), to: at(1740) },
];
const morning = { at: at(300), roles: ['quantum', 'finance'] } satisfies State['paging']['morning'];
const left = (change: Partial<State> = {}, severity: 'P1' | 'P2' = 'P2') =>
  opened({ ...change, paging: { late: false, pages: [], morning } }, severity);

test('a night begins with its first minute and ends before its last', () => {
  const ends = (minute: number) => nightEnds(opened({}, 'P2'), platform(two), at(minute));
  assert.deepEqual([ends(-1), ends(0), ends(299), ends(300)], [undefined, at(300), at(300), undefined]);
  assert.deepEqual([ends(1439), ends(1440)], [undefined, at(1740)]);
});

test('nobody is left to sleep by a severity that wakes people, or where no nights are known', () => {
  assert.equal(nightEnds(opened({}, 'P1'), platform(two), at(1)), undefined);
  assert.equal(nightEnds(opened({}, 'P2'), platform(), at(1)), undefined);
});

test('all who were left are told at one time, each once', () => {
  const once = withLeft(opened({}, 'P2'), ['quantum'], '2026-11-24T09:00:00+01:00');
  assert.deepEqual(changed(opened({}, 'P2'), once), {
    paging: { late: false, pages: [], morning: { at: at(300), roles: ['quantum'] } },
  });
  assert.deepEqual(withLeft(once, ['finance', 'quantum'], at(300)).paging.morning?.roles, ['quantum', 'finance']);
});

test('the morning is due, unless it is over by then, or people were woken', () => {
  assert.deepEqual(dueMorning(left()), [
    { at: at(300), what: 'send quantum, finance the overnight summary', event: { kind: 'morning' } },
  ]);
  assert.deepEqual(dueMorning(opened({}, 'P2')), []);
  assert.deepEqual(dueMorning(left({ state: 'resolved' })), []);
  assert.deepEqual(dueMorning(left({}, 'P1')), []);
});

test('one page sums up the night, and there is no second morning', () => {
  const questions = [aQuestion(), aQuestion({ withdrawn: 'it is over' })];
  const after = withMorning(left({ questions, state: 'mitigated' }));
  const because = 'overnight summary: mitigated, 1 open questions';
  assert.deepEqual(after.paging, { late: false, pages: [{ roles: ['quantum', 'finance'], because }] });
  assert.equal(withMorning(after), after);
});
