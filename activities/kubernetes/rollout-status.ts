/** Is the last rollout of a workload complete? `kubectl rollout status` looks at the same fields. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { type Deployment, type ReplicaSet, replicaSets } from '../connectors/resources.ts';
import { notConnected, quoted } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { complete, failed } from '../engine/rollout.ts';
import type { RolloutStatusFacts } from '../facts.ts';
import { type PlacedWorkload, workloadOf } from '../platform.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import { workloadResources } from '../connectors/workload-resources.ts';
import { momentOf } from './when.ts';

/** @throws SystemError */
export async function checkRolloutStatus(deps: Deps, { workload }: { workload: Workload }): Promise<Finding<RolloutStatusFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const place = workloadOf(deps.platform, workload);
  const [found, sets] = await Promise.all([
    readIfAny(kubernetes, workloadResources[place.kind], place),
    place.kind === 'Deployment' ? kubernetes.list(replicaSets, place.namespace, place.selector) : [],
  ]);
  if (!found) return { verdict: 'faulty', evidence: `${place.kind} ${place.namespace}/${place.name} does not exist.` };
  return judgeRollout(place, found, sets, deps.now());
}

type Named = Pick<PlacedWorkload, 'name'>;

export function judgeRollout(
  { name }: Named,
  workload: Deployment,
  sets: ReplicaSet[],
  now: number,
): Finding<RolloutStatusFacts> {
  const { spec, status } = workload;
  const last = lastOf(workload, sets);
  const facts = {
    wanted: spec.replicas,
    updated: status.updatedReplicas,
    available: status.availableReplicas,
    revision: last?.revision,
    rolledOutAt: last && new Date(last.at).toISOString(),
  };
  const counts = `${status.updatedReplicas} of ${spec.replicas} updated, ${status.availableReplicas} available`;
  const since = last ? `; revision ${last.revision}, ${ageOf(last.at, now)} old (${momentOf(last.at, now)})` : '';
  const { verdict, says } = stateOf(workload);
  return { verdict, evidence: `${name}: ${says}${counts}${since}.`, facts };
}

/** A rollout that goes on is no fault: it is known when it ends. */
function stateOf(workload: Deployment): Pick<Finding, 'verdict'> & { says: string } {
  const { metadata, spec, status } = workload;
  if (status.observedGeneration < (metadata.generation ?? 0))
    return { verdict: 'unknown', says: 'its controller has not seen its newest version yet; check again: ' };
  if (complete(workload)) return { verdict: 'healthy', says: '' };
  const why = failureOf(workload);
  if (why !== undefined) return { verdict: 'faulty', says: `the rollout does not get on${why && ` (${quoted(why)})`}: ` };
  if (spec.paused) return { verdict: 'faulty', says: 'the rollout is paused: ' };
  if (isRolling(workload)) return { verdict: 'unknown', says: 'the rollout goes on; check again: ' };
  return { verdict: 'faulty', says: '' };
}

/** The reason of a failure, empty where there is none written; nothing where it did not fail. */
function failureOf(workload: Deployment): string | undefined {
  const { conditions } = workload.status;
  const refused = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  const late = failed(workload) && conditions.find(({ type }) => type === 'Progressing');
  return refused?.message ?? (late ? late.message : undefined);
}

/** Once all new pods were available, a pod that is not any more is another matter. */
const isRolling = ({ spec, status }: Deployment) =>
  status.conditions.some(
    ({ type, status, reason }) => type === 'Progressing' && status === 'True' && reason !== 'NewReplicaSetAvailable',
  ) || status.updatedReplicas < spec.replicas;

const revisionLabel = 'deployment.kubernetes.io/revision';

/** The revision of now, and since when: a rollback takes a ReplicaSet that was there before. */
function lastOf({ metadata, status }: Deployment, sets: ReplicaSet[]): { revision: number; at: number } | undefined {
  const revision = metadata.annotations[revisionLabel];
  const set = sets.find(
    ({ metadata: { annotations, ownerReferences } }) =>
      annotations[revisionLabel] === revision && ownerReferences.some(({ uid }) => uid === metadata.uid),
  );
  const moved = status.conditions.find(({ type }) => type === 'Progressing')?.lastUpdateTime;
  const times = [set?.metadata.creationTimestamp, moved].map(time => Date.parse(time ?? '')).filter(time => !Number.isNaN(time));
  return revision === undefined || times.length === 0 ? undefined : { revision: Number(revision), at: Math.max(...times) };
}

/** `3 days`, `4 h`, `12 min`. */
function ageOf(at: number, now: number): string {
  const minutes = Math.max(0, Math.round((now - at) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`;
}
