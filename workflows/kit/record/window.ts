/** The maintenance window, Sundays 02:00 to 04:00 UTC, and the times that are counted from there: a runbook reads no clock. Pure. */

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

export interface Window {
  opens: Date;
  closes: Date;
  /** In words: `Sunday, 2026-11-29, 02:00 to 04:00 UTC`. */
  words: string;
}

/** The next that opens after that time. */
export function windowAfter(time: Date): Window {
  const twoThatDay = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate(), 2);
  const opensOn = twoThatDay + ((7 - time.getUTCDay()) % 7) * day;
  const opens = opensOn > time.getTime() ? opensOn : opensOn + 7 * day;
  const words = `Sunday, ${new Date(opens).toISOString().slice(0, 10)}, 02:00 to 04:00 UTC`;
  return { opens: new Date(opens), closes: new Date(opens + 2 * hour), words };
}

/** Negative minutes are before it. */
export const minutesAfter = (time: Date, minutes: number) => new Date(time.getTime() + minutes * minute);

/** When people must have answered: so many hours before, and where that is near or over an hour from `from`. */
export const deadline = (opens: Date, hours: number, from: Date): Date =>
  new Date(Math.max(opens.getTime() - hours * hour, from.getTime() + hour));
