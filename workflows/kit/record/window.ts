/** The maintenance window, Sundays 02:00 to 04:00 UTC unless it was moved, and the times that are counted from there: a runbook reads no clock. Pure. */

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

export interface Window {
  opens: Date;
  closes: Date;
  /** Quarter of an hour before it opens the checks begin, and people decide: that is never scaled. */
  checks: Date;
  /** Half an hour after it opens: the backup of the night, which begins then, is made. */
  backedUp: Date;
  /** An hour and a half after it opens: work that goes on is announced. */
  warns: Date;
  /** In words: `Sunday, 2026-11-29, 02:00 to 04:00 UTC`. */
  words: string;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const clock = (time: Date) => time.toISOString().slice(11, 16);

/** The next that opens after that time; one that was moved opens so many hours after it. @param pace of the platform: until it opens, and while it is open, the world is waited for */
export function windowAfter(time: Date, pace: number, hours?: number): Window {
  const paced = (from: Date, ms: number) => new Date(from.getTime() + ms * pace);
  const opens = paced(time, hours === undefined ? nextSunday(time).getTime() - time.getTime() : hours * hour);
  const closes = paced(opens, 2 * hour);
  const words = `${days[opens.getUTCDay()]}, ${opens.toISOString().slice(0, 10)}, ${clock(opens)} to ${clock(closes)} UTC`;
  const checks = minutesAfter(opens, -15);
  return { opens, closes, checks, backedUp: paced(opens, 30 * minute), warns: paced(opens, 90 * minute), words };
}

function nextSunday(time: Date): Date {
  const twoThatDay = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate(), 2);
  const opensOn = twoThatDay + ((7 - time.getUTCDay()) % 7) * day;
  return new Date(opensOn > time.getTime() ? opensOn : opensOn + 7 * day);
}

/** `2026-11-29T02:00:00Z` */
export const inSeconds = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

export const minutesAfter = (time: Date, minutes: number) => new Date(time.getTime() + minutes * minute);

/**
 * When people must have answered: so many hours before, and where that is near or over an hour from `from`, so long as the checks begin
 * after it; where those begin at once, when it opens.
 */
export function deadline({ opens, checks }: Pick<Window, 'opens' | 'checks'>, hours: number, from: Date): Date {
  if (checks.getTime() <= from.getTime()) return opens;
  return new Date(Math.min(Math.max(opens.getTime() - hours * hour, from.getTime() + hour), checks.getTime()));
}

/** `24 hours before`, `45 minutes before` or `before it opens`. */
export function noticeOf(opens: Date, by: Date): string {
  const minutes = Math.floor((opens.getTime() - by.getTime()) / minute);
  if (minutes < 1) return 'before it opens';
  const hours = Math.floor(minutes / 6) / 10;
  return hours < 1 ? `${minutes} minutes before` : `${hours} ${hours === 1 ? 'hour' : 'hours'} before`;
}
