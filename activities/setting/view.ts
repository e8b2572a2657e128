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
import { type Placed, type PlacedWorkload, type Platform, quantumConfigMap, quantumWorkloads } from '../platform.ts';
import { consumed } from './consumption.ts';

export interface SeenWorkload {
  workload: PlacedWorkload;
  deployment: Deployment;
  /** Pods that are there to stay. */
  pods: Pod[];
  /** Keys of the setting that its pods read. */
  reads: string[];
}

export interface View {
  place: Placed;
  configMap: ConfigMap;
  workloads: SeenWorkload[];
}

/** @throws SystemError */
export async function look(kubernetes: Kubernetes, platform: Platform): Promise<View> {
  const place = quantumConfigMap(platform);
  const keys = Object.keys(platform.quantum.fallback);
  const [configMap, ...workloads] = await Promise.all([
    kubernetes.read(configMaps, place),
    ...quantumWorkloads(platform).map(workload => lookAt(kubernetes, workload, place, keys)),
  ]);
  return { place, configMap, workloads };
}

async function lookAt(kubernetes: Kubernetes, workload: PlacedWorkload, { name, namespace }: Placed, keys: string[]) {
  const [deployment, pods] = await Promise.all([kubernetes.read(deployments, workload), podsOf(kubernetes, workload)]);
  const reachable = workload.namespace === namespace;
  return { workload, deployment, pods, reads: reachable ? consumed(deployment.spec.template, name, keys) : [] };
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
