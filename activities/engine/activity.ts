/** An action as an activity: with the systems that are connected, in the name of the incident that calls it. */

import type { Call, Outcome } from '../../workflows/contract/action.ts';
import { alive } from '../alive.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { crossing, stopped } from '../failures.ts';
import { type Authority, incidentOf, slugOf } from '../guard.ts';
import { placing } from '../labelled-workloads.ts';
import { runningOf } from '../running.ts';
import type { Action, ActionContext } from './action.ts';
import { kubernetesTargets } from './kubernetes-targets.ts';

export const asActivity = <Input>(deps: Deps, action: Action<Input>) =>
  crossing(async (given: Input, call: Call): Promise<Outcome> => {
    refuseEnd(action, call);
    const byHand = action.byHand?.(given, deps);
    if (byHand) return byHand;
    const { deps: placed, input } = await placing(deps, given);
    const context = contextOf(placed, call);
    return alive(context.running, () => action.run(input, context));
  });

/** @throws `BadInput` for a call with an end, where the action has no way back or stays until people decide */
export function refuseEnd<Input>({ name, stays, undo }: Action<Input>, { until }: Call): void {
  if (until !== undefined && (stays === true || typeof undo === 'string'))
    throw stopped('BadInput', `${name} does not end by itself: write this step without \`until\`.`);
}

/** @throws SystemError when Kubernetes is not connected: the hold lies there */
export function contextOf(deps: Deps, call: Call, authority?: Authority): ActionContext {
  const { kubernetes, artifacts } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const running = runningOf(deps);
  return {
    deps,
    kubernetes,
    systems: { kubernetes: kubernetesTargets(kubernetes, artifacts) },
    running,
    call,
    authority: authority ?? { incidents: [incidentOf(call.key)], runbook: slugOf(running.workflowType) },
  };
}
