/** Checks that jobs succeed on a solver, by its jobs or by canaries. A mock is no success. */

import type { Finding } from '../workflows/contract/index.ts';
import { runCanary, verdictFor } from './canary.ts';
import { answered } from './checking.ts';
import type { NqbaApi } from './connectors/api.ts';
import type { Deps } from './deps.ts';
import type { JobsFacts, RecoveredFacts } from './facts.ts';
import { countJobs, judgeJobs, type Solver } from './jobs.ts';
import { limits } from './limits.ts';
import { quietly, runningOf } from './running.ts';

export interface JobsAsked {
  solver: Solver;
  /** 0 to 1. */
  successRate?: number;
  /** Part of all finished jobs that must be of this solver, 0 to 1. */
  share?: number;
  orCanaries?: boolean;
}

/** @throws SystemError */
export async function checkJobs(deps: Deps, { solver, successRate, share, orCanaries }: JobsAsked): Promise<Finding<JobsFacts>> {
  const { solvers, minJobs, successRate: usual } = deps.platform.quantum;
  if (orCanaries) return jobsOrCanaries(deps, solver, successRate ?? usual);
  const rule = { solver: solvers[solver], atLeast: minJobs, successRate: successRate ?? usual, ...(share && { share }) };
  return judgeJobs(await countJobs(deps, solver), rule);
}

/** As many jobs as recovery takes; where there are fewer, canaries. @param successRate 0 to 1 */
export async function jobsOrCanaries(deps: Deps, solver: Solver, successRate: number): Promise<Finding<RecoveredFacts>> {
  const { solvers, recovery } = deps.platform.quantum;
  const { api } = deps.systems;
  const rule = { solver: solvers[solver], atLeast: recovery.jobs, successRate };
  const jobs = await answered(async () => judgeJobs(await countJobs(deps, solver), rule));
  if (jobs.verdict !== 'unknown') return jobs;
  if (api) return canariesSucceed(api, deps, solvers[solver], jobs.evidence);
  return { ...jobs, evidence: `${jobs.evidence} No canary: the NQBA API is not connected, set NQBA_API_URL.` };
}

/** Side by side: a check has half a minute. */
async function canariesSucceed(api: NqbaApi, deps: Deps, solver: string, why: string): Promise<Finding<RecoveredFacts>> {
  const asked = Array.from({ length: deps.platform.quantum.recovery.canaries }, () =>
    runCanary(api, { solver }, deps, quietly(runningOf(deps)), limits.checkedCanary),
  );
  const canaries = await Promise.all(asked);
  const facts = { canaries: canaries.length };
  const other = canaries.find(canary => verdictFor(solver, canary) !== 'healthy');
  if (other) return { verdict: verdictFor(solver, other), evidence: `${other.text} ${why}`, facts };
  const evidence = `${canaries.length} of ${canaries.length} canaries succeeded on ${solver}. ${why}`;
  return { verdict: 'healthy', evidence, facts };
}
