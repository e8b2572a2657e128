/** Do jobs take as long as they should, on average and at worst, over a quarter of an hour? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { DurationsFacts } from './queue-facts.ts';
import { valueOf } from '../observe/metric.ts';
import { promql } from '../queries.ts';
import { intervalOfJobs, windowOver } from '../scraping.ts';
import { aWeek } from './throughput.ts';

export interface DurationsInput {
  /** Seconds, at the platform's pace. */
  mean: number;
  /** Times the p95 of a week. */
  p95: number;
}

const aQuarter = 900_000;
/** Fewest jobs in the window. */
const fewest = 20;

/** @throws SystemError */
export async function checkDurations(deps: Deps, bounds: DurationsInput): Promise<Finding<DurationsFacts>> {
  const { prometheus } = deps.systems;
  const { queries, times } = deps.platform;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const window = windowOver(aQuarter * times.pace, await intervalOfJobs(deps));
  const ask = (name: 'jobs timed' | 'job duration mean' | 'job duration p95', over: number) =>
    valueOf(prometheus, promql(queries, name, { window: over }));
  const [jobs = 0, mean, p95, usual] = await Promise.all([
    ask('jobs timed', window),
    ask('job duration mean', window),
    ask('job duration p95', window),
    ask('job duration p95', aWeek * times.pace),
  ]);
  const facts: Partial<DurationsFacts> = { jobs: Math.round(jobs), mean, p95, usualP95: usual };
  if (mean === undefined || p95 === undefined || usual === undefined)
    return { verdict: 'unknown', evidence: 'Prometheus has no durations of jobs.', facts };
  const [longest, worst] = [bounds.mean * times.pace, bounds.p95 * usual];
  const told = `${Math.round(jobs)} jobs took ${seconds(mean)} on average, p95 ${seconds(p95)}`;
  const against = `${seconds(longest)} and ${seconds(worst)} (${bounds.p95} times that of a week)`;
  if (jobs < fewest) return { verdict: 'unknown', evidence: `${told}: fewer than ${fewest} are too few to judge by.`, facts };
  if (mean >= longest || p95 >= worst) return { verdict: 'faulty', evidence: `${told}: not below ${against}.`, facts };
  return { verdict: 'healthy', evidence: `${told}, below ${against}.`, facts };
}

const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;
