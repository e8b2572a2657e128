/** How often Prometheus scrapes, read from its samples: nothing is seen sooner, and an increase needs two samples. */

import type { Prometheus } from './connectors/prometheus.ts';
import { SystemError } from './connectors/system-error.ts';

interface Measured {
  systems: { prometheus?: Prometheus | undefined };
}

/** Counters by which the interval of what they count is known. */
export const counters = { jobs: 'nqba_quantum_jobs_started_total', calls: 'http_requests_total' } as const;

/** Milliseconds between the last two samples of the series that has most of them; zero where nobody can say. */
export async function scrapeInterval({ systems: { prometheus } }: Measured, counter: string): Promise<number> {
  try {
    const series = (await prometheus?.scrapes(`${counter}[5m]`)) ?? [];
    const [last = 0, former = last] = (series.toSorted((a, b) => b.length - a.length)[0] ?? []).toReversed();
    return last - former;
  } catch (error) {
    if (error instanceof SystemError) return 0;
    throw error;
  }
}

/** A window that holds at least two samples, whenever it begins. */
export const windowOver = (wanted: number, interval: number): number => Math.max(wanted, 2.5 * interval);
