/** How often Prometheus scrapes, read from its samples: nothing is seen sooner, and an increase needs two samples. */

import type { Prometheus } from './connectors/prometheus.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Platform } from './platform.ts';
import { promql } from './queries.ts';

interface Measured {
  systems: { prometheus?: Prometheus | undefined };
  platform: Pick<Platform, 'queries'>;
}

/** Milliseconds between the last two samples of the series that has most of them; zero where nobody can say. */
export async function scrapeInterval(
  { systems: { prometheus }, platform: { queries } }: Measured,
  samples: 'samples of jobs' | 'samples of calls',
): Promise<number> {
  try {
    const series = (await prometheus?.scrapes(`${promql(queries, samples)}[5m]`)) ?? [];
    const [last = 0, former = last] = (series.toSorted((a, b) => b.length - a.length)[0] ?? []).toReversed();
    return last - former;
  } catch (error) {
    if (error instanceof SystemError) return 0;
    throw error;
  }
}

/** A window that holds at least two samples, whenever it begins. */
export const windowOver = (wanted: number, interval: number): number => Math.max(wanted, 2.5 * interval);
