/** When it is night for those on call: what can wait then, waits until morning. */

import { shiftsFrom } from './hours.ts';

/** RFC 3339. */
export interface Night {
  from: string;
  to: string;
}

/** So many nights, 20:00 to 08:00 local (seed incident-severity-levels/3); the first is the one in which `from` lies, or the next. */
export const nightsFrom = (timeZone: string, from: Date, days: number): Night[] =>
  shiftsFrom({ timeZone, at: ['Mon-Sun 20:00-08:00'] }, from, days + 1)
    .slice(0, days)
    .map(night => ({ from: night.from.toISOString(), to: night.to.toISOString() }));
