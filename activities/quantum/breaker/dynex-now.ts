/** The preconditions of a way back to Dynex: it answers, and it solves a job. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import { runCanary, verdictFor } from '../../canary.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { ActionContext } from '../../engine/action.ts';
import { limits } from '../../limits.ts';
import { fromBothSides } from '../../viewpoints.ts';
import { quantumOf } from '../../platform.ts';

export const dynexNow = async (context: ActionContext): Promise<Finding[]> => [
  await fromBothSides(context.deps, 'dynex'),
  await canaryOnDynex(context),
];

async function canaryOnDynex({ deps, running }: ActionContext): Promise<Finding> {
  const { api } = deps.systems;
  const { dynex } = quantumOf(deps.platform).solvers;
  if (!api) return { verdict: 'unknown', evidence: 'No canary ran: the NQBA API is not connected.' };
  try {
    const result = await runCanary(api, { solver: dynex }, deps, running, limits.checkedCanary);
    return { verdict: verdictFor(dynex, result), evidence: `Canary: ${result.text}` };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { verdict: 'unknown', evidence: `No canary ran: ${error.message}.` };
  }
}
