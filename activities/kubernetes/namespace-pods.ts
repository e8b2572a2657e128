/** Does every pod of a namespace, or of the cluster, run and serve? Whatever made it; finished pods are no fault. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type PodHealth, podsHealth } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deps } from '../deps.ts';
import type { PodsFacts } from '../facts.ts';
import { namespaceCalled } from '../platform.ts';
import { isReady } from './pod-trouble.ts';
import { namedWith, restartOf } from './restarts.ts';
import { troublesOf } from './troubles.ts';

/** A pod that started again so lately is not well yet, milliseconds, before pace. */
const lately = 900_000;
/** A pod that came so lately may still be starting, milliseconds, before pace. */
const starting = 120_000;

/** @throws SystemError */
export async function podsIn(kubernetes: Kubernetes, deps: Deps, role: string): Promise<Finding<PodsFacts>> {
  const namespace = role === 'all' ? '' : namespaceCalled(deps.platform, role);
  const nameOf = ({ metadata }: PodHealth) => (namespace ? metadata.name : `${metadata.namespace}/${metadata.name}`);
  return judgedPods(kubernetes, deps, {
    found: await kubernetes.list(podsHealth, namespace),
    where: namespace || 'the cluster',
    none: 'verify that it is the right namespace',
    nameOf,
  });
}

interface Found {
  found: PodHealth[];
  /** For people. */
  where: string;
  /** The reason to give where none of them is to run. */
  none: string;
  nameOf: (pod: PodHealth) => string;
}

/** @throws SystemError */
export async function judgedPods(
  kubernetes: Kubernetes,
  deps: Deps,
  { found, where, none, nameOf }: Found,
): Promise<Finding<PodsFacts>> {
  const counted = found.filter(pod => !isFinished(pod) && !pod.metadata.deletionTimestamp);
  if (counted.length === 0) return { verdict: 'unknown', evidence: `${where} has no pod: ${none}.` };
  const now = deps.now();
  const { pace } = deps.platform.times;
  const unready = counted.filter(pod => !isReady(pod) && !isStarting(pod, now - starting * pace));
  const restarted = counted.filter(isReady).flatMap(pod => restartOf(pod, now - lately * pace, nameOf(pod)) ?? []);
  const ill = unready.length + restarted.length;
  const facts = { ready: counted.length - unready.length, wanted: counted.length, unhealthy: ill };
  const over = found.length - counted.length;
  const finished = over > 0 ? ` (${over} finished or ending)` : '';
  if (ill === 0) return { verdict: 'healthy', evidence: `All ${counted.length} pods of ${where} are ready${finished}.`, facts };
  const troubles = [...(await troublesOf(kubernetes, unready, now, nameOf)), ...restarted];
  return { verdict: 'faulty', evidence: `${ill} of ${counted.length} pods of ${where}: ${namedWith(troubles)}.`, facts };
}

/** `Succeeded`, or a try of a Job, which makes another pod by itself. */
const isFinished = ({ metadata, status }: PodHealth) =>
  status.phase === 'Succeeded' || (status.phase === 'Failed' && metadata.ownerReferences.some(({ kind }) => kind === 'Job'));

/** Nothing has ended in it yet. */
const isStarting = ({ metadata, status }: PodHealth, since: number) =>
  ['Pending', 'Running'].includes(status.phase) &&
  Date.parse(metadata.creationTimestamp ?? '') > since &&
  status.containerStatuses.every(({ lastState }) => !lastState.terminated);
