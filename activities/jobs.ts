/** How the quantum jobs of the last minutes went, by solver. */

import type { Finding } from '../workflows/contract/finding.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { JobsFacts } from './facts.ts';
import { type Platform, quantumOf } from './platform.ts';
import { promql } from './queries.ts';
import { intervalOfJobs, windowOver } from './scraping.ts';

export type Solver = 'dynex' | 'classical';

export interface JobCount {
  /** Finished jobs of all solvers. */
  all: number;
  /** Of the solver asked for. */
  jobs: number;
  succeeded: number;
}

/** How far the job metrics look back, milliseconds. */
export const jobsWindow = (platform: Platform) => quantumOf(platform).windowMinutes * 60_000 * platform.times.pace;

/** @throws SystemError */
export async function countJobs(deps: Deps, solver: Solver): Promise<JobCount> {
  const {
    platform,
    systems: { prometheus },
  } = deps;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const label = quantumOf(platform).solvers[solver];
  const window = windowOver(jobsWindow(platform), await intervalOfJobs(deps));
  const samples = await prometheus.query(promql(platform.queries, 'job results', { window }));
  const sum = (of: (labels: Record<string, string>) => boolean) =>
    Math.round(samples.reduce((total, { labels, value }) => (of(labels) ? total + value : total), 0));
  return {
    all: sum(() => true),
    jobs: sum(labels => labels.solver === label),
    succeeded: sum(labels => labels.solver === label && labels.result === 'succeeded'),
  };
}

interface JobsRule {
  solver: string;
  atLeast: number;
  /** 0 to 1. */
  successRate: number;
  /** Part of all finished jobs that must be of the solver, 0 to 1. */
  share?: number | undefined;
}

/** Fewer jobs than `atLeast` are too little to judge by. A mock answer is no success. */
export function judgeJobs(
  { all, jobs, succeeded }: JobCount,
  { solver, atLeast, successRate, share = 0 }: JobsRule,
): Finding<JobsFacts> {
  const facts: Partial<JobsFacts> = {
    jobs,
    ...(all > 0 && { share: jobs / all }),
    ...(jobs > 0 && { successRate: succeeded / jobs }),
  };
  const ran = `${jobs} of ${all} jobs ran on ${solver}, ${succeeded} succeeded`;
  if (all >= atLeast && jobs / all < share)
    return { verdict: 'faulty', evidence: `${ran}: less than ${percent(share)} of all.`, facts };
  if (jobs < atLeast) return { verdict: 'unknown', evidence: `${ran}: fewer than ${atLeast} are too few to judge by.`, facts };
  const good = succeeded / jobs >= successRate;
  const wanted = `${good ? 'at least' : 'less than'} ${percent(successRate)}`;
  return { verdict: good ? 'healthy' : 'faulty', evidence: `${ran} (${percent(succeeded / jobs)}, ${wanted}).`, facts };
}

const percent = (share: number) => `${Math.floor(share * 1000) / 10}%`;
