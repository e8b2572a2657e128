/** Watches the pods of the practice platform: what each was configured with when it turned Running, how many serve the API and each ReplicaSet. */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  Observable,
  type ObservableMiddleware,
  type V1Deployment,
  type V1Ingress,
  type V1Pod,
  type V1ReplicaSet,
} from '@kubernetes/client-node';
import { z } from 'zod';
import { isNewKey, PodRecord } from '../world.ts';
import { ApiRecord, apiObserved } from './api.ts';
import { EdgeRecord, edgeObserved } from './edge.ts';
import { type ConfigMaps, environmentOf, type Secrets, shareOf, solversOf } from './environment.ts';
import { readState, writeState } from './file.ts';
import { SetRecord, setsObserved } from './replica-sets.ts';

/** The label `app` that tells a workload's pods. */
export type AppLabels = Readonly<Record<PodRecord['workload'], string>>;

export interface Recording {
  /** Path of a kubeconfig that may list pods and ConfigMaps of the namespace. */
  kubeconfig: string;
  namespace: string;
  apps: AppLabels;
  /** The Deployment of the API, if there is one: `nqba-api` unless it is called otherwise. */
  api?: string;
  /** Folder in which the records stand (`world.json`, `api.json`, `replica-sets.json`, `edge.json`). */
  practice: string;
  now: () => number;
  /** Milliseconds between two looks; a change of configuration within one look of a pod's start is seen as earlier. */
  every?: number;
}

export interface Recorder {
  pods: () => readonly PodRecord[];
  api: () => readonly ApiRecord[];
  sets: () => readonly SetRecord[];
  edge: () => readonly EdgeRecord[];
  stop: () => Promise<void>;
}

const day = 86_400_000;

/** Starts looking. While the API server does not answer, the last records go on: pods do not stop because no one sees them. */
export function startRecorder(recording: Recording): Recorder {
  const { practice, apps, now, every = 500 } = recording;
  const pods = keptIn(join(practice, 'world.json'), z.array(PodRecord));
  const api = keptIn(join(practice, 'api.json'), z.array(ApiRecord));
  const sets = keptIn(join(practice, 'replica-sets.json'), z.array(SetRecord));
  const edge = keptIn(join(practice, 'edge.json'), z.array(EdgeRecord));
  const look = lookAt(recording);
  const stopped = new AbortController();
  const note = (seen: Seen) => {
    pods.become(observed(pods.records(), seen, apps, now()));
    if (seen.api !== undefined) api.become(apiObserved(api.records(), seen.api, seen.pods, now()));
    if (seen.sets !== undefined) sets.become(setsObserved(sets.records(), seen.sets, now()));
    if (seen.ingresses !== undefined) edge.become(edgeObserved(edge.records(), seen.ingresses, now()));
  };
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      const seen = await look(AbortSignal.any([stopped.signal, AbortSignal.timeout(5_000)])).catch(() => undefined);
      if (seen) note(seen);
      await pause(every, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    pods: pods.records,
    api: api.records,
    sets: sets.records,
    edge: edge.records,
    async stop() {
      stopped.abort();
      await loop;
    },
  };
}

/** Records that a file keeps, written where a look has changed them. */
function keptIn<T>(file: string, schema: z.ZodType<T[]>) {
  let records = readState(file, schema, []);
  return {
    records: () => records,
    become(next: T[]) {
      if (next !== records) writeState(file, next);
      records = next;
    },
  };
}

/** The records after one look: pods that are new, pods that are gone. The same object when nothing changed. */
export function observed(records: PodRecord[], { pods, ...sources }: Seen, apps: AppLabels, now: number): PodRecord[] {
  const running = pods.flatMap(pod => started(pod, sources, apps, now));
  const alive = new Set(running.map(({ uid }) => uid));
  const known = new Set(records.map(({ uid }) => uid));
  const born = running.filter(({ uid }) => !known.has(uid));
  const gone = records.filter(({ uid, until }) => until === undefined && !alive.has(uid));
  const followed = records.map(record => following(record, running));
  if (born.length === 0 && gone.length === 0 && followed.every((record, index) => record === records[index])) return records;
  const kept = followed.filter(({ until }) => until === undefined || until > now - day);
  return [...kept.map(record => (gone.includes(record) ? { ...record, until: now } : record)), ...born];
}

/** The record with the share that its pod reads now; the same object when it is what it was. */
function following(record: PodRecord, running: PodRecord[]): PodRecord {
  const [share] = running.find(({ uid }) => uid === record.uid)?.shares ?? [];
  const { shares = [] } = record;
  return share === undefined || share.percent === shares.at(-1)?.percent ? record : { ...record, shares: [...shares, share] };
}

/** A pod that runs jobs, or nothing: one that is going away takes no more. */
function started(pod: V1Pod, { configMaps, secrets }: Omit<Seen, 'pods'>, apps: AppLabels, since: number): PodRecord[] {
  const { name, uid, labels, deletionTimestamp } = pod.metadata ?? {};
  const workload = (['worker', 'batch'] as const).find(workload => apps[workload] === labels?.app);
  if (!name || !uid || !workload || deletionTimestamp || pod.status?.phase !== 'Running') return [];
  const environment = environmentOf(pod, configMaps, secrets);
  const newKey = isNewKey(environment.DYNEX_API_KEY ?? '');
  const percent = shareOf(pod, configMaps);
  const shares = percent !== undefined && { shares: [{ percent, from: since }] };
  return [{ pod: name, uid, workload, ...solversOf(environment), ...(newKey && { newKey }), ...shares, since }];
}

export interface Seen {
  pods: readonly V1Pod[];
  configMaps: ConfigMaps;
  secrets?: Secrets;
  /** The Deployment of the API; `null` when there is none, and absent when we may not know. */
  api?: V1Deployment | null;
  /** Absent when we may not know. */
  sets?: readonly V1ReplicaSet[];
  ingresses?: readonly V1Ingress[];
}

function lookAt({ kubeconfig, namespace, api: name = 'nqba-api' }: Recording): (signal: AbortSignal) => Promise<Seen> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
  const networking = config.makeApiClient(NetworkingV1Api);
  return async signal => {
    const options = { middleware: [within(signal)], middlewareMergeStrategy: 'append' as const };
    const [pods, configMaps, secrets, api, sets, ingresses] = await Promise.all([
      core.listNamespacedPod({ namespace }, options),
      core.listNamespacedConfigMap({ namespace }, options),
      core.listNamespacedSecret({ namespace }, options),
      apps.readNamespacedDeployment({ name, namespace }, options).catch(unseen),
      apps.listNamespacedReplicaSet({ namespace }, options).catch(unseen),
      networking.listNamespacedIngress({ namespace }, options).catch(unseen),
    ]);
    return {
      pods: pods.items,
      configMaps: byName(configMaps.items),
      secrets: byName(secrets.items),
      ...(api !== undefined && { api }),
      ...(sets && { sets: sets.items }),
      ...(ingresses && { ingresses: ingresses.items }),
    };
  };
}

/** An object that is not there, or that we may not read; every other error goes on. */
function unseen(error: unknown): null | undefined {
  if (!(error instanceof ApiException)) throw error;
  return error.code === 404 ? null : undefined;
}

const byName = (items: { metadata?: { name?: string }; data?: Record<string, string> }[]) =>
  Object.fromEntries(items.map(({ metadata, data }) => [metadata?.name ?? '', data ?? {}] as const));

/** The client has no time limit of its own: a silent API server would hold us for ever. */
const within = (signal: AbortSignal): ObservableMiddleware => ({
  pre(context) {
    context.setSignal(signal);
    return new Observable(Promise.resolve(context));
  },
  post: context => new Observable(Promise.resolve(context)),
});
