/** Agreed hours, such as `Mon-Fri 08:00-18:00` somewhere: when they begin and end. */

import { z } from 'zod';
import { days, instantOf, timeZone, wallClock } from './time-zone.ts';

const day = `(${days.join('|')})`;
const time = '((?:[01]\\d|2[0-3]):[0-5]\\d|24:00)';
const rule = new RegExp(`^${day}(?:-${day})? ${time}-${time}$`);

export const hours = z.strictObject({
  timeZone,
  at: z
    .array(z.string().regex(rule, 'write hours as "Mon-Fri 08:00-18:00"'))
    .min(1)
    .max(20)
    .describe('Local hours, such as Mon-Fri 08:00-18:00; those that end at or before they begin end the day after'),
});
export type Hours = z.infer<typeof hours>;

export interface Shift {
  from: Date;
  to: Date;
}

const dayLong = 86_400_000;

/** Shifts that are not over at `from` and begin within so many days, earliest first. */
export function shiftsFrom({ timeZone, at }: Hours, from: Date, days: number): Shift[] {
  const today = wallClock(timeZone, from);
  today.setUTCHours(0, 0, 0, 0);
  return Array.from({ length: days + 3 }, (_, index) => new Date(today.getTime() + (index - 1) * dayLong))
    .flatMap(midnight => at.flatMap(text => shiftOn(midnight, text)))
    .map(local => ({ from: instantOf(timeZone, local.from), to: instantOf(timeZone, local.to) }))
    .filter(shift => shift.to > from && shift.from.getTime() < from.getTime() + days * dayLong)
    .sort((one, other) => one.from.getTime() - other.from.getTime());
}

export const isWithin = (hours: Hours, at: Date) => shiftsFrom(hours, at, 1).some(({ from }) => from <= at);

/** Of that day, by the wall clock. */
function shiftOn(midnight: Date, text: string): Shift[] {
  const [, first = '', last = first, begins = '', ends = ''] = rule.exec(text) ?? [];
  const [begin, end] = [numberOf(first), numberOf(last)];
  if ((midnight.getUTCDay() - begin + 7) % 7 > (end - begin + 7) % 7) return [];
  const from = new Date(midnight.getTime() + millisecondsOf(begins));
  const to = new Date(midnight.getTime() + millisecondsOf(ends));
  return [{ from, to: to > from ? to : new Date(to.getTime() + dayLong) }];
}

const numberOf = (name: string) => days.findIndex(day => day === name);

const millisecondsOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
};

/** Times that no shift covers between the two. */
export function gapsIn(shifts: Shift[], { from, to }: Shift): Shift[] {
  const gaps: Shift[] = [];
  let covered = from;
  for (const shift of shifts.toSorted((one, other) => one.from.getTime() - other.from.getTime())) {
    if (shift.from > covered) gaps.push({ from: covered, to: shift.from < to ? shift.from : to });
    if (shift.to > covered) covered = shift.to;
    if (covered >= to) return gaps;
  }
  return covered < to ? [...gaps, { from: covered, to }] : gaps;
}
