/** The workloads that take the Dynex key, as the cluster has them now, in the order in which a new one reaches them. */

import type { Kubernetes } from '../../connectors/kubernetes.ts';
import type { Deployment, Pod } from '../../connectors/resources.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { keyWorkloads, type PlacedWorkload, type Platform, quantumOf, quantumWorkloads } from '../../platform.ts';
import { snapshotOf, workloadTarget } from '../../engine/kubernetes-targets.ts';
import type { Snapshot } from '../../engine/target.ts';
import { livePods } from '../../engine/templates.ts';
import { type Reference, referenceIn, textOf } from './reference.ts';
import { readWorkload } from '../../engine/rollout.ts';

export interface KeyedWorkload {
  workload: PlacedWorkload;
  deployment: Deployment;
  /** Pods that are there to stay. */
  pods: Pod[];
  reference: Reference;
}

export interface KeyView {
  workloads: KeyedWorkload[];
  /** Those that do not take it from a Secret. */
  others: PlacedWorkload[];
}

/** @throws SystemError */
export async function lookAtKey(kubernetes: Kubernetes, platform: Platform): Promise<KeyView> {
  const { env, namespace } = quantumOf(platform).key;
  const own = keyWorkloads(platform).filter(workload => workload.namespace === platform.namespaces[namespace]);
  const seen = await Promise.all(own.map(workload => seenWith(kubernetes, workload, env)));
  return {
    workloads: seen.flatMap(({ reference, ...one }) => (reference ? [{ ...one, reference }] : [])),
    others: seen.flatMap(({ reference, workload }) => (reference ? [] : [workload])),
  };
}

async function seenWith(kubernetes: Kubernetes, workload: PlacedWorkload, env: string) {
  const [deployment, pods] = await Promise.all([
    readWorkload(kubernetes, workload),
    livePods(kubernetes, workload.namespace, workload.selector),
  ]);
  return {
    workload,
    deployment,
    pods,
    reference: referenceIn(deployment.spec.template, workload.container, env),
  };
}

/**
 * Where the key in use lies: as who runs quantum jobs takes it, each place once. As the platform describes it where no
 * workload says so.
 */
export async function referencesInUse(kubernetes: Kubernetes, platform: Platform): Promise<Reference[]> {
  if (!platform.quantum) return [];
  const { secret, key, env } = platform.quantum.key;
  const told = await Promise.all(quantumWorkloads(platform).map(workload => referenceOf(kubernetes, workload, env)));
  const distinct = new Map(told.flatMap(reference => (reference ? [[textOf(reference), reference]] : [])));
  return distinct.size > 0 ? [...distinct.values()] : [{ secret, key }];
}

/** A Deployment that cannot be read says nothing. */
async function referenceOf(kubernetes: Kubernetes, workload: PlacedWorkload, env: string): Promise<Reference | undefined> {
  try {
    const { spec } = await readWorkload(kubernetes, workload);
    return referenceIn(spec.template, workload.container, env);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** The field of a workload that says where it takes the key from. */
export const keyField = ({ container }: PlacedWorkload, platform: Platform) => `${quantumOf(platform).key.env} of ${container}`;

export const keyedNow = ({ workload, deployment }: KeyedWorkload): Snapshot => snapshotOf(workloadTarget(workload), deployment);
