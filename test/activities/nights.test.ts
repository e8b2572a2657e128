/** Nights are local: they follow the clock on the wall over a change of time. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { nightsFrom } from '../../activities/nights.ts';
import { timeZone } from '../../activities/time-zone.ts';

const berlin = (from: string, days: number) => nightsFrom('Europe/Berlin', new Date(from), days);

test('nights last from 20:00 to 08:00 local', () => {
  assert.deepEqual(berlin('2026-11-24T12:00:00Z', 2), [
    { from: '2026-11-24T19:00:00.000Z', to: '2026-11-25T07:00:00.000Z' },
    { from: '2026-11-25T19:00:00.000Z', to: '2026-11-26T07:00:00.000Z' },
  ]);
});

test('the night in which summer time ends is thirteen hours long', () => {
  assert.deepEqual(berlin('2026-10-24T12:00:00Z', 1), [{ from: '2026-10-24T18:00:00.000Z', to: '2026-10-25T07:00:00.000Z' }]);
});

test('the night in which summer time begins is eleven hours long', () => {
  assert.deepEqual(berlin('2026-03-28T12:00:00Z', 1), [{ from: '2026-03-28T19:00:00.000Z', to: '2026-03-29T06:00:00.000Z' }]);
});

test('asked in the night, that night comes first, whichever side of midnight', () => {
  const night = { from: '2026-10-24T18:00:00.000Z', to: '2026-10-25T07:00:00.000Z' };
  for (const from of ['2026-10-24T20:00:00Z', '2026-10-24T22:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T06:59:59Z'])
    assert.deepEqual(berlin(from, 1), [night], from);
});

test('in the morning the night is over', () => {
  assert.deepEqual(berlin('2026-10-25T07:00:00Z', 1), [{ from: '2026-10-25T19:00:00.000Z', to: '2026-10-26T07:00:00.000Z' }]);
});

test('where it is day when Greenwich sleeps, nights are their own', () => {
  assert.deepEqual(nightsFrom('Asia/Kolkata', new Date('2026-11-24T22:00:00Z'), 1), [
    { from: '2026-11-24T14:30:00.000Z', to: '2026-11-25T02:30:00.000Z' },
  ]);
});

test('a time zone is an IANA name', () => {
  assert.equal(timeZone.parse('America/New_York'), 'America/New_York');
  for (const wrong of ['Europe/Berlln', '+02:00', '']) assert.match(String(timeZone.safeParse(wrong).error), /Europe\/Berlin/);
});
