/** States of a workload in which a change would start no pod: it is paused, or scaled to zero. Refused before any write. */

import { type Target, targetName } from '../../workflows/contract/action.ts';
import { autoscalers } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { stopped } from '../failures.ts';
import { readWorkload } from './rollout.ts';
import { startsPods } from './rolling.ts';
import type { Write } from './write.ts';

/** Since when a Deployment is paused, and by who; nothing where it is not. */
export function pausedSince(object: KubeObject): string | undefined {
  const { spec, metadata } = object;
  if (!(typeof spec === 'object' && spec !== null && 'paused' in spec && spec.paused === true)) return undefined;
  const since = metadata.managedFields.findLast(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('"f:paused"'));
  return `${since?.time ?? 'an unknown time'} (${since?.manager ?? 'somebody'})`;
}

export const resumption = ({ metadata: { namespace, name } }: KubeObject) =>
  `kubectl -n ${namespace} rollout resume deployment/${name}`;

/** @throws `Refused` at once: a paused Deployment takes a new template and rolls nothing out. */
export function refusePaused(write: Write, object: KubeObject): void {
  const since = startsPods(write) ? pausedSince(object) : undefined;
  if (since === undefined) return;
  throw stopped(
    'Refused',
    `${targetName(write.target)} is paused since ${since}, so no new pod would start. Nothing was changed: ${resumption(object)}, then retry.`,
  );
}

/** @throws `Refused` where every workload that would start again has no replica; a way back is never refused so. */
export async function refuseAtZero(writes: Write[], kubernetes: Kubernetes): Promise<void> {
  const starting = writes.filter(startsPods);
  if (starting.length === 0 || starting.some(isWayBack)) return;
  const seen = await Promise.all(
    starting.map(async ({ target }) => ({ target, workload: await readWorkload(kubernetes, target) })),
  );
  if (seen.some(({ workload }) => workload.spec.replicas > 0)) return;
  const told = await Promise.all(seen.map(({ target }) => atZero(kubernetes, target)));
  throw stopped('Refused', `${told.join(' ')} No pod would start. Nothing was changed: scale it to one or more, then retry.`);
}

const isWayBack = ({ records }: Write) => Object.values(records).includes(null);

/** That a workload has no replica, and who has scaled it so. @throws SystemError */
export async function atZero(kubernetes: Kubernetes, target: Target): Promise<string> {
  const all = await kubernetes.list(autoscalers, target.namespace ?? '');
  const own = all.find(({ spec: { scaleTargetRef: to } }) => to.kind === target.kind && to.name === target.name);
  const scaled = own?.metadata.labels['scaledobject.keda.sh/name'];
  const by = scaled === undefined ? '' : ` by KEDA (ScaledObject ${scaled}), which sees nothing for it to do`;
  return `${targetName(target)} is scaled to zero${by}.`;
}
