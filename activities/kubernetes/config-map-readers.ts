/** Which workloads read which keys of a ConfigMap, at start or while they run: asked before it is changed and when it is put back. */

import { type Target, targetName } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deployment } from '../connectors/resources.ts';
import { workloadTarget } from '../engine/kubernetes-targets.ts';
import type { Write } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { allWorkloads, type PlacedWorkload, type Platform } from '../platform.ts';
import { consumed, isMounted } from './consumption.ts';
import { readWorkload } from '../engine/rollout.ts';

export interface Reader {
  place: PlacedWorkload;
  deployment: Deployment;
}

/** Whoever may read it: the workloads of its namespace. @throws SystemError */
export const readersOf = ({ namespace }: Target, kubernetes: Kubernetes, platform: Platform): Promise<Reader[]> =>
  Promise.all(
    allWorkloads(platform)
      .filter(place => place.namespace === namespace)
      .map(async place => ({ place, deployment: await readWorkload(kubernetes, place) })),
  );

export const takesAtStart = ({ deployment }: Reader, { name }: Target, keys: string[]): boolean =>
  consumed(deployment.spec.template, name, keys).length > 0;

export const follows = ({ deployment }: Reader, { name }: Target, keys: string[]): boolean =>
  keys.some(key => isMounted(deployment.spec.template, name, key));

/** @throws `NotConsumed`: a value that no pod reads changes nothing. */
export function refuseUnread(target: Target, readers: Reader[], keys: string[]): void {
  const unread = keys.filter(key => !readers.some(one => takesAtStart(one, target, [key]) || follows(one, target, [key])));
  if (unread.length === 0) return;
  const names = readers.map(({ place }) => place.name).join(', ');
  throw stopped(
    'NotConsumed',
    `No pod of ${names} reads ${unread.join(', ')} of ${targetName(target)} by envFrom, env or a mounted file. Nothing was changed: let a Deployment read it, then retry.`,
  );
}

/** Workloads that take these writes only with a restart. @throws SystemError */
export async function startingAgain(writes: Write[], kubernetes: Kubernetes, platform: Platform): Promise<Target[]> {
  const told = writes.map(async ({ target, edits }) => {
    const keys = edits.map(({ field }) => field);
    const readers = await readersOf(target, kubernetes, platform);
    return readers.filter(reader => takesAtStart(reader, target, keys)).map(({ place }) => workloadTarget(place));
  });
  return (await Promise.all(told)).flat();
}
