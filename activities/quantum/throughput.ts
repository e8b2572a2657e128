/** How many jobs come and go. Jobs that came are those that finished, and those that wait now and did not before. */

import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { onAverage, promql } from '../queries.ts';
import { intervalOfJobs, windowOver } from '../scraping.ts';
import { valueOf } from '../observe/metric.ts';

/** Jobs a minute; absent where there are no samples. */
export interface Throughput {
  arrivals: number | undefined;
  completions: number | undefined;
}

const tenMinutes = 600_000;
export const aWeek = 604_800_000;

/** Over ten minutes at the platform's pace, and at least two scrapes. @throws SystemError */
export const flowWindow = async (deps: Deps): Promise<number> =>
  windowOver(tenMinutes * deps.platform.times.pace, await intervalOfJobs(deps));

/** @throws SystemError */
export async function throughput(deps: Deps): Promise<Throughput> {
  const { prometheus } = deps.systems;
  const { queries } = deps.platform;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const window = await flowWindow(deps);
  const [finished, growth] = await Promise.all([
    valueOf(prometheus, promql(queries, 'jobs finished', { window })),
    valueOf(prometheus, promql(queries, 'queue growth', { window })),
  ]);
  const perMinute = (jobs: number) => Math.max(0, jobs) / (window / 60_000);
  return {
    arrivals: finished === undefined || growth === undefined ? undefined : perMinute(finished + growth),
    completions: finished === undefined ? undefined : perMinute(finished),
  };
}

/** Jobs a minute that finish on average of a week: about as many as usually come. @throws SystemError */
export async function usualThroughput(deps: Deps): Promise<number | undefined> {
  const { prometheus } = deps.systems;
  const { queries, times } = deps.platform;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const window = await flowWindow(deps);
  const query = onAverage(promql(queries, 'jobs finished', { window }), { span: aWeek * times.pace, step: window });
  const usual = await valueOf(prometheus, query);
  return usual === undefined ? undefined : usual / (window / 60_000);
}
