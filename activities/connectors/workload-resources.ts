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

/** A DaemonSet counts by nodes. */
export const perNode = z
  .looseObject({ desiredNumberScheduled: count, updatedNumberScheduled: count, numberAvailable: count })
  .prefault({});

/** As a Deployment is read: it wants a pod on each of its nodes. */
const daemonSet = deployment.transform(({ spec, status, ...object }) => {
  const { desiredNumberScheduled: replicas, updatedNumberScheduled, numberAvailable } = perNode.parse(status);
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
