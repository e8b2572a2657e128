type Unit = 'second' | 'minute' | 'hour' | 'day';

/** A time span as the written runbooks say it: `5 minutes`. */
export type Duration = `${number} ${Unit}` | `${number} ${Unit}s`;

const milliseconds: Record<Unit, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds. */
export function span(duration: Duration): number {
  const [count, unit = ''] = duration.split(' ');
  return Number(count) * milliseconds[unit.replace(/s$/, '') as Unit];
}

/** RFC 3339, so many milliseconds after a time. */
export const after = (time: string | number, ms: number) =>
  new Date((typeof time === 'string' ? Date.parse(time) : time) + ms).toISOString();
