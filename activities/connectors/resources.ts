/** The kinds of objects we meet, as far as we read them. What we do not read is kept as it is. */

import { z } from 'zod';

export interface Resource<T> {
  kind: string;
  /** `/apis/apps/v1`. */
  api: string;
  plural: string;
  schema: z.ZodType<T>;
}

export const labels = z.record(z.string(), z.string()).default({});

const managed = z.looseObject({
  manager: z.string().default('unknown'),
  operation: z.string().optional(),
  subresource: z.string().optional(),
  time: z.string().optional(),
  fieldsV1: z.record(z.string(), z.unknown()).default({}),
});
export type Managed = z.infer<typeof managed>;

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: z.number().optional(),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels,
  annotations: labels,
  managedFields: z.array(managed).default([]),
  ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() })).default([]),
});
export const kubeObject = z.looseObject({ metadata });
export type KubeObject = z.infer<typeof kubeObject>;

const named = z.looseObject({ name: z.string().optional() });
const keyIn = named.extend({ key: z.string() });
export const quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({});

const container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  env: z
    .array(
      z.looseObject({
        name: z.string(),
        valueFrom: z.looseObject({ configMapKeyRef: keyIn.optional(), secretKeyRef: keyIn.optional() }).optional(),
      }),
    )
    .default([]),
  envFrom: z.array(z.looseObject({ prefix: z.string().optional(), configMapRef: named.optional() })).default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string(), subPath: z.string().optional() })).default([]),
  resources: z.looseObject({ requests: quantities, limits: quantities }).prefault({}),
});
export type Container = z.infer<typeof container>;

const mounted = named.extend({ items: z.array(z.looseObject({ key: z.string() })).optional() });

export const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  volumes: z.array(z.looseObject({ name: z.string(), configMap: mounted.optional() })).default([]),
});

/** Parsing adds empty defaults: good for reading and for a trial Pod, never for a patch. */
export const templateSchema = z.looseObject({
  metadata: z.looseObject({ labels, annotations: labels }).prefault({}),
  spec: podSpec,
});
export type Template = z.infer<typeof templateSchema>;

/** As `kubectl logs` chooses it: the one that is annotated, else the first. */
export function defaultContainer({ metadata, spec: { containers } }: Template): { name: string; sure: boolean } {
  const annotated = metadata.annotations['kubectl.kubernetes.io/default-container'];
  const { name = '' } = containers.find(one => one.name === annotated) ?? containers[0] ?? {};
  return { name, sure: containers.length === 1 || name === annotated };
}

export const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  /** RFC 3339; of workloads only. */
  lastUpdateTime: z.string().nullish(),
});

export const count = z.number().default(0);
const share = z.union([z.number(), z.string()]);

export const deployment = kubeObject.extend({
  spec: z.looseObject({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: z.looseObject({ matchLabels: labels }).prefault({}),
    template: templateSchema,
    strategy: z
      .looseObject({
        type: z.string().default('RollingUpdate'),
        rollingUpdate: z.looseObject({ maxSurge: share.default('25%'), maxUnavailable: share.default('25%') }).optional(),
      })
      .prefault({}),
  }),
  status: z
    .looseObject({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      conditions: z.array(condition).default([]),
    })
    .prefault({}),
});
export type Deployment = z.infer<typeof deployment>;

const configMap = kubeObject.extend({ data: z.record(z.string(), z.string()).default({}) });
export type ConfigMap = z.infer<typeof configMap>;

const containerStatus = z.looseObject({
  name: z.string(),
  state: z.looseObject({ running: z.looseObject({ startedAt: z.string().nullish() }).optional() }).prefault({}),
});

const pod = kubeObject.extend({
  spec: podSpec,
  status: z
    .looseObject({
      phase: z.string().default('Unknown'),
      podIP: z.string().default(''),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});
export type Pod = z.infer<typeof pod>;

const replicaSet = kubeObject.extend({ spec: z.looseObject({ template: templateSchema }) });
export type ReplicaSet = z.infer<typeof replicaSet>;

const quota = kubeObject.extend({
  spec: z.looseObject({ scopes: z.unknown().optional(), scopeSelector: z.unknown().optional() }).prefault({}),
  status: z.looseObject({ hard: quantities, used: quantities }).prefault({}),
});
export type Quota = z.infer<typeof quota>;

const secret = kubeObject.extend({ data: z.record(z.string(), z.string()).default({}) });
export type Secret = z.infer<typeof secret>;

const core = '/api/v1';
export const deployments: Resource<Deployment> = {
  kind: 'Deployment',
  api: '/apis/apps/v1',
  plural: 'deployments',
  schema: deployment,
};
export const replicaSets: Resource<ReplicaSet> = {
  kind: 'ReplicaSet',
  api: '/apis/apps/v1',
  plural: 'replicasets',
  schema: replicaSet,
};
export const configMaps: Resource<ConfigMap> = { kind: 'ConfigMap', api: core, plural: 'configmaps', schema: configMap };
export const cronJobs: Resource<KubeObject> = {
  kind: 'CronJob',
  api: '/apis/batch/v1',
  plural: 'cronjobs',
  schema: kubeObject,
};
export const pods: Resource<Pod> = { kind: 'Pod', api: core, plural: 'pods', schema: pod };
export const quotas: Resource<Quota> = { kind: 'ResourceQuota', api: core, plural: 'resourcequotas', schema: quota };
export const secrets: Resource<Secret> = { kind: 'Secret', api: core, plural: 'secrets', schema: secret };
export const hpas: Resource<KubeObject> = {
  kind: 'HorizontalPodAutoscaler',
  api: '/apis/autoscaling/v2',
  plural: 'horizontalpodautoscalers',
  schema: kubeObject,
};
