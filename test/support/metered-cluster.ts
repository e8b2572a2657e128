/** A metrics server of a practice cluster, to which its API server passes calls on: kwok's nodes run no containers to measure. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApiregistrationV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  KubeConfig,
  type V1Container,
  type V1Node,
  type V1Pod,
} from '@kubernetes/client-node';
import type { Practice } from '../../lab/practice/start.ts';
import { listen, type Served } from '../../lab/stand-ins/listen.ts';
import { type Measured, metricsServer, type Used } from '../../lab/stand-ins/metrics-server.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { quantity } from '../../activities/engine/quantities.ts';
import { eventually } from './eventually.ts';

/** Of its requests: within a tenth of what each autoscaler of the platform aims at, so that none moves by it. */
const usual = { cpu: 0.75, memory: 0.8 };
/** Of a node without pods. */
const idle: Used = { cpu: 0.3, memory: 2 * 1024 ** 3 };

const service = { namespace: 'kube-system', name: 'metrics-server' };

/** It has the certificate of the API server. */
export async function meteredCluster({ dir, cluster }: Pick<Practice, 'dir' | 'cluster'>): Promise<Pick<Served, 'close'>> {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.lab);
  const core = config.makeApiClient(CoreV1Api);
  const measure = async (): Promise<Measured> => {
    const [nodes, pods] = await Promise.all([core.listNode(), core.listPodForAllNamespaces()]);
    return measuredIn(nodes.items, pods.items);
  };
  const read = (name: string) => readFileSync(join(dir, 'kubernetes', 'certificates', name), 'utf8');
  const identity = { cert: read('apiserver.crt'), key: read('apiserver.key') };
  const { url, close } = await listen('metrics-server', metricsServer(surroundings(), measure), 0, identity);
  await register(config, Number(new URL(url).port));
  await eventually(() => answers(config));
  return { close };
}

async function register(config: KubeConfig, port: number): Promise<void> {
  const spec = { type: 'ExternalName', externalName: 'localhost' };
  await config
    .makeApiClient(CoreV1Api)
    .createNamespacedService({ namespace: service.namespace, body: { metadata: service, spec } });
  const of = { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 };
  const body = {
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: { ...of, insecureSkipTLSVerify: true, service: { ...service, port } },
  };
  await config.makeApiClient(ApiregistrationV1Api).createAPIService({ body });
}

/** @throws Error while the API server does not pass calls on yet */
async function answers(config: KubeConfig): Promise<void> {
  const { status } = await config.makeApiClient(ApiregistrationV1Api).readAPIService({ name: 'v1beta1.metrics.k8s.io' });
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  if (available?.status !== 'True') throw new Error(available?.message ?? 'The metrics API is not available yet.');
}

/** Pods that run use what they do on any day. */
function measuredIn(nodes: V1Node[], all: V1Pod[]): Measured {
  const pods = all.filter(({ status }) => status?.phase === 'Running').map(pod => ({ node: pod.spec?.nodeName, ...podUse(pod) }));
  return {
    pods,
    nodes: nodes.map(({ metadata }) => {
      const its = pods
        .filter(({ node }) => node === metadata?.name)
        .flatMap(({ containers }) => containers.map(({ used }) => used));
      return { name: metadata?.name ?? '', used: sum([idle, ...its]) };
    }),
  };
}

const podUse = ({ metadata, spec }: V1Pod): Measured['pods'][number] => ({
  namespace: metadata?.namespace ?? '',
  name: metadata?.name ?? '',
  labels: metadata?.labels ?? {},
  containers: (spec?.containers ?? []).map(container => ({ name: container.name, used: containerUse(container) })),
});

const containerUse = ({ resources }: V1Container): Used => ({
  cpu: usual.cpu * amount(resources?.requests?.['cpu']),
  memory: usual.memory * amount(resources?.requests?.['memory']),
});

const amount = (text = '') => {
  const value = quantity(text);
  return Number.isFinite(value) ? value : 0;
};

const sum = (all: Used[]): Used => ({
  cpu: all.reduce((total, { cpu }) => total + cpu, 0),
  memory: all.reduce((total, { memory }) => total + memory, 0),
});

/** The autoscalers know the use of pods: they look four times a minute. */
export async function areScaling({ practice }: { practice: Pick<Practice, 'cluster'> }): Promise<boolean> {
  const config = new KubeConfig();
  config.loadFromFile(practice.cluster.kubeconfigs.you);
  const namespace = 'nqba-platform';
  const { items } = await config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler({ namespace });
  const conditions = items.map(({ status }) => status?.conditions?.find(({ type }) => type === 'ScalingActive'));
  return conditions.every(condition => condition?.status === 'True');
}
