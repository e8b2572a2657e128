/** The fewest replicas that a workload may have: who sets them, how many run, and how many more would fit. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { type Autoscaler, autoscalers } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deployment } from '../connectors/resources.ts';
import { inCluster, snapshotOf } from '../engine/kubernetes-targets.ts';
import { refuseOwned } from '../engine/ownership.ts';
import { fullWith, shortage } from '../engine/surge.ts';
import type { Snapshot } from '../engine/target.ts';
import { stopped } from '../failures.ts';
import { type PlacedWorkload, type Platform, workloadOf } from '../platform.ts';
import { lookAt, lookForRoom, podOf, type Room, type Scaled } from './quota-room.ts';

export interface Floor {
  place: PlacedWorkload;
  scaled: Scaled;
  /** The autoscaler that sets the replicas; none where people do. */
  autoscaler?: Autoscaler;
  room: Room;
  /** The object that holds the floor, and its field. */
  now: Snapshot;
  field: 'minReplicas' | 'replicas';
}

/** An autoscaler is found by what it scales: one that no one has described would work against us. @throws SystemError */
export async function lookAtFloor(kubernetes: Kubernetes, platform: Platform, role: Workload): Promise<Floor> {
  const place = workloadOf(platform, role);
  refusePerNode(place);
  const [room, all] = await Promise.all([
    lookForRoom(kubernetes, platform, [role]),
    kubernetes.list(autoscalers, place.namespace),
  ]);
  const [scaled = await lookAt(kubernetes, place)] = room.rolling;
  const autoscaler = all.find(
    ({
      spec: {
        scaleTargetRef: { kind, name },
      },
    }) => kind === place.kind && name === place.name,
  );
  const object = autoscaler ?? scaled.deployment;
  const now = snapshotOf(inCluster(autoscaler ? 'HorizontalPodAutoscaler' : place.kind, object.metadata), object);
  const field = autoscaler ? 'minReplicas' : 'replicas';
  if (autoscaler) refuseForeign(place, now, autoscaler);
  return { place, scaled, ...(autoscaler && { autoscaler }), room, now, field };
}

/** @throws `Refused` */
function refusePerNode(place: PlacedWorkload): void {
  if (place.kind !== 'DaemonSet') return;
  throw stopped('Refused', `${targetName(place)} has a pod on each of its nodes, so it has no floor. Nothing was changed.`);
}

function refuseForeign({ name, role, hpa }: PlacedWorkload, { target }: Snapshot, autoscaler: Autoscaler): void {
  refuseOwned(target, autoscaler);
  if (autoscaler.metadata.name === hpa) return;
  throw stopped(
    'Refused',
    `HorizontalPodAutoscaler ${autoscaler.metadata.name} sets the replicas of ${name}, and the platform description does not name it. Nothing was changed: add it as workloads.${role}.hpa and give the worker permission to patch it, then retry.`,
  );
}

export const floorOf = ({ now, field }: Pick<Floor, 'now' | 'field'>): number => Number(now.value(field));

export const running = ({ scaled: { deployment } }: { scaled: { deployment: Deployment } }): number => deployment.spec.replicas;

/** True if a step has raised it, and no one has restored it. */
export const isRaised = ({ now, field }: Floor): boolean =>
  now.holders.some(({ action, before }) => action === 'raiseFloor' && field in before);

/** The most of these that fit, and what keeps the others. */
export function fitting(floor: Floor, wanted: number): { fits: number; because?: string } {
  const ceiling = floor.autoscaler?.spec.maxReplicas ?? Number.POSITIVE_INFINITY;
  let fits = Math.min(wanted, ceiling);
  let because = fits < wanted ? `the ceiling of its autoscaler is ${ceiling} (maxReplicas)` : undefined;
  for (let short = lacking(floor, fits); short !== undefined; short = lacking(floor, fits)) {
    because = `with ${fits} there would be no room for one more pod of a later rollout: ${short}`;
    fits -= 1;
  }
  return { fits, ...(because !== undefined && { because }) };
}

/** The missing quota for so many pods, with one left over, of whichever workload: else the next rollout would be refused. */
function lacking(floor: Floor, count: number): string | undefined {
  if (count <= running(floor)) return undefined;
  const { rolling, givers, quotas } = floor.room;
  const [short] = [...rolling, ...givers].flatMap(other =>
    shortage(quotas, [surging(floor, count), { deployment: other.deployment, pod: podOf(other), more: 1 }]),
  );
  return short;
}

const surging = ({ scaled }: Floor, count: number) => ({
  deployment: scaled.deployment,
  pod: podOf(scaled),
  more: Math.max(0, count - running({ scaled })),
});

/** How full the quotas are with so many. */
export const usedWith = (floor: Floor, count: number): string[] => fullWith(floor.room.quotas, [surging(floor, count)]);

/** Why its autoscaler adds no pod by itself; nothing where it does. */
export function blindness({ autoscaler }: Floor): string[] {
  const blind = autoscaler?.status.conditions.find(({ type, status }) => type === 'ScalingActive' && status === 'False');
  return blind ? [`Its autoscaler does not know its metrics (${blind.reason}), so only the floor adds pods.`] : [];
}
