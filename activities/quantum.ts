/** Quantum jobs, Dynex, and the circuit breaker between them. */

import type { Call, Finding, Outcome } from '../workflows/contract/index.ts';
import { runCanary, verdictFor } from './canary.ts';
import { checking } from './checking.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { checkKey } from './dynex-key.ts';
import { checkStatus } from './dynex-status.ts';
import type { CanaryFacts, JobsFacts } from './facts.ts';
import { crossing } from './failures.ts';
import { incidentOf, slugOf } from './guard.ts';
import { countJobs, judgeJobs, type Solver } from './jobs.ts';
import { checkVersions } from './key/versions.ts';
import { limits } from './limits.ts';
import { quietly, runningOf } from './running.ts';
import { change } from './setting/change.ts';
import { closing, opening } from './setting/fallback.ts';
import { fromBothSides } from './viewpoints.ts';

export type { Solver } from './jobs.ts';

export const quantumActivities = (deps: Deps) => ({
  /**
   * The circuit breaker: `kubectl patch configmap` and `kubectl rollout restart` of the written runbook, measured.
   * Twice equals once: values are stated whole, and the restart stamp is the key.
   */
  setFallback: crossing(async (input: { enabled: boolean }, call: Call): Promise<Outcome> => {
    const { kubernetes } = deps.systems;
    if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
    const running = runningOf(deps);
    const errand = { incidents: [incidentOf(call.key)], runbook: slugOf(running.workflowType) };
    const probe = () => fromBothSides(deps, 'dynex');
    const setting = input.enabled
      ? opening(deps.platform, { key: call.key, until: call.until, errand, probe })
      : closing(deps.platform, { key: call.key, errand });
    return change(setting, { kubernetes, deps, running, call });
  }),

  /** What the provider says, and whether it is reached at all. Reads only. */
  dynexStatus: checking((_: object) => checkStatus(deps)),

  /** DNS, TCP, TLS and HTTP without a key, from two viewpoints. Reads only. */
  probeDynex: checking((_: object) => fromBothSides(deps, 'dynex')),

  /** An authenticated call that costs nothing, with the key in use, or with the one in a Secret that is not yet. Reads only. */
  dynexKey: checking((input: { secret?: string }) => checkKey(deps, input)),

  /** Whether a rotation left pods with a former key, workloads with different ones, or a key that is refused. Reads only. */
  keyVersions: checking((_: object) => checkVersions(deps)),

  /** How jobs went that a solver finished. Reads only. */
  jobs: checking(async ({ solver, successRate }: { solver: Solver; successRate?: number }): Promise<Finding<JobsFacts>> => {
    const { solvers, minJobs, successRate: usual } = deps.platform.quantum;
    const rule = { solver: solvers[solver], atLeast: minJobs, successRate: successRate ?? usual };
    return judgeJobs(await countJobs(deps, solver), rule);
  }),

  /** One small job with a known optimum on that solver. It costs what a small job costs, and changes nothing. */
  canary: checking(async ({ solver }: { solver: Solver }): Promise<Finding<CanaryFacts>> => {
    const { api } = deps.systems;
    const label = deps.platform.quantum.solvers[solver];
    if (!api) return { verdict: 'unknown', evidence: withoutCanary(label) };
    const result = await runCanary(api, { solver: label }, deps, quietly(runningOf(deps)), limits.checkedCanary);
    const { solver: ran, text } = result;
    return { verdict: verdictFor(label, result), evidence: text, ...(ran !== undefined && { facts: { solver: ran } }) };
  }),
});

const withoutCanary = (label: string) =>
  `The NQBA API is not connected, so no canary ran: set NQBA_API_URL. Without it look at the first jobs on ${label} after the plan is approved: they are counted and shown.`;
