/** The setting and the workloads that it is meant for, as the cluster has them now. */

import { digestOf } from '../canonical.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import {
  type ConfigMap,
  configMaps,
  type Deployment,
  deployments,
  type Pod,
  pods,
  type Template,
} from '../connectors/resources.ts';
import { type Placed, type PlacedWorkload, type Platform, quantumConfigMap, quantumWorkloads, shareKey } from '../platform.ts';
import { consumed, isMounted } from './consumption.ts';

export interface SeenWorkload {
  workload: PlacedWorkload;
  deployment: Deployment;
  /** Pods that are there to stay. */
  pods: Pod[];
  /** Keys of the setting that its pods read when they start. */
  reads: string[];
  /** Whether they follow the share while they run: then nothing of the setting needs a restart. */
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
  const [deployment, pods] = await Promise.all([kubernetes.read(deployments, workload), podsOf(kubernetes, workload)]);
  return { workload, deployment, pods, ...takenBy(workload, deployment.spec.template, configMap, platform) };
}

/** A key that the ConfigMap lacks is no file, and followed by nobody. */
function takenBy(workload: PlacedWorkload, template: Template, { metadata, data }: ConfigMap, platform: Platform) {
  const reachable = workload.namespace === metadata.namespace;
  const reads = reachable ? consumed(template, metadata.name, Object.keys(platform.quantum.fallback)) : [];
  return { reads, follows: (shareKey(platform) ?? '') in data && readsTheShare(platform, workload, template) };
}

/** Whether its pods read the share while they run: as a file, or by asking for it. */
export function readsTheShare(platform: Platform, { role, namespace }: PlacedWorkload, template: Template): boolean {
  const key = shareKey(platform);
  const place = quantumConfigMap(platform);
  if (key === undefined) return false;
  const polls = platform.quantum.share?.polledBy.includes(role) ?? false;
  return polls || (namespace === place.namespace && isMounted(template, place.name, key));
}

/** @throws SystemError */
export const podsOf = async (kubernetes: Kubernetes, { namespace, selector }: PlacedWorkload): Promise<Pod[]> =>
  (await kubernetes.list(pods, namespace, selector)).filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && !['Succeeded', 'Failed'].includes(status.phase),
  );

/** `kubectl rollout restart` writes it too. */
export const restartStamp = 'kubectl.kubernetes.io/restartedAt';

export const stampOf = ({ metadata }: Template): string | undefined => metadata.annotations[restartStamp];

/** Digest of a template but for its restart stamp: a restart does not make it another. */
export function templateDigest({ metadata, ...template }: Template): string {
  const { [restartStamp]: _, ...annotations } = metadata.annotations;
  return digestOf({ ...template, metadata: { ...metadata, annotations } });
}

export const objectName = (kind: string, { namespace, name }: Placed) => `${kind} ${namespace}/${name}`;
