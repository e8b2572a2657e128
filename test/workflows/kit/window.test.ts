/** The times of the maintenance window. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadline, noticeOf, windowAfter } from '../../../workflows/kit/record/window.ts';

test('the window is that of the next Sunday, in UTC', () => {
  const opens = (time: string) => windowAfter(new Date(time), 1).opens.toISOString();
  assert.equal(opens('2026-11-27T10:00:00Z'), '2026-11-29T02:00:00.000Z');
  assert.equal(opens('2026-11-29T01:59:00Z'), '2026-11-29T02:00:00.000Z');
  assert.equal(opens('2026-11-29T02:00:00Z'), '2026-12-06T02:00:00.000Z');
  const from = new Date('2026-11-28T20:00:00Z');
  assert.equal(deadline(windowAfter(from, 1), 24, from).toISOString(), '2026-11-28T21:00:00.000Z');
});

test('one that was moved opens so many hours after the start, wherever its day is', () => {
  assert.equal(windowAfter(new Date('2026-11-24T21:30:00Z'), 1, 3.5).words, 'Wednesday, 2026-11-25, 01:00 to 03:00 UTC');
});

test('that of Sunday is as near as the pace of a practice platform says', () => {
  const friday = new Date('2026-11-27T09:00:00Z');
  assert.equal(windowAfter(friday, 1 / 60).opens.toISOString(), '2026-11-27T09:41:00.000Z');
});

test('one that opens soon waits for no answer after its checks begin, and claims no 24 hours', () => {
  const from = new Date('2026-11-24T03:00:00Z');
  const cases: [opensIn: number, by: string, notice: string][] = [
    [30, '09:00', '24 hours before'],
    [24.5, '04:00', '23.5 hours before'],
    [2, '04:00', '1 hour before'],
    [1, '03:45', '15 minutes before'],
    [0.5, '03:15', '15 minutes before'],
    [0.2, '03:12', 'before it opens'],
    [0.02, '03:01', 'before it opens'],
  ];
  for (const [opensIn, by, notice] of cases) {
    const window = windowAfter(from, 1, opensIn);
    const { opens } = window;
    const asked = deadline(window, 24, from);
    assert.deepEqual([asked.toISOString().slice(11, 16), noticeOf(opens, asked)], [by, notice], `${opensIn}`);
  }
});
