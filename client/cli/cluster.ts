/** The two things the command line asks of the cluster: the ConfigMap that holds and arms, and who holds a change. */

import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Kubernetes, Named } from '../../activities/connectors/kubernetes.ts';
import type { TakeBack, Target } from '../../workflows/contract/index.ts';
import { value } from '../environment.ts';
import { Failed, NotFound } from '../errors.ts';
import { holdOf } from '../platform.ts';
import { storedRecords } from '../stored.ts';
import type { Desk } from './desk.ts';
import { expectMeant } from './destination.ts';
import { line, plain } from './text.ts';

/** `null` removes. */
export type Keys = Record<string, string | null>;

export interface HoldPatch {
  data: Keys;
  annotations?: Keys;
}

const sleep = (ms: number, signal?: AbortSignal) => pause(ms, undefined, { ...(signal && { signal }) });

// Loaded when needed: most commands never ask the cluster.
async function connect(desk: Desk): Promise<Kubernetes> {
  const { environment, context } = desk;
  expectMeant(desk);
  const { connectKubernetes } = await import('../../activities/connectors/kubernetes.ts');
  const kubeconfig = value(environment, 'KUBECONFIG');
  const { limits } = await import('../../activities/limits.ts');
  const { proxiesIn } = await import('../../activities/connectors/proxy.ts');
  const source = { ...(kubeconfig && { kubeconfig }), ...(context && { context }), proxies: proxiesIn(environment) };
  const config = { manager: 'runbooks-cli', writeWithin: limits.order, ...source };
  return connectKubernetes(config, { now: Date.now, sleep });
}

/** Changes the ConfigMap and reads it back: its data as it is now in force. Throws `NotFound` or `Failed`. */
export async function patchHold(desk: Desk, patch: HoldPatch): Promise<Record<string, string>> {
  const hold = holdOf(desk.platform());
  const { configMaps } = await import('../../activities/connectors/resources.ts');
  const kubernetes = await connect(desk);
  const { data, annotations } = patch;
  const body = { data, ...(annotations && { metadata: { annotations } }) };
  return explained(hold, async () => {
    await kubernetes.patch(configMaps, hold, { as: 'merge', body });
    return (await kubernetes.read(configMaps, hold)).data;
  });
}

/** Its data as it is now in force. Throws `NotFound` or `Failed`. */
export async function readHold(desk: Desk): Promise<Record<string, string>> {
  const hold = holdOf(desk.platform());
  const { configMaps } = await import('../../activities/connectors/resources.ts');
  const kubernetes = await connect(desk);
  return explained(hold, async () => (await kubernetes.read(configMaps, hold)).data);
}

/** Makes the ConfigMap again where someone deleted it: nothing held, every runbook observes. */
export async function makeHold(desk: Desk, annotations: Record<string, string>): Promise<Record<string, string>> {
  const hold = holdOf(desk.platform());
  const { configMaps } = await import('../../activities/connectors/resources.ts');
  const kubernetes = await connect(desk);
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: hold.name, annotations }, data: {} };
  return explained(hold, async () => (await kubernetes.patch(configMaps, hold, { as: 'apply', body })).data);
}

/** True if the record of the change still stands on the object it changed. */
export async function isHeld(desk: Desk, { target, key }: TakeBack): Promise<boolean> {
  const { recordName } = await import('../../activities/engine/holders.ts');
  return (await recordsOn(desk, target))[recordName(key)] !== undefined;
}

/** By name; of an object outside the cluster they lie in the artifact store, which need not be here. */
export async function recordsOn(desk: Desk, target: Target): Promise<Record<string, string>> {
  if (target.system !== 'kubernetes') return storedRecords(desk.environment, target);
  const { annotationsOn } = await import('../../activities/engine/records-on.ts');
  const kubernetes = await connect(desk);
  const { namespace = '', name } = target;
  return explained({ namespace, name }, () => annotationsOn(kubernetes, target));
}

/** Objects that only alerts name, and that carry a record of ours. Throws `Failed`. */
export async function labelledTargets(desk: Desk): Promise<Target[]> {
  const { namespaces, labelledWorkloads = [] } = desk.platform();
  const [first] = labelledWorkloads;
  if (!first) return [];
  const { recordedInList } = await import('../../activities/labelled-workloads.ts');
  const kubernetes = await connect(desk);
  const namespace = namespaces[first.namespace] ?? first.namespace;
  const found = await explained({ namespace, name: 'workloads' }, () =>
    recordedInList(kubernetes, { namespaces, labelledWorkloads }),
  );
  return found.map(({ place }): Target => ({ system: 'kubernetes', ...place }));
}

/** An object of a kind that activities do not read. */
export interface ObjectPlace {
  kind: string;
  /** `/apis/apps/v1`. */
  api: string;
  /** Empty for an object of the cluster itself. */
  namespace: string;
  name: string;
}

/** Its labels; nothing where it, or its kind, is not there. Throws `Failed`. */
export async function labelsOf(desk: Desk, { kind, api, namespace, name }: ObjectPlace) {
  const { kubeObject } = await import('../../activities/connectors/resources.ts');
  const { readIfAny } = await import('../../activities/connectors/kubernetes.ts');
  const kubernetes = await connect(desk);
  const resource = { kind, api, plural: pluralOf(kind), schema: kubeObject };
  const found = await explained({ namespace, name }, () => readIfAny(kubernetes, resource, { namespace, name }));
  return found?.metadata.labels;
}

const pluralOf = (kind: string) => `${kind.toLowerCase().replace(/y$/, 'ie').replace(/s$/, 'se')}s`;

const systemError = z.looseObject({ message: z.string(), fault: z.string().optional(), status: z.number().optional() });
const notFound = 404;

async function explained<T>({ namespace, name }: Named, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message, fault, status } = systemError.parse(error);
    if (status === notFound) throw new NotFound(line`${namespace}/${name} does not exist: ${message}.`);
    if (fault === 'answered' && status === undefined) throw new Failed(line`${message}.`);
    throw new Failed(line`${message}. Check KUBECONFIG, and whether you may read and patch ${namespace}/${name}.`);
  }
}

/** The same without us. */
export function kubectl(desk: Desk, data: Keys): string {
  const { namespace, name } = holdOf(desk.platform());
  const patch = plain(JSON.stringify({ data })).replaceAll("'", String.raw`'\''`);
  const on = desk.context === undefined ? '' : `--context ${plain(desk.context)} `;
  return `kubectl ${on}-n ${namespace} patch configmap ${name} --type merge -p '${patch}'`;
}

export const configMapOf = (desk: Desk) => {
  const { namespace, name } = holdOf(desk.platform());
  return `${namespace}/${name}`;
};
