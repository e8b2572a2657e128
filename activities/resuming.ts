/** Checks that jobs succeed on a solver, by its jobs or by canaries. A mock is no success. */

import type { Finding } from '../workflows/contract/index.ts';
import { runCanary, verdictFor } from './canary.ts';
import { answered } from './checking.ts';
import type { NqbaApi } from './connectors/api.ts';
import type { Deps } from './deps.ts';
import type { JobsFacts, RecoveredFacts } from './facts.ts';
import { countJobs, judgeJobs, type Solver } from './jobs.ts';
import { limits } from './limits.ts';
import { checkDuration } from './quantum/duration-on-solver.ts';
import { checkShare } from './quantum/share-of-jobs.ts';
import { quietly, runningOf } from './running.ts';
import { evidenceOf, type Part, together } from './together.ts';
import { quantumOf } from './platform.ts';

export interface JobsAsked {
  solver: Solver;
  /** 0 to 1. */
  successRate?: number;
  /** Part of all finished jobs that must be of this solver, 0 to 1. */
  share?: number;
  /** Part of the jobs that each workload should start on this solver, 0 to 1; a little less is enough (`quantum.recovery.share`). */
  startedShare?: number;
  /** Seconds at the platform's pace, within which 19 of 20 jobs of this solver must have ended. */
  p95?: number;
  orCanaries?: boolean;
}

/** Where the started share must be known, too few jobs are unknown; with canaries they decide. @throws SystemError */
export async function checkJobs(deps: Deps, asked: JobsAsked): Promise<Finding<JobsFacts>> {
  const { solvers, minJobs, successRate: usual } = quantumOf(deps.platform);
  const { solver, successRate = usual, share, startedShare, p95, orCanaries } = asked;
  const rule = { solver: solvers[solver], atLeast: minJobs, successRate, share };
  const [jobs, started, duration] = await Promise.all([
    orCanaries
      ? jobsOrCanaries(deps, solver, { successRate })
      : countJobs(deps, solver).then(counted => judgeJobs(counted, rule)),
    startedShare === undefined ? undefined : answered(() => checkShare(deps, solver, startedShare)),
    p95 === undefined ? undefined : answered(() => checkDuration(deps, solver, p95)),
  ]);
  const more = [started, duration].filter(finding => finding !== undefined);
  if (more.length === 0) return jobs;
  const parts = [jobs, ...more.map(finding => (orCanaries ? unlessUnknown(finding) : finding))];
  return { ...jobs, verdict: together(parts), evidence: evidenceOf(parts) };
}

/** A finding that is not known yet is named, and does not count. */
export const unlessUnknown = (finding: Finding): Part =>
  finding.verdict === 'unknown' ? { leftOut: finding.evidence } : finding;

/** As many jobs as recovery takes; where there are fewer, canaries. */
export async function jobsOrCanaries(
  deps: Deps,
  solver: Solver,
  { successRate, share }: { successRate: number; share?: number | undefined },
): Promise<Finding<RecoveredFacts>> {
  const { solvers, recovery } = quantumOf(deps.platform);
  const { api } = deps.systems;
  const rule = { solver: solvers[solver], atLeast: recovery.jobs, successRate, share };
  const jobs = await answered(async () => judgeJobs(await countJobs(deps, solver), rule));
  if (jobs.verdict !== 'unknown') return jobs;
  if (api) return canariesSucceed(api, deps, solvers[solver], jobs.evidence);
  return { ...jobs, evidence: `${jobs.evidence} No canary: the NQBA API is not connected, set NQBA_API_URL.` };
}

/** Side by side: a check has half a minute. */
async function canariesSucceed(api: NqbaApi, deps: Deps, solver: string, why: string): Promise<Finding<RecoveredFacts>> {
  const asked = Array.from({ length: quantumOf(deps.platform).recovery.canaries }, () =>
    runCanary(api, { solver }, deps, quietly(runningOf(deps)), limits.checkedCanary),
  );
  const canaries = await Promise.all(asked);
  const facts = { canaries: canaries.length };
  const other = canaries.find(canary => verdictFor(solver, canary) !== 'healthy');
  if (other) return { verdict: verdictFor(solver, other), evidence: `${other.text} ${why}`, facts };
  const evidence = `${canaries.length} of ${canaries.length} canaries succeeded on ${solver}. ${why}`;
  return { verdict: 'healthy', evidence, facts };
}
