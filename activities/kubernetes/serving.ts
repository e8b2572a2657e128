/** Measures that a workload serves after its rollout: all its pods are new and ready, and the API says itself that it is well. */

import type { Effect } from '../../workflows/contract/action.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { ActionContext } from '../engine/action.ts';
import { complete, readWorkload } from '../engine/rollout.ts';
import { limits } from '../limits.ts';
import type { PlacedWorkload } from '../platform.ts';

/** @throws SystemError when Kubernetes does not answer */
export async function serving(workload: PlacedWorkload, context: ActionContext, remarks: string[]): Promise<Effect> {
  const deployment = await readWorkload(context.kubernetes, workload);
  const { replicas, template } = deployment.spec;
  const { updatedReplicas, availableReplicas } = deployment.status;
  const ready = Math.min(updatedReplicas, availableReplicas);
  const fault = workload.role === 'api' && ready > 0 ? await faultOfTheApi(context) : undefined;
  const images = template.spec.containers.map(({ image = 'no image' }) => image).join(', ');
  const isWhole = complete(deployment) && fault === undefined;
  const text = [
    `${ready} of ${replicas} pods of ${workload.name} are ready with ${images}.`,
    ...(workload.role === 'api' && ready > 0 && context.deps.systems.api ? [fault ?? 'Its health answers 200 from inside.'] : []),
    ...remarks,
  ];
  return { measured: isWhole ? 'whole' : ready > 0 ? 'part' : 'none', text: text.join(' ') };
}

/** Nothing once it answers, or where it is not connected: new pods are behind the Service a moment later. */
async function faultOfTheApi({ deps: { systems, now, sleep }, running }: ActionContext): Promise<string | undefined> {
  const until = now() + limits.newest;
  for (;;) {
    running.heartbeat();
    try {
      await systems.api?.health();
      return undefined;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (now() >= until) return `Its health check fails: ${error.message}.`;
    }
    await sleep(limits.look, running.signal);
  }
}
