/** The workload whose replica makes room for a rollout that the quota refuses. */

import { z } from 'zod';
import type { RemedialAction } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { type Kubernetes, readIfAny } from '../connectors/kubernetes.ts';
import { type Deployment, hpas, type KubeObject, type Pod, type Quota, quotas } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import { allWorkloads, type PlacedWorkload, type Platform, workloadOf } from '../platform.ts';
import { shortage, withoutPod } from '../engine/surge.ts';
import { livePods } from '../engine/templates.ts';
import { readWorkload } from '../engine/rollout.ts';

export interface Scaled {
  workload: PlacedWorkload;
  deployment: Deployment;
  /** Pods that are there to stay. */
  pods: Pod[];
  hpa?: KubeObject;
}

export interface Room {
  /** The workloads to roll out. */
  rolling: Scaled[];
  /** Workloads with quantum jobs, which run again elsewhere. The memory of a pod of the API would be lost. */
  givers: Scaled[];
  quotas: Quota[];
}

/** The rollout of these, all of one namespace. @throws SystemError */
export async function lookForRoom(kubernetes: Kubernetes, platform: Platform, roles: Workload[]): Promise<Room> {
  const quantum = platform.quantum?.workloads ?? [];
  const all = [...new Set([...quantum, ...roles])].map(role => workloadOf(platform, role));
  const namespace = roles.map(role => workloadOf(platform, role).namespace)[0] ?? '';
  const [limits, ...seen] = await Promise.all([
    kubernetes.list(quotas, namespace),
    ...all.filter(place => place.namespace === namespace).map(place => lookAt(kubernetes, place)),
  ]);
  const among = (some: Workload[]) => seen.filter(({ workload }) => some.includes(workload.role));
  return { rolling: among(roles), givers: among(quantum), quotas: limits };
}

/** @throws SystemError */
export async function lookAt(kubernetes: Kubernetes, workload: PlacedWorkload): Promise<Scaled> {
  const { namespace, hpa: name } = workload;
  const [deployment, pods, hpa] = await Promise.all([
    readWorkload(kubernetes, workload),
    livePods(kubernetes, namespace, workload.selector),
    name === undefined ? undefined : readIfAny(kubernetes, hpas, { namespace, name }),
  ]);
  return { workload, deployment, pods, ...(hpa && { hpa }) };
}

const specs = z.looseObject({ minReplicas: z.number().default(1), replicas: z.number().default(1) });

/** How many a Deployment wants, or the fewest that an autoscaler leaves. */
export const countIn = (object: KubeObject, field: 'minReplicas' | 'replicas') => specs.parse(object['spec'])[field];

/** Resources that the surge lacks, one sentence each; without one pod of the giver, if there is one. */
export const lacking = ({ rolling, quotas }: Room, giver?: Scaled): string[] =>
  shortage(
    giver ? quotas.map(quota => withoutPod(quota, podOf(giver))) : quotas,
    rolling.map(one => ({ deployment: one === giver ? withOneFewer(one) : one.deployment, pod: podOf(one) })),
  );

/** One that runs, as admission has completed it. */
export const podOf = ({ pods, deployment }: Scaled) => pods[0] ?? deployment.spec.template;

const withOneFewer = ({ deployment: { spec } }: Scaled) => ({ spec: { ...spec, replicas: spec.replicas - 1 } });

/** The workload that gives a replica: of those with a large enough pod, the one with most. */
export const giverIn = (room: Room): Scaled | undefined =>
  room.givers
    .filter(one => reluctance(one) === undefined && lacking(room, one).length === 0)
    .toSorted((a, b) => b.deployment.spec.replicas - a.deployment.spec.replicas)[0];

/** Why a workload gives none; nothing when it can. */
export function reluctance({ workload, deployment: { spec }, pods, hpa }: Scaled): string | undefined {
  if (workload.kind === 'DaemonSet') return 'it has a pod on each of its nodes';
  if (spec.replicas < 2) return 'it has no second replica';
  if (pods.length < spec.replicas) return `only ${pods.length} of its ${spec.replicas} pods are there`;
  const floor = hpa ? countIn(hpa, 'minReplicas') : spec.replicas;
  if (floor < spec.replicas) return `its autoscaler wants its ${spec.replicas} replicas`;
  return floor > spec.replicas ? 'its autoscaler is about to add some' : undefined;
}

/** The offers when the quota refuses the rollout of these: none where no replica would make room. */
export async function remedialActionsFor(
  kubernetes: Kubernetes,
  platform: Platform,
  isRolling: (workload: PlacedWorkload) => boolean,
): Promise<RemedialAction[]> {
  const roles = allWorkloads(platform)
    .filter(isRolling)
    .map(({ role }) => role);
  if (roles.length === 0) return [];
  const room = await lookForRoom(kubernetes, platform, roles).catch(unlessUnanswered);
  if (!room || lacking(room).length === 0 || giverIn(room) === undefined) return [];
  return [{ title: 'Give back a replica', type: 'giveBackReplica', input: { for: roles } }];
}

/** The refusal itself is what people must hear of. */
function unlessUnanswered(error: unknown): undefined {
  if (!(error instanceof SystemError)) throw error;
}
