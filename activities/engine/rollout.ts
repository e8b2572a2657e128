/** Waits until the pods are new. `kubectl rollout status` looks at the same fields. */

import { type Target, targetName } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Deployment, deployments, type Resource } from '../connectors/resources.ts';
import { workloadResources } from '../connectors/workload-resources.ts';
import { quoted } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { limits } from '../limits.ts';
import type { Running } from '../running.ts';

/** One sentence for each rollout that did not complete within the limit. @throws SystemError */
export async function rolledOut(
  kubernetes: Kubernetes,
  targets: Target[],
  { now, sleep }: Pick<Deps, 'now' | 'sleep'>,
  { heartbeat, signal }: Running,
): Promise<string[]> {
  const until = now() + limits.rollout;
  for (;;) {
    heartbeat();
    const seen = await Promise.all(targets.map(async target => ({ target, workload: await readWorkload(kubernetes, target) })));
    const open = seen.filter(({ workload }) => !complete(workload));
    if (open.length === 0) return [];
    if (now() >= until || open.every(({ workload }) => failed(workload))) return open.map(unfinished);
    await sleep(limits.look, signal);
  }
}

/** @throws SystemError */
export const readWorkload = (
  kubernetes: Kubernetes,
  { kind, namespace = '', name }: Pick<Target, 'kind' | 'namespace' | 'name'>,
): Promise<Deployment> => kubernetes.read(resources[kind] ?? deployments, { namespace, name });

const resources: Readonly<Record<string, Resource<Deployment>>> = workloadResources;

export const complete = ({ metadata, spec: { replicas }, status }: Deployment): boolean =>
  status.observedGeneration >= (metadata.generation ?? 0) &&
  status.updatedReplicas === replicas &&
  status.replicas === replicas &&
  status.availableReplicas === replicas;

export const failed = ({ metadata, status }: Deployment) =>
  status.observedGeneration >= (metadata.generation ?? 0) &&
  status.conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');

function unfinished({ target, workload: { spec, status } }: { target: Target; workload: Deployment }): string {
  const failure = status.conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  const why = failure ? `: ${quoted(failure.message)}` : '';
  return `The rollout of ${targetName(target)} is not complete, ${status.updatedReplicas} of ${spec.replicas} pods are new${why}.`;
}
