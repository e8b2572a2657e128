/** When it is night for those on call: what can wait then, waits until morning. */

import { instantOf, wallClock } from './time-zone.ts';

/** Local hours. */
const dusk = 22;
const dawn = 8;

/** RFC 3339. */
export interface Night {
  from: string;
  to: string;
}

/** So many nights, 22:00 to 08:00 local; the first is the one in which `from` lies, or the next. */
export function nightsFrom(timeZone: string, from: Date, days: number): Night[] {
  const today = wallClock(timeZone, from);
  const first = today.getUTCHours() < dawn ? -1 : 0;
  const at = (day: number, hour: number) =>
    instantOf(timeZone, new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + day, hour)));
  return Array.from({ length: days }, (_, index) => first + index).map(day => ({
    from: at(day, dusk).toISOString(),
    to: at(day + 1, dawn).toISOString(),
  }));
}
