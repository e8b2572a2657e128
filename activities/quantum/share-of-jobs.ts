/** The direction of each workload's jobs: the jobs that its pods have started since the setting was written. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { jobsWindow, type Solver } from '../jobs.ts';
import { type Platform, quantumOf } from '../platform.ts';
import { promql } from '../queries.ts';
import { intervalOfJobs, windowOver } from '../scraping.ts';
import { awayFromDynex } from './breaker/direction.ts';
import { lastChange, look, type SeenWorkload, startsAgain, type View } from './breaker/view.ts';

/** Jobs that a workload has started: on the solver asked for, and on any. */
export interface Started {
  name: string;
  wanted: number;
  all: number;
}

interface Rule {
  solver: string;
  /** Part of the jobs that should be of the solver, 0 to 1. */
  share: number;
  /** So much less is enough. */
  within: number;
  /** Fewest jobs of a workload that count. */
  atLeast: number;
}

/** @param share part of the jobs that should be of the solver, 0 to 1. @throws SystemError */
export async function checkShare(deps: Deps, solver: Solver, share: number): Promise<Finding> {
  const { kubernetes, prometheus } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const { solvers, minJobs, recovery } = quantumOf(deps.platform);
  const [view, interval] = await Promise.all([look(kubernetes, deps.platform), intervalOfJobs(deps)]);
  const window = windowSince(view, interval, deps);
  const samples = await prometheus.query(promql(deps.platform.queries, 'jobs started', { window }));
  const label = solvers[solver];
  const started = moving(view, deps.platform).map(({ workload: { name }, pods }): Started => {
    const names = new Set(pods.map(({ metadata }) => metadata.name));
    const own = samples.filter(({ labels }) => names.has(labels.pod ?? ''));
    const sum = (counted: typeof own) => Math.round(counted.reduce((jobs, { value }) => jobs + value, 0));
    return { name, wanted: sum(own.filter(({ labels }) => labels.solver === label)), all: sum(own) };
  });
  return judgeStarted(started, { solver: label, share, within: 1 - recovery.share, atLeast: minJobs });
}

/** While jobs return in stages, a workload that takes the setting with a restart waits for the last of them. */
function moving(view: View, platform: Platform): SeenWorkload[] {
  const isStaged = view.share !== undefined && awayFromDynex(view.configMap, platform).length > 0;
  return isStaged ? view.workloads.filter(seen => !startsAgain(seen)) : view.workloads;
}

/** Pods that restart are new; of those that follow the setting while they run, the last third of the time since shows where they go. */
function windowSince(view: View, interval: number, { now, platform }: Deps): number {
  const age = Math.max(0, now() - lastChange(view));
  const longest = jobsWindow(platform);
  const isFollowed = view.workloads.some(({ follows }) => follows);
  return isFollowed
    ? Math.min(age, windowOver(Math.min(longest, age / 3), interval))
    : windowOver(Math.min(longest, age), interval);
}

/** Faulty where any workload sends too few there. Jobs come by chance: twice their spread is no fault. */
export function judgeStarted(started: Started[], { solver, share, within, atLeast }: Rule): Finding {
  const judged = started.filter(({ all }) => all >= atLeast);
  const least = (all: number) => share - Math.max(within, 2 * Math.sqrt((share * (1 - share)) / all));
  const low = judged.filter(({ wanted, all }) => wanted / all < least(all) - rounding);
  const of = (some: Started[]) => some.map(({ name, wanted, all }) => `${wanted} of ${all} of ${name}`).join(', ');
  if (low.length > 0)
    return { verdict: 'faulty', evidence: `Of the jobs started, too few go to ${solver}: ${of(low)}; ${percent(share)} wanted.` };
  if (judged.length === 0)
    return { verdict: 'unknown', evidence: `No workload has started ${atLeast} jobs since the setting was written.` };
  return { verdict: 'healthy', evidence: `Jobs started on ${solver}: ${of(judged)}.` };
}

const rounding = 1e-9;
const percent = (share: number) => `${Math.round(100 * share)}%`;
