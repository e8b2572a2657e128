/** Workloads of every kind, as a Deployment is read. */

import { z } from 'zod';
import { count, type Deployment, deployment, deployments, type Resource } from './resources.ts';

const replacing = z.looseObject({ updateStrategy: z.looseObject({ type: z.string().default('RollingUpdate') }).prefault({}) });

/** One pod goes before its successor comes: no rollout adds any. */
const inPlace = (spec: unknown) => ({
  type: replacing.parse(spec).updateStrategy.type,
  rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
});

/** As a Deployment is read. */
const statefulSet = deployment.transform(({ spec, ...object }) => ({ ...object, spec: { ...spec, strategy: inPlace(spec) } }));

const counted = z
  .looseObject({
    observedGeneration: count,
    desiredNumberScheduled: count,
    updatedNumberScheduled: count,
    numberAvailable: count,
  })
  .prefault({});

/** A DaemonSet counts by nodes. One that its controller has not counted yet wants a pod at least: it is not at zero. */
export function perNode({ metadata, status }: { metadata: { generation?: number | undefined }; status?: unknown }) {
  const { observedGeneration, desiredNumberScheduled, ...counts } = counted.parse(status);
  const isCounted = observedGeneration >= (metadata.generation ?? 0);
  return { ...counts, replicas: isCounted ? desiredNumberScheduled : Math.max(1, desiredNumberScheduled) };
}

/** As a Deployment is read: it wants a pod on each of its nodes. */
const daemonSet = deployment.transform(object => {
  const { spec, status } = object;
  const { replicas, updatedNumberScheduled, numberAvailable } = perNode(object);
  const counts = { replicas, updatedReplicas: updatedNumberScheduled, availableReplicas: numberAvailable };
  return { ...object, spec: { ...spec, replicas, strategy: inPlace(spec) }, status: { ...status, ...counts } };
});

export const statefulSets: Resource<Deployment> = {
  kind: 'StatefulSet',
  api: '/apis/apps/v1',
  plural: 'statefulsets',
  schema: statefulSet,
};
export const daemonSets: Resource<Deployment> = {
  kind: 'DaemonSet',
  api: '/apis/apps/v1',
  plural: 'daemonsets',
  schema: daemonSet,
};
/** By kind. */
export const workloadResources = { Deployment: deployments, StatefulSet: statefulSets, DaemonSet: daemonSets };
