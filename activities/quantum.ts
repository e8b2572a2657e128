/** Quantum jobs, Dynex, and the circuit breaker between them. */

import type { Finding } from '../workflows/contract/index.ts';
import { runCanary, verdictFor } from './canary.ts';
import { checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { checkKey, type KeyAsked } from './dynex-key.ts';
import { checkStatus } from './dynex-status.ts';
import type { CanaryFacts } from './facts.ts';
import { asActivity } from './engine/activity.ts';
import type { Solver } from './jobs.ts';
import { limits } from './limits.ts';
import { checkFailures, type FailuresAsked } from './quantum/failures.ts';
import { checkJobOwners, type JobOwnersInput } from './quantum/job-owners.ts';
import { setIntake } from './quantum/intake/set-intake.ts';
import { setFallback } from './quantum/breaker/fallback.ts';
import { setShare } from './quantum/breaker/share.ts';
import { checkDurations, type DurationsInput } from './quantum/durations.ts';
import { checkFlow, type FlowInput } from './quantum/flow.ts';
import { checkAge } from './quantum/key/age.ts';
import { checkVersions } from './quantum/key/versions.ts';
import { prioritizeJobs } from './quantum/prioritize-jobs.ts';
import { checkQueue, type QueueInput } from './quantum/queue.ts';
import { checkStuckJobs, type StuckJobsInput } from './quantum/stuck-jobs.ts';
import { checkSolvers } from './quantum/solvers.ts';
import { checkJobs, type JobsAsked } from './resuming.ts';
import { quietly, runningOf } from './running.ts';
import { fromBothSides } from './viewpoints.ts';
import { quantumOf } from './platform.ts';

export type { Solver } from './jobs.ts';

/** By their names, so that undo finds them. */
export const quantumActions = { setFallback, setShare, setIntake, prioritizeJobs };

export const quantumActivities = (deps: Deps) => ({
  setFallback: asActivity(deps, setFallback),
  setShare: asActivity(deps, setShare),
  prioritizeJobs: asActivity(deps, prioritizeJobs),
  setIntake: asActivity(deps, setIntake),

  /** Checks the provider's status page, and that the provider is reached at all. Reads only. */
  dynexStatus: checking((_: object) => checkStatus(deps)),

  /** DNS, TCP, TLS and HTTP without a key, from two viewpoints. Reads only. */
  probeDynex: checking((_: object) => fromBothSides(deps, 'dynex')),

  /** An authenticated call that costs nothing, with the key in use, or with the one in a Secret that is not yet. Reads only. */
  dynexKey: checking((input: KeyAsked) => checkKey(deps, input)),

  /** Checks that a rotation left no pods with a former key, workloads with different ones, or a key that is refused; and that it is that of a Secret. Reads only. */
  keyVersions: checking((input: { secret?: string }) => checkVersions(deps, input)),

  /** How old the key in use is, by when its Secret was last written, against `quantum.key.maxAgeDays`. Reads only. */
  keyAge: checking((_: object) => checkAge(deps)),

  /** The breaker and the solvers of every pod of the API, and one canary on each solver. Beside these it reads only. */
  solvers: checking((_: object) => checkSolvers(deps)),

  /** Failed jobs against all others, by the hub's records; or the waiting jobs that are like them. Reads only. */
  failures: checking((input: FailuresAsked) => checkFailures(deps, input)),

  /** Owners of jobs that waited long or failed, each with their own count. Reads only. */
  jobOwners: checking((input: JobOwnersInput) => checkJobOwners(deps, input)),

  /** How jobs went that a solver finished. With `orCanaries` as many as recovery takes, else canaries. Beside these it reads only. */
  jobs: checking((input: JobsAsked) => checkJobs(deps, input)),

  /** How many jobs wait, and for how long: Prometheus, the hub of each pod, and job records. Reads only. */
  queue: checking((input: QueueInput) => checkQueue(deps, input)),

  /** Arrivals and durations of jobs against a week. Reads only. */
  flow: checking((input: FlowInput) => checkFlow(deps, input)),

  /** Mean and p95 of the last quarter of an hour. Reads only. */
  durations: checking((input: DurationsInput) => checkDurations(deps, input)),

  /** Jobs that run too long, or wait while younger ones finish. Reads only. */
  stuckJobs: checking((input: StuckJobsInput) => checkStuckJobs(deps, input)),

  /** One small job with a known optimum on that solver. It costs what a small job costs, and changes nothing. */
  canary: checking(async ({ solver }: { solver: Solver }): Promise<Finding<CanaryFacts>> => {
    const { api } = deps.systems;
    const label = quantumOf(deps.platform).solvers[solver];
    if (!api) return { verdict: 'unknown', evidence: withoutCanary(label) };
    const result = await runCanary(api, { solver: label }, deps, quietly(runningOf(deps)), limits.checkedCanary);
    const { solver: ran, text } = result;
    return { verdict: verdictFor(label, result), evidence: text, ...(ran !== undefined && { facts: { solver: ran } }) };
  }),
});

const withoutCanary = (label: string) =>
  `The NQBA API is not connected, so no canary ran: set NQBA_API_URL. Without it look at the first jobs on ${label} after the plan is approved: they are counted and shown.`;
