/** Do the jobs of one solver end in time? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { jobsWindow, type Solver } from '../jobs.ts';
import { quantumOf } from '../platform.ts';
import { promql } from '../queries.ts';
import { intervalOfJobs, windowOver } from '../scraping.ts';

/** `p95` in seconds at the platform's pace. @throws SystemError */
export async function checkDuration(deps: Deps, solver: Solver, p95: number): Promise<Finding> {
  const { platform, systems } = deps;
  if (!systems.prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const label = quantumOf(platform).solvers[solver];
  const window = windowOver(jobsWindow(platform), await intervalOfJobs(deps));
  const samples = await systems.prometheus.query(promql(platform.queries, 'job duration p95 by solver', { window }));
  const measured = samples.find(({ labels }) => labels.solver === label)?.value;
  if (measured === undefined) return { verdict: 'unknown', evidence: `Prometheus has no durations of jobs on ${label}.` };
  const longest = p95 * platform.times.pace;
  const isShort = measured < longest;
  const told = `19 of 20 took at most ${seconds(measured)}, ${isShort ? 'below' : 'not below'} ${seconds(longest)}.`;
  return { verdict: isShort ? 'healthy' : 'faulty', evidence: told };
}

const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;
