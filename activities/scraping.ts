/** How often Prometheus scrapes, by its samples: nothing is seen sooner, and an increase needs two samples. */

import type { Prometheus } from './connectors/prometheus.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Platform } from './platform.ts';
import { promql } from './queries.ts';

interface Measured {
  systems: { prometheus?: Prometheus | undefined };
  platform: Pick<Platform, 'queries'>;
}

/** Milliseconds in which samples are compared. */
export const sampled = 300_000;

/**
 * Milliseconds, about; zero where fewer than two samples tell. Who gets no answer asks nothing more.
 * @param query the seconds between two samples
 * @throws SystemError
 */
export async function scrapeInterval({ systems: { prometheus } }: Pick<Measured, 'systems'>, query: string): Promise<number> {
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  return ((await prometheus.query(query))[0]?.value ?? 0) * 1000;
}

/** How often the workers are scraped. @throws SystemError */
export const intervalOfJobs = (deps: Measured): Promise<number> =>
  scrapeInterval(deps, promql(deps.platform.queries, 'interval of jobs', { window: sampled }));

/** Milliseconds. Scraped more seldom, the effect of a change cannot be seen within the time that its measurement has. */
export const longestInterval = 60_000;

/** @param whose series that are scraped too seldom */
export const oftener = (whose: string) => `Set scrape_interval of ${whose} to 15 s, at most ${longestInterval / 1_000} s.`;

/** A window that holds at least two samples, whenever it begins. */
export const windowOver = (wanted: number, interval: number): number => Math.max(wanted, 2.5 * interval);
