/** Where each workload sends its jobs, asked of its pods: one canary that names no solver, where too few jobs have started to tell. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { runCanary, verdictFor } from '../canary.ts';
import { answered } from '../checking.ts';
import type { NqbaApi } from '../connectors/api.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { livePods } from '../engine/templates.ts';
import type { Solver } from '../jobs.ts';
import { limits } from '../limits.ts';
import { type PlacedWorkload, quantumOf, quantumWorkloads } from '../platform.ts';
import { quietly, runningOf } from '../running.ts';
import { evidenceOf, type Part, together } from '../together.ts';

/** A workload without pods is left out: its pods take the setting when they start. */
export async function checkByCanaries(deps: Deps, solver: Solver): Promise<Part> {
  const { api } = deps.systems;
  if (!api) return { verdict: 'unknown', evidence: 'No canary: the NQBA API is not connected, set NQBA_API_URL.' };
  const parts = await Promise.all(quantumWorkloads(deps.platform).map(workload => canaryOf(workload, api, { deps, solver })));
  const evidence = evidenceOf(parts);
  return parts.every(part => 'leftOut' in part) ? { leftOut: evidence } : { verdict: together(parts), evidence };
}

async function canaryOf(workload: PlacedWorkload, api: NqbaApi, { deps, solver }: { deps: Deps; solver: Solver }): Promise<Part> {
  const { name, role } = workload;
  if (!(await hasPods(workload, deps))) return { leftOut: `${name} has no pod that a canary could ask.` };
  return answered(async (): Promise<Finding> => {
    const label = quantumOf(deps.platform).solvers[solver];
    const canary = await runCanary(api, { workload: role }, deps, quietly(runningOf(deps)), limits.checkedCanary);
    const verdict = verdictFor(label, canary);
    return { verdict, evidence: `${name}, asked by a canary for its own solver: ${canary.text}` };
  });
}

/** Where the pods cannot be read the canary decides. */
async function hasPods({ namespace, selector }: PlacedWorkload, { systems: { kubernetes } }: Deps): Promise<boolean> {
  try {
    return !kubernetes || (await livePods(kubernetes, namespace, selector)).length > 0;
  } catch (error) {
    if (error instanceof SystemError) return true;
    throw error;
  }
}
