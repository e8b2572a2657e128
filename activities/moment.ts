/** A time as steps write it: RFC 3339, or how long ago. */

const units: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds since 1970; nothing where it is no time. */
export function momentIn(since: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(since) ?? [];
  const at = count === undefined ? Date.parse(since) : now - Number(count) * (units[unit] ?? 0);
  return Number.isNaN(at) || at >= now ? undefined : at;
}
