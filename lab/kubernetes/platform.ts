// The practice platform on the API server: NQBA's workloads as written, and the rights that every cluster gives our worker.
import { join } from 'node:path';
import { ApiException, AppsV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../lab-error.ts';
import { manifests } from './manifests.ts';
import type { Manifest } from './manifests.ts';

const manager = 'nqba-practice';
const namespace = 'nqba-platform';

/**
 * Applies the platform, and returns when its pods run and admission holds our worker to dry runs.
 * Rights and limits are brought up to date; whatever else exists already is left as people and incidents have changed it.
 * @throws LabError when the platform is not ready within three minutes
 */
export async function applyPlatform({ lab, worker }: { lab: string; worker: string }): Promise<void> {
  const config = configOf(lab);
  const api = KubernetesObjectApi.makeApiClient(config);
  const platform = await manifests(join(import.meta.dirname, 'platform'));
  const everywhere = await manifests(join(import.meta.dirname, '..', '..', 'deploy', 'kubernetes'));
  const isFirst = !(await exists(config, 'nqba-api'));

  for (const object of platform.filter(isNamespace)) await create(api, object);
  for (const object of everywhere.filter(object => !isHold(object))) await apply(api, object);
  if (isFirst) for (const hold of everywhere.filter(isHold)) await create(api, supervised(hold));
  for (const object of platform.filter(object => !isNamespace(object))) await create(api, object);

  await within(180_000, 'The API server does not yet hold our worker to dry runs', () => holdsToDryRuns(worker));
  if (isFirst) await within(180_000, 'The workloads of the practice platform are not ready', () => workloadsReady(config));
}

const isNamespace = ({ kind }: Manifest) => kind === 'Namespace';
const isHold = ({ kind }: Manifest) => kind === 'ConfigMap';

/** On the practice platform the runbook may act; everywhere else a person arms it. */
const supervised = (hold: Manifest): Manifest => ({ ...hold, data: { 'mode.dynex-outage': 'supervised' } });

function configOf(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return config;
}

async function exists(config: KubeConfig, name: string): Promise<boolean> {
  const api = config.makeApiClient(AppsV1Api);
  return api.readNamespacedDeployment({ name, namespace }).then(() => true, answered(404, false));
}

const create = (api: KubernetesObjectApi, object: Manifest) =>
  api.create(object, undefined, undefined, manager).then(() => undefined, answered(409, undefined));

const apply = (api: KubernetesObjectApi, object: Manifest) =>
  api.patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply);

/** What to make of one expected refusal; every other error goes on. */
const answered =
  <T>(code: number, value: T) =>
  (error: unknown): T => {
    if (error instanceof ApiException && error.code === code) return value;
    throw error;
  };

async function within(limit: number, complaint: string, look: () => Promise<boolean>) {
  const until = Date.now() + limit;
  while (!(await look())) {
    if (Date.now() > until) throw new LabError(`${complaint}: look at the logs of the control plane, or start with --fresh.`);
    await pause(100);
  }
}

async function workloadsReady(config: KubeConfig): Promise<boolean> {
  const { items } = await config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace });
  return items.every(({ spec, status }) => status?.readyReplicas === spec?.replicas);
}

/** Asks, as our worker, for a pod that the quota would never admit: who refuses it tells whether the policy is in force. */
async function holdsToDryRuns(worker: string): Promise<boolean> {
  const api = configOf(worker).makeApiClient(CoreV1Api);
  const answer = await api.createNamespacedPod({ namespace, body: tooLarge }).then(() => '', bodyOf);
  return answer.includes('dry runs only');
}

const bodyOf = (error: unknown) => (error instanceof ApiException ? JSON.stringify(error.body) : '');

const tooLarge = {
  metadata: { name: 'too-large-for-the-quota' },
  spec: {
    containers: Array.from({ length: 20 }, (_, number) => ({
      name: `c${number}`,
      image: 'none',
      resources: { requests: { cpu: '8' }, limits: { cpu: '8' } },
    })),
  },
};
