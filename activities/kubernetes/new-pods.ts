/** How many pods of a workload started with a change and are ready: what a restart is for, counted on the pods themselves. */

import type { Effect } from '../../workflows/contract/action.ts';
import { type PodHealth, podsHealth } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { stampOf } from '../engine/templates.ts';
import type { PlacedWorkload } from '../platform.ts';
import { isReady, isStaying } from './pod-trouble.ts';
import { readWorkload } from '../engine/rollout.ts';

export interface NewPods {
  place: PlacedWorkload;
  wanted: number;
  /** Ready, and of this change. */
  fresh: PodHealth[];
}

/** @throws SystemError */
export async function newPods(kubernetes: Kubernetes, place: PlacedWorkload, key: string): Promise<NewPods> {
  const [{ spec }, pods] = await Promise.all([
    readWorkload(kubernetes, place),
    kubernetes.list(podsHealth, place.namespace, place.selector),
  ]);
  const fresh = pods.filter(pod => isStaying(pod) && isReady(pod) && stampOf(pod) === key);
  return { place, wanted: spec.replicas, fresh };
}

/** All of them, some of them, or none. */
export function effectOnPods(seen: NewPods[], remarks: string[]): Effect {
  const told = seen.map(({ place, wanted, fresh }) => `${fresh.length} of ${wanted} pods of ${place.name} are new and ready.`);
  const isWhole = remarks.length === 0 && seen.every(({ wanted, fresh }) => fresh.length >= wanted);
  const hasBegun = seen.some(({ fresh }) => fresh.length > 0);
  return { measured: isWhole ? 'whole' : hasBegun ? 'part' : 'none', text: [...told, ...remarks].join(' ') };
}
