/** Waits until the pods are new. `kubectl rollout status` looks at the same fields. */

import type { Kubernetes, Named } from '../connectors/kubernetes.ts';
import { type Deployment, deployments } from '../connectors/resources.ts';
import { quoted } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { limits } from '../limits.ts';
import type { Running } from '../running.ts';
import { objectName } from './view.ts';

/** One sentence for each rollout that did not complete within the limit. @throws SystemError */
export async function rolledOut(
  kubernetes: Kubernetes,
  workloads: Named[],
  { now, sleep }: Pick<Deps, 'now' | 'sleep'>,
  { heartbeat, signal }: Running,
): Promise<string[]> {
  const until = now() + limits.rollout;
  for (;;) {
    heartbeat();
    const seen = await Promise.all(workloads.map(workload => kubernetes.read(deployments, workload)));
    const open = seen.filter(deployment => !complete(deployment));
    if (open.length === 0) return [];
    if (now() >= until || open.every(failed)) return open.map(unfinished);
    await sleep(limits.look, signal);
  }
}

export const complete = ({ metadata, spec: { replicas }, status }: Deployment): boolean =>
  status.observedGeneration >= (metadata.generation ?? 0) &&
  status.updatedReplicas === replicas &&
  status.replicas === replicas &&
  status.availableReplicas === replicas;

const failed = ({ metadata, status }: Deployment) =>
  status.observedGeneration >= (metadata.generation ?? 0) &&
  status.conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');

function unfinished({ metadata, spec, status }: Deployment): string {
  const failure = status.conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  const why = failure ? `: ${quoted(failure.message)}` : '';
  return `The rollout of ${objectName('Deployment', metadata)} is not complete, ${status.updatedReplicas} of ${spec.replicas} pods are new${why}.`;
}
