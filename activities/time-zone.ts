/** Local times and their moments: shifts and nights are agreed in local time. */

import { z } from 'zod';

/** An IANA name such as `Europe/Berlin`. */
export const timeZone = z
  .string()
  .refine(isTimeZone, 'name a time zone as IANA does, such as Europe/Berlin or UTC')
  .describe('IANA name of a time zone, such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && !Number.isNaN(wallClock(name, new Date(0)).getTime());
  } catch {
    return false;
  }
}

/** The local date and time, read as if it were UTC: ask it for getUTCDay, getUTCHours. */
export function wallClock(timeZone: string, at: Date): Date {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return new Date(`${format.format(at).replace(' ', 'T')}Z`);
}

/** Made once: a hundred of them for the nights of one alert took longer than all else that the intake does for it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** When the wall clock shows this; of a time that is skipped or comes twice, one that is near. */
export function instantOf(timeZone: string, wall: Date): Date {
  const offsetAt = (at: Date) => wallClock(timeZone, at).getTime() - at.getTime();
  const near = new Date(wall.getTime() - offsetAt(wall));
  return new Date(wall.getTime() - offsetAt(near));
}

/** Short names of the days, as `getUTCDay` counts them. */
export const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** `Mon 08:00`. */
export function dayAndTime(timeZone: string, at: Date): string {
  const wall = wallClock(timeZone, at);
  return `${days[wall.getUTCDay()]} ${wall.toISOString().slice(11, 16)}`;
}
