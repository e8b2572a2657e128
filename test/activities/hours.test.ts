/** Agreed hours are local hours, over midnight, the week's end and a change of time. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { gapsIn, hours, isWithin, shiftsFrom } from '../../activities/hours.ts';

const berlin = (...at: string[]) => ({ timeZone: 'Europe/Berlin', at });
const within = (at: string, ...rules: string[]) => isWithin(berlin(...rules), new Date(at));
const told = ({ from, to }: { from: Date; to: Date }) => `${from.toISOString().slice(0, 16)} ${to.toISOString().slice(0, 16)}`;

test('a shift begins at its first minute and is over at its last', () => {
  assert.equal(within('2026-11-24T06:59:59Z', 'Mon-Fri 08:00-18:00'), false);
  assert.equal(within('2026-11-24T07:00:00Z', 'Mon-Fri 08:00-18:00'), true);
  assert.equal(within('2026-11-24T16:59:59Z', 'Mon-Fri 08:00-18:00'), true);
  assert.equal(within('2026-11-24T17:00:00Z', 'Mon-Fri 08:00-18:00'), false);
});

test('a shift over midnight belongs to the day on which it begins', () => {
  assert.equal(within('2026-11-28T02:00:00Z', 'Fri 22:00-06:00'), true, 'Saturday, three in the night');
  assert.equal(within('2026-11-27T02:00:00Z', 'Fri 22:00-06:00'), false, 'Friday, three in the night');
});

test('days may run over the end of the week', () => {
  const weekend = 'Sat-Mon 00:00-24:00';
  const days = ['27', '28', '29', '30'].map(day => within(`2026-11-${day}T12:00:00Z`, weekend));
  assert.deepEqual([...days, within('2026-12-01T12:00:00Z', weekend)], [false, true, true, true, false]);
});

test('any one of several rules suffices', () => {
  const rules = ['Mon-Fri 08:00-18:00', 'Sat 10:00-14:00'];
  assert.equal(within('2026-11-28T10:00:00Z', ...rules), true);
  assert.equal(within('2026-11-28T15:00:00Z', ...rules), false);
});

test('a shift follows the clock on the wall over a change of time', () => {
  assert.deepEqual(shiftsFrom(berlin('Sat-Sun 08:00-18:00'), new Date('2026-10-24T00:00:00Z'), 2).map(told), [
    '2026-10-24T06:00 2026-10-24T16:00',
    '2026-10-25T07:00 2026-10-25T17:00',
  ]);
});

test('what no shift covers is a gap, from now to the end that was asked for', () => {
  const [from, to] = [new Date('2026-11-24T00:00:00Z'), new Date('2026-11-25T00:00:00Z')];
  const shifts = (...rules: string[]) => shiftsFrom({ timeZone: 'UTC', at: rules }, from, 1);
  assert.deepEqual(gapsIn(shifts('Tue 08:00-12:00', 'Tue 10:00-18:00'), { from, to }).map(told), [
    '2026-11-24T00:00 2026-11-24T08:00',
    '2026-11-24T18:00 2026-11-25T00:00',
  ]);
  assert.deepEqual(gapsIn(shifts('Mon-Sun 00:00-24:00'), { from, to }), []);
  assert.deepEqual(gapsIn([], { from, to }), [{ from, to }]);
});

test('hours that are written otherwise are refused with how they are written', () => {
  for (const wrong of ['Mon-Fri 8:00-18:00', 'Monday 08:00-18:00', 'Mon 08:00-25:00', '08:00-18:00'])
    assert.match(String(hours.safeParse(berlin(wrong)).error), /write hours as \\"Mon-Fri 08:00-18:00\\"/, wrong);
});
