/** When a scenario begins: RFC 3339, or what a calendar and a clock on the wall say somewhere. */

import { wallClock } from '../../activities/time-zone.ts';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const zoned = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) ([A-Za-z][\w+/-]*)$/;

/** Both forms, for the published schema. */
export const momentPattern = new RegExp(`${rfc3339.source}|${zoned.source.replaceAll('(?:', '(')}`);

export type Moment = { at: number } | { wrong: string };

/** Milliseconds since 1970, the same on every machine; or what is wrong, and what to write instead. */
export function momentOf(text: string): Moment {
  if (rfc3339.test(text)) return isDate(text.slice(0, 10)) ? within(Date.parse(text), text) : { wrong: noDate(text) };
  const [, day = '', time = '', timeZone = ''] = zoned.exec(text) ?? [];
  if (day === '') return { wrong: 'write 2026-11-24T03:00:00+01:00, or 2026-11-24 03:00 Europe/Berlin' };
  const wall = Date.parse(`${day}T${time}Z`);
  if (!isDate(day) || Number.isNaN(wall)) return { wrong: noDate(text) };
  return onTheWall(wall, timeZone, `${day} ${time}`);
}

const within = (at: number, text: string): Moment => (Number.isNaN(at) ? { wrong: noDate(text) } : { at });
const noDate = (text: string) => `${text} is no date and time of the calendar`;
const isDate = (day: string) => new Date(Date.parse(`${day}T00:00Z`) || 0).toISOString().startsWith(day);

/** Milliseconds. A clock is changed by less than a day, and not twice within two. */
const aDay = 86_400_000;

function onTheWall(wall: number, timeZone: string, text: string): Moment {
  const found = instants(wall, timeZone);
  if (!found) return { wrong: `there is no time zone ${timeZone}: name it as IANA does, such as Europe/Berlin or UTC` };
  const [at, again] = found;
  if (at === undefined) return { wrong: `${text} does not exist in ${timeZone}: the clocks are put forward over it` };
  if (again === undefined) return { at };
  const both = found.map(one => new Date(one).toISOString()).join(' or ');
  return { wrong: `${text} comes twice in ${timeZone}, as the clocks are put back: write ${both}` };
}

/** When the clock on the wall shows this: never, once, or twice; nothing where there is no such zone. */
function instants(wall: number, timeZone: string): number[] | undefined {
  const shown = (at: number) => wallClock(timeZone, new Date(at)).getTime();
  try {
    const candidates = [wall - aDay, wall + aDay].map(near => wall - (shown(near) - near));
    return [...new Set(candidates)].filter(at => shown(at) === wall).toSorted((one, other) => one - other);
  } catch {
    return undefined;
  }
}
