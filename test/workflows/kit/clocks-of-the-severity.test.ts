// The severity's own clocks: when they are due, what stops them, and who hears that they have passed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueClocks, withClockOverdue } from '../../../workflows/kit/record/clocks.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { at, changed, opened } from '../../support/folding.ts';

const times = { fired: at(0), opened: at(3) };
const dues = (state: State) => dueClocks(state).map(({ at, what, event }) => [at, what, event]);
const acknowledge = { kind: 'clock overdue', clock: 'acknowledge' };
const restore = { kind: 'clock overdue', clock: 'restore' };
const ladder = { from: at(0), last: at(0), rung: 0 };

test('both clocks count from when the alert fired, not from when it came', () => {
  assert.deepEqual(dues(opened({ times })), [
    [at(15), 'not acknowledged within 15 minutes', acknowledge],
    [at(480), 'not restored within 8 hours', restore],
  ]);
});

test('two hours are said as hours, less as minutes', () => {
  assert.deepEqual(
    dues(opened({ times }, 'P2')).map(([, what]) => what),
    ['not acknowledged within 30 minutes', 'not restored within 24 hours'],
  );
  assert.deepEqual(dues(opened({ times }, 'P3')), [], 'a P3 has no clocks');
});

test('acknowledging stops the first clock only; what has passed or is over has none', () => {
  assert.deepEqual(dues(opened({ times: { ...times, acknowledged: at(5) } })), [
    [at(480), 'not restored within 8 hours', restore],
  ]);
  const overdue = [{ clock: 'restore', at: at(480) } as const];
  assert.deepEqual(dues(opened({ times, overdue })), [[at(15), 'not acknowledged within 15 minutes', acknowledge]]);
  assert.deepEqual(dues(opened({ times, state: 'resolved' })), []);
});

test('a clock that passes is recorded after those before it', () => {
  const before = opened({ overdue: [{ clock: 'acknowledge', at: at(15) }] });
  assert.deepEqual(changed(before, withClockOverdue(before, 'restore', at(480))), {
    overdue: [
      { clock: 'acknowledge', at: at(15) },
      { clock: 'restore', at: at(480) },
    ],
  });
  assert.deepEqual(withClockOverdue(opened(), 'acknowledge', at(15)).overdue, [{ clock: 'acknowledge', at: at(15) }]);
});

test('the next rung hears what is not restored; that nobody acknowledged the ladder tells anyway', () => {
  const paged = opened({ paging: { late: false, pages: [], ladder } });
  assert.deepEqual(withClockOverdue(paged, 'restore', at(480)).paging.pages, [
    { roles: ['secondary'], because: 'not restored within 8 hours' },
  ]);
  assert.deepEqual(withClockOverdue(paged, 'acknowledge', at(15)).paging.pages, []);
});
