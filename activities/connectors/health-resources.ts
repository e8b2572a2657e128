/** The health of nodes, workloads and their pods, as the cluster reports it. */

import { z } from 'zod';
import { condition, count, kubeObject, podSpec, quantities, type Resource, templateSchema } from './resources.ts';
import { perNode } from './workload-resources.ts';

/** RFC 3339. */
const time = z.string().nullish();
const dated = condition.extend({ lastTransitionTime: time });
const conditions = z.array(dated).default([]);
export type Condition = z.infer<typeof dated>;

const node = kubeObject.extend({
  spec: z.looseObject({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z.looseObject({ conditions, allocatable: quantities }).prefault({}),
});
export type Node = z.infer<typeof node>;

const waiting = z.looseObject({ reason: z.string().default(''), message: z.string().default('') });
const terminated = z.looseObject({ exitCode: z.number(), reason: z.string().default(''), finishedAt: time });
const containerState = z.looseObject({ waiting: waiting.optional(), terminated: terminated.optional() }).prefault({});
const containerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean().default(false),
  state: containerState,
  lastState: containerState,
});
const containerStatuses = z.array(containerStatus).default([]);

const podHealth = kubeObject.extend({
  spec: podSpec.extend({ priority: z.number().optional(), priorityClassName: z.string().optional() }),
  status: z
    .looseObject({
      phase: z.string().default('Unknown'),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions,
      containerStatuses,
      initContainerStatuses: containerStatuses,
    })
    .prefault({}),
});
export type PodHealth = z.infer<typeof podHealth>;

const workloadHealth = kubeObject.extend({
  spec: z.looseObject({ replicas: z.number().default(1), paused: z.boolean().default(false), template: templateSchema }),
  status: z.looseObject({ updatedReplicas: count, conditions }).prefault({}),
});
export type WorkloadHealth = z.infer<typeof workloadHealth>;

export const autoscaler = kubeObject.extend({
  spec: z.looseObject({
    minReplicas: z.number().default(1),
    maxReplicas: z.number().default(Number.POSITIVE_INFINITY),
    scaleTargetRef: z.looseObject({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
  }),
  status: z.looseObject({ desiredReplicas: count, conditions }).prefault({}),
});
export type Autoscaler = z.infer<typeof autoscaler>;

const event = kubeObject.extend({
  involvedObject: z.looseObject({ kind: z.string().default(''), name: z.string().default(''), uid: z.string().default('') }),
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTimestamp: time,
  eventTime: time,
  series: z.looseObject({ lastObservedTime: time }).nullish(),
  count: z.number().nullish(),
});
export type Event = z.infer<typeof event>;

const podUsage = kubeObject.extend({ containers: z.array(z.looseObject({ name: z.string(), usage: quantities })) });
export type PodUsage = z.infer<typeof podUsage>;

const nodeUsage = kubeObject.extend({ usage: quantities });
export type NodeUsage = z.infer<typeof nodeUsage>;

const verticalAutoscaler = kubeObject.extend({
  spec: z.looseObject({
    targetRef: z.looseObject({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
    updatePolicy: z.looseObject({ updateMode: z.string().default('Auto') }).nullish(),
    resourcePolicy: z
      .looseObject({
        containerPolicies: z
          .array(z.looseObject({ containerName: z.string().default('*'), mode: z.string().default('Auto') }))
          .default([]),
      })
      .nullish(),
  }),
});
export type VerticalAutoscaler = z.infer<typeof verticalAutoscaler>;

const core = '/api/v1';
export const nodes: Resource<Node> = { kind: 'Node', api: core, plural: 'nodes', schema: node };
export const podsHealth: Resource<PodHealth> = { kind: 'Pod', api: core, plural: 'pods', schema: podHealth };
export const events: Resource<Event> = { kind: 'Event', api: core, plural: 'events', schema: event };
/** An Argo Rollout takes over template and replicas of a Deployment: https://argo-rollouts.readthedocs.io/en/stable/migrating/. */
const argoRollout = kubeObject.extend({
  spec: z.looseObject({ workloadRef: z.looseObject({ kind: z.string(), name: z.string() }).optional() }).prefault({}),
});
export type ArgoRollout = z.infer<typeof argoRollout>;

const inApps = (kind: string, plural: string, schema: z.ZodType<WorkloadHealth>): Resource<WorkloadHealth> => ({
  kind,
  api: '/apis/apps/v1',
  plural,
  schema,
});

/** It wants a pod on each of its nodes. */
const daemonHealth = workloadHealth.transform(object => {
  const { spec, status } = object;
  const { replicas, updatedNumberScheduled: updatedReplicas } = perNode(object);
  return { ...object, spec: { ...spec, replicas }, status: { ...status, updatedReplicas } };
});

/** By kind. */
export const workloadsHealth = {
  Deployment: inApps('Deployment', 'deployments', workloadHealth),
  StatefulSet: inApps('StatefulSet', 'statefulsets', workloadHealth),
  DaemonSet: inApps('DaemonSet', 'daemonsets', daemonHealth),
};
export const autoscalers: Resource<Autoscaler> = {
  kind: 'HorizontalPodAutoscaler',
  api: '/apis/autoscaling/v2',
  plural: 'horizontalpodautoscalers',
  schema: autoscaler,
};
export const verticalAutoscalers: Resource<VerticalAutoscaler> = {
  kind: 'VerticalPodAutoscaler',
  api: '/apis/autoscaling.k8s.io/v1',
  plural: 'verticalpodautoscalers',
  schema: verticalAutoscaler,
};
export const argoRollouts: Resource<ArgoRollout> = {
  kind: 'Rollout',
  api: '/apis/argoproj.io/v1alpha1',
  plural: 'rollouts',
  schema: argoRollout,
};
export const podsUsage: Resource<PodUsage> = {
  kind: 'PodMetrics',
  api: '/apis/metrics.k8s.io/v1beta1',
  plural: 'pods',
  schema: podUsage,
};
export const nodesUsage: Resource<NodeUsage> = {
  kind: 'NodeMetrics',
  api: '/apis/metrics.k8s.io/v1beta1',
  plural: 'nodes',
  schema: nodeUsage,
};
