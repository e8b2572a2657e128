/** Moments as a person reads them at night: the time of day, with the date where it was not today. In UTC. */

/** `02:11 UTC`, or `2026-11-24 02:11 UTC`. */
export function momentOf(at: string | number, now: number): string {
  const text = new Date(at).toISOString();
  const isToday = text.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  return `${isToday ? '' : `${text.slice(0, 10)} `}${text.slice(11, 16)} UTC`;
}

/** ` since 02:11 UTC`; nothing where no one has written it down. */
export const sinceOf = (at: string | null | undefined, now: number): string => (at ? ` since ${momentOf(at, now)}` : '');
