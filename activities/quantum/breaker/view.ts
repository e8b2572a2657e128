/** The setting that moves quantum jobs, and the workloads that it is meant for, as the cluster has them now. */

import { targetName } from '../../../workflows/contract/action.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { type ConfigMap, configMaps, type Deployment, type Pod, type Template } from '../../connectors/resources.ts';
import { inCluster, snapshotOf, workloadTarget } from '../../engine/kubernetes-targets.ts';
import type { Snapshot } from '../../engine/target.ts';
import { livePods } from '../../engine/templates.ts';
import {
  type Placed,
  type PlacedWorkload,
  type Platform,
  quantumConfigMap,
  quantumOf,
  quantumWorkloads,
  shareKey,
} from '../../platform.ts';
import { consumed, isMounted } from '../../kubernetes/consumption.ts';
import { readWorkload } from '../../engine/rollout.ts';

export interface SeenWorkload {
  workload: PlacedWorkload;
  deployment: Deployment;
  /** Pods that are there to stay. */
  pods: Pod[];
  /** Keys of the setting that its pods read when they start. */
  reads: string[];
  /** True if they follow the share while they run: then nothing of the setting needs a restart. */
  follows: boolean;
}

export interface View {
  place: Placed;
  configMap: ConfigMap;
  workloads: SeenWorkload[];
  /** Key of the share, where there is one. */
  share?: string;
}

/** @throws SystemError */
export async function look(kubernetes: Kubernetes, platform: Platform): Promise<View> {
  const place = quantumConfigMap(platform);
  const configMap = await kubernetes.read(configMaps, place);
  const workloads = quantumWorkloads(platform).map(workload => lookAt(kubernetes, workload, configMap, platform));
  const share = shareKey(platform);
  return { place, configMap, workloads: await Promise.all(workloads), ...(share !== undefined && { share }) };
}

async function lookAt(kubernetes: Kubernetes, workload: PlacedWorkload, configMap: ConfigMap, platform: Platform) {
  const { namespace, selector } = workload;
  const [deployment, pods] = await Promise.all([readWorkload(kubernetes, workload), livePods(kubernetes, namespace, selector)]);
  return { workload, deployment, pods, ...takenBy(workload, deployment.spec.template, configMap, platform) };
}

/** A key that the ConfigMap lacks is no file, and followed by no one. */
function takenBy(workload: PlacedWorkload, template: Template, { metadata, data }: ConfigMap, platform: Platform) {
  const reachable = workload.namespace === metadata.namespace;
  const reads = reachable ? consumed(template, metadata.name, Object.keys(quantumOf(platform).fallback)) : [];
  return { reads, follows: (shareKey(platform) ?? '') in data && readsTheShare(platform, workload, template) };
}

/** True if its pods read the share while they run: as a file, or by asking for it. */
export function readsTheShare(platform: Platform, { role, namespace }: PlacedWorkload, template: Template): boolean {
  const key = shareKey(platform);
  const place = quantumConfigMap(platform);
  if (key === undefined) return false;
  const polls = quantumOf(platform).share?.polledBy.includes(role) ?? false;
  return polls || (namespace === place.namespace && isMounted(template, place.name, key));
}

export const settingNow = ({ place, configMap }: View): Snapshot => snapshotOf(inCluster('ConfigMap', place), configMap);

export const workloadNow = ({ workload, deployment }: SeenWorkload): Snapshot => snapshotOf(workloadTarget(workload), deployment);

/** Only a restart brings the setting to these pods. */
export const startsAgain = ({ reads, follows }: SeenWorkload) => reads.length > 0 && !follows;

/** Milliseconds since 1970: when somebody last wrote the ConfigMap. */
export const lastChange = ({ configMap: { metadata } }: Pick<View, 'configMap'>) =>
  Math.max(0, ...metadata.managedFields.map(({ time = '' }) => Date.parse(time) || 0));

export const placeName = ({ place }: View) => targetName(inCluster('ConfigMap', place));

/** Why a workload cannot move, by its name. */
export const excuses = (view: View): Map<string, string> =>
  excusesOf(
    view.workloads.filter(({ reads, follows }) => reads.length === 0 && !follows),
    `it does not read ${placeName(view)}`,
  );

/** Why a workload cannot move without a restart, by its name. */
export const excusesFromFollowing = ({ workloads, share }: View): Map<string, string> =>
  excusesOf(
    workloads.filter(({ follows }) => !follows),
    `it does not read ${share} while it runs`,
  );

const excusesOf = (workloads: SeenWorkload[], why: string) => new Map(workloads.map(({ workload }) => [workload.name, why]));

export const unmoved = (cannot: Map<string, string>) => [...cannot].map(([name, why]) => `${name} is not affected: ${why}.`);

/** Workloads that need no restart, where a value is written. */
export const followers = ({ workloads, share }: View) =>
  workloads
    .filter(({ follows }) => follows)
    .map(
      ({ workload }) => `${workload.name} reads ${share} while it runs: no pod restarts, jobs in flight end where they began.`,
    );
