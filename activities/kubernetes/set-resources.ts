/**
 * Requests and limits of a container of a workload: `kubectl set resources`. Always asked, and refused where a
 * VerticalPodAutoscaler sets it. Twice equals once: amounts are stated whole, and equal ones roll nothing out.
 */

import { type Effect, targetName } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { type Quota, quotas } from '../connectors/resources.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import { shortage, surgeOf, withoutPod } from '../engine/surge.ts';
import type { Snapshot } from '../engine/target.ts';
import { toSet } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { allWorkloads, workloadOf } from '../platform.ts';
import { type Amounts, faultIn, has, sized, told, valuesOf } from './container-resources.ts';
import { effectOnPods, newPods } from './new-pods.ts';
import { lookAt, podOf, type Scaled } from './quota-room.ts';
import { lostWith } from './restart.ts';
import { verticallyScaled } from './vertical-autoscalers.ts';

interface Resources extends Amounts {
  workload: Workload;
  /** The one that does the work, unless told. */
  container?: string;
}

interface View {
  scaled: Scaled;
  now: Snapshot;
  container: string;
  quotas: Quota[];
  /** Other owners of them, a sentence each. */
  advised: string[];
}

export const setResources: Action<Resources> = {
  name: 'setResources',
  async run(input, context) {
    const fault = faultIn(input);
    if (fault !== undefined) throw stopped('BadInput', `${fault}: correct the step.`);
    return runSetting(sizing, input, context);
  },
  undo: restoring({
    targets: platform => allWorkloads(platform).map(workloadTarget),
    summary: 'The workload has the resources that it had before.',
    done: 'The resources are what they were before.',
  }),
};

const sizing: Setting<Resources, View> = {
  name: 'setResources',
  records: (platform, { workload }) => [workloadTarget(workloadOf(platform, workload))],
  async look({ workload, container: named }, { kubernetes, deps }) {
    const place = workloadOf(deps.platform, workload);
    const container = named ?? place.container;
    const [scaled, inForce, advised] = await Promise.all([
      lookAt(kubernetes, place),
      kubernetes.list(quotas, place.namespace),
      verticallyScaled(kubernetes, place, container),
    ]);
    const now = snapshotOf(workloadTarget(place), scaled.deployment);
    return { scaled, now, container, quotas: inForce, advised };
  },
  draft(view, input, { call: { key, until } }) {
    const { scaled, now, container } = view;
    if (!scaled.deployment.spec.template.spec.containers.some(({ name }) => name === container))
      throw stopped('BadInput', `${targetName(now.target)} has no container ${container}: correct the step.`);
    const writes = toSet(now, valuesOf(input, container, now.value), { action: 'setResources', key, until });
    if (writes.some(({ edits }) => edits.length > 0)) refuseTooLarge(view, input);
    return writes;
  },
  words: ({ scaled: { workload }, container, advised }, input, { deps }) => ({
    summary: `Container ${container} of ${workload.name}: ${told(input)}.`,
    consequences: [...lostWith([workload], deps.platform), ...judgedByRequest(workload, input), ...advised],
    done: `Container ${container} of ${workload.name}: ${told(input)}.`,
    nothing: {
      note: `Container ${container} of ${workload.name} had ${told(input)} already: nothing was changed.`,
      measured: false,
    },
  }),
  asks: async () => 'People confirm the old and the new amounts.',
  measure: (view, input, context, { remarks }) => measured(view, input, context, remarks),
};

/** All its pods at their new size, and the surge of a rollout: admission sees one pod at a time. @throws `NotAdmitted` */
function refuseTooLarge({ scaled, container, quotas }: View, amounts: Amounts): void {
  const { deployment, pods, workload } = scaled;
  const { replicas } = deployment.spec;
  const without = quotas.map(quota => pods.reduce(withoutPod, quota));
  const pod = sized(podOf(scaled), container, amounts);
  const [short] = shortage(without, [{ deployment, pod, more: replicas + surgeOf(deployment) }]);
  if (short === undefined) return;
  throw stopped(
    'NotAdmitted',
    `The ${replicas} pods of ${workload.name} and the surge of a rollout would not fit at this size. Without its pods of today: ${short}. Nothing was changed: free capacity or ask for less, then retry.`,
  );
}

const judgedByRequest = ({ name, hpa }: Scaled['workload'], { requests = {} }: Amounts): string[] =>
  hpa !== undefined && Object.keys(requests).length > 0
    ? [`The autoscaler of ${name} judges use by the request: with another one it may want another number of pods.`]
    : [];

async function measured(
  { scaled, container }: View,
  amounts: Amounts,
  context: ActionContext,
  remarks: string[],
): Promise<Effect> {
  const seen = await newPods(context.kubernetes, scaled.workload, context.call.key);
  const fresh = seen.fresh.filter(pod => has(pod, container, amounts));
  const others = seen.fresh.length - fresh.length;
  const set = others > 0 ? [`${others} more have other amounts: something else sets them when pods start.`] : [];
  const { measured: word, text } = effectOnPods([{ ...seen, fresh }], [...set, ...remarks]);
  return { measured: word, text: `${told(amounts)}: ${text}` };
}
