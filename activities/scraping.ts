/** How often Prometheus scrapes, counted in its samples: nothing is seen sooner, and an increase needs two samples. */

import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { mostScrapes } from './queries.ts';

/** Counters by which the interval of what they count is known; the API's Prometheus job has the name of its workload. */
export const counters = {
  jobs: 'nqba_quantum_jobs_started_total',
  calls: (job: string) => `http_requests_total{job="${job}"}`,
};

const lookBack = 300_000;

/** Milliseconds, about; zero where fewer than two samples tell. Who gets no answer asks nothing more. @throws SystemError */
export async function scrapeInterval({ systems: { prometheus } }: Pick<Deps, 'systems'>, counter: string): Promise<number> {
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const count = (await prometheus.query(mostScrapes(counter, lookBack)))[0]?.value ?? 0;
  return count < 2 ? 0 : lookBack / count;
}

/** A window that holds at least two samples, whenever it begins. */
export const windowOver = (wanted: number, interval: number): number => Math.max(wanted, 2.5 * interval);
