/** A time as steps write it: RFC 3339, how long ago, or how long before a time. */

const units: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds since 1970; nothing where it is no time that has been. */
export function momentIn(since: string, now: number): number | undefined {
  const [, count, unit = '', before] = /^(\d+) (minute|hour|day)s?(?: before (\S+))?$/.exec(since) ?? [];
  const from = before === undefined ? now : Date.parse(before);
  const at = count === undefined ? Date.parse(since) : from - Number(count) * (units[unit] ?? 0);
  return Number.isNaN(at) || at >= now ? undefined : at;
}
