/** One workload and its pods as they are now: how many it wants, how many serve, and why not all. */

import {
  type Autoscaler,
  autoscalers,
  type PodHealth,
  podsHealth,
  type WorkloadHealth,
  workloadsHealth,
} from '../connectors/health-resources.ts';
import { type Kubernetes, readIfAny } from '../connectors/kubernetes.ts';
import { type KubeObject, type ReplicaSet, replicaSets } from '../connectors/resources.ts';
import type { Obstacle } from '../facts.ts';
import type { PlacedWorkload } from '../platform.ts';
import type { PodItem } from './delete-pods.ts';
import { type Retry, whyMissing } from './missing.ts';
import { obstacleIn } from './obstacles.ts';
import { isReady, isStaying } from './pod-trouble.ts';
import { textOf, troublesOf } from './troubles.ts';

export interface WorkloadSeen {
  workload: PlacedWorkload;
  ready: number;
  wanted: number;
  missing: number;
  /** One text for each thing that is wrong, what is missing first. */
  says: string[];
  /** Remarks worth knowing that are no fault. */
  remarks: string[];
  obstacle?: Obstacle;
  retry?: Retry;
  /** Pods that are there and do not serve. */
  unready: PodItem[];
}

interface Found {
  workload: PlacedWorkload;
  deployment: WorkloadHealth;
  sets: ReplicaSet[];
  /** All that its selector finds. */
  pods: PodHealth[];
  hpa: Autoscaler | undefined;
}

/** Nothing if there is no such workload. @throws SystemError */
export async function lookAtWorkload(
  kubernetes: Kubernetes,
  workload: PlacedWorkload,
  now: number,
): Promise<WorkloadSeen | undefined> {
  const { namespace, selector, hpa: name } = workload;
  const [deployment, sets, pods, hpa] = await Promise.all([
    readIfAny(kubernetes, workloadsHealth[workload.kind], workload),
    kubernetes.list(replicaSets, namespace, selector),
    kubernetes.list(podsHealth, namespace, selector),
    name === undefined ? undefined : readIfAny(kubernetes, autoscalers, { namespace, name }),
  ]);
  return deployment && judged(kubernetes, { workload, deployment, sets: ownedBy([deployment], sets), pods, hpa }, now);
}

async function judged(kubernetes: Kubernetes, found: Found, now: number): Promise<WorkloadSeen> {
  const { workload, sets, pods } = found;
  const staying = ownedBy([found.deployment, ...sets], pods).filter(isStaying);
  const ready = staying.filter(isReady).length;
  const wanted = wantedOf(found);
  const missing = Math.max(0, wanted - staying.length);
  const counts = { workload, ready, wanted, missing, remarks: remarksOn(found) };
  const unready = staying.filter(pod => !isReady(pod));
  const named = { unready: unready.map(({ metadata: { namespace, name, uid } }) => ({ namespace, name, uid })) };
  if (ready >= wanted) return { ...counts, ...named, says: [] };
  const [why, troubles] = await Promise.all([
    missing > 0 ? whyMissing(kubernetes, { ...found, count: missing }, now) : undefined,
    troublesOf(kubernetes, unready, now),
  ]);
  const obstacle = why?.obstacle ?? troubles.map(({ says, pod }) => obstacleIn(says, { place: workload, missing }, pod))[0];
  return {
    ...counts,
    ...named,
    says: [...(why ? [`${missing} missing${why.says && `: ${why.says}`}`] : []), ...troubles.map(textOf)],
    ...(obstacle && { obstacle }),
    ...(why?.retry && { retry: why.retry }),
  };
}

const ownedBy = <T extends KubeObject>(owners: KubeObject[], objects: T[]): T[] =>
  objects.filter(({ metadata }) => metadata.ownerReferences.some(({ uid }) => owners.some(owner => owner.metadata.uid === uid)));

/** An autoscaler is off while its workload is at zero. */
function wantedOf({ deployment: { spec }, hpa }: Found): number {
  if (spec.replicas === 0 || !hpa) return spec.replicas;
  return Math.max(spec.replicas, hpa.spec.minReplicas, hpa.status.desiredReplicas);
}

function remarksOn(found: Found): string[] {
  const { spec, status } = found.deployment;
  const wanted = wantedOf(found);
  return [
    ...(spec.replicas === 0 ? ['scaled to zero on purpose'] : []),
    ...(spec.paused ? ['paused, so no rollout of it goes on'] : []),
    ...(wanted > spec.replicas ? [`its autoscaler wants ${wanted}, the ${found.workload.kind} has ${spec.replicas}`] : []),
    ...(status.updatedReplicas < spec.replicas
      ? [`${status.updatedReplicas} of ${spec.replicas} pods are of its newest template`]
      : []),
  ];
}
