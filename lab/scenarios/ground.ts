/** The practice platform as a scenario works on it: one Deployment, three people at the API server, and the outside probe. */

import { setTimeout as pause } from 'node:timers/promises';
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, SchedulingV1Api, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Kubeconfigs } from '../kubernetes/control-plane.ts';
import { LabError } from '../lab-error.ts';

export interface Ground {
  /** `lab` stands for whoever else works on the cluster: its administrators, and node maintenance. */
  kubeconfigs: Pick<Kubeconfigs, 'you' | 'lab' | 'bob'>;
  /** Address of Prometheus. */
  prometheus: string;
}

const namespace = 'nqba-platform';
export const api = { name: 'nqba-api', namespace };
export const quota = { name: 'nqba-platform-quota', namespace };
const apiPods = 'app=nqba-platform,component=api';

export const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

/** The API server under one of the names. */
export function as(user: keyof Ground['kubeconfigs'], { kubeconfigs }: Ground) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigs[user]);
  return {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    scheduling: config.makeApiClient(SchedulingV1Api),
  };
}

/** bob, with his own token and field manager, changes the Deployment of the API. */
export async function bobPatchesTheApi(ground: Ground, spec: object): Promise<void> {
  await as('bob', ground).apps.patchNamespacedDeployment({ ...api, body: { spec }, fieldManager: 'bob' }, strategic);
}

/** From now on the incidents of a runbook may act. */
export async function arm(ground: Ground, runbook: string): Promise<void> {
  const body = { data: { [`mode.${runbook}`]: 'supervised' } };
  await as('lab', ground).core.patchNamespacedConfigMap({ name: 'nqba-runbooks', namespace, body }, merge);
}

/** Its pods, all at once, as when their nodes are drained. */
export async function deleteApiPods(ground: Ground): Promise<void> {
  await as('lab', ground).core.deleteCollectionNamespacedPod({ namespace, labelSelector: apiPods });
}

/** What the API server would say of one more pod of the API's present template; empty where it would admit it. */
export async function refusalOfAPod(ground: Ground): Promise<string> {
  const { core, apps } = as('lab', ground);
  const { spec } = await apps.readNamespacedDeployment(api);
  const metadata = { generateName: 'asked-', labels: spec?.template.metadata?.labels ?? {} };
  const body = { metadata, ...(spec?.template.spec && { spec: spec.template.spec }) };
  return core.createNamespacedPod({ namespace, body, dryRun: 'All' }).then(() => '', String);
}

/** How many pods of the API are wanted and ready, and whether its rollout is over. */
export async function rolloutOfTheApi(ground: Ground) {
  const { metadata, spec, status } = await as('lab', ground).apps.readNamespacedDeployment(api);
  const { replicas: wanted = 0 } = spec ?? {};
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0, replicas: present = 0 } = status ?? {};
  const isSeen = status?.observedGeneration === metadata?.generation;
  return { wanted, ready, isOver: isSeen && [ready, updated, present].every(count => count === wanted) };
}

/** How many pods of the API wait to be started again after they were killed. */
export async function crashLooping(ground: Ground): Promise<number> {
  const { items } = await as('lab', ground).core.listNamespacedPod({ namespace, labelSelector: apiPods });
  return items.filter(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff').length;
}

/** What its newest ReplicaSet says of why it cannot make pods. */
export async function replicaFailure(ground: Ground): Promise<string> {
  const { items } = await as('lab', ground).apps.listNamespacedReplicaSet({ namespace, labelSelector: apiPods });
  const failures = items.filter(({ spec }) => (spec?.replicas ?? 0) > 0).flatMap(({ status }) => status?.conditions ?? []);
  return failures.find(({ type }) => type === 'ReplicaFailure')?.message ?? '';
}

const vector = z.object({ data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }) });

/** What Prometheus says of the outside probe now: 1 or 0. */
export const outsideProbe = (ground: Ground) => asked(ground, 'max(probe_success{job="blackbox-api"})');

/** How many jobs wait, as Prometheus says. */
export const jobsThatWait = (ground: Ground) => asked(ground, 'sum(nqba_qih_queue_depth)');

/** The first value that Prometheus has for a query. */
export async function asked({ prometheus }: Ground, query: string): Promise<number> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  return Number(vector.parse(await answer.json()).data.result[0]?.value[1]);
}

const patience = 240_000;

/** @param within milliseconds, for what a person has to do first */
export const apiIsServed = (ground: Ground, within = patience) =>
  until('the API serves again', async () => (await outsideProbe(ground)) === 1 && (await rolloutOfTheApi(ground)).isOver, within);

/** @throws LabError when it has not come to that in time, four minutes unless told */
export async function until(what: string, look: () => Promise<boolean>, within = patience): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await look())) {
    if (Date.now() > deadline) throw new LabError(`The practice platform did not come to this: ${what}. Start with --fresh.`);
    await pause(100);
  }
}
