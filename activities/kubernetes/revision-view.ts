/** The revisions of a workload as things are now: how long each served well, and whether its pods would start. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { type Deployment, replicaSets } from '../connectors/resources.ts';
import { quoted } from '../connectors/system-error.ts';
import type { ActionContext } from '../engine/action.ts';
import { refusalOf } from '../engine/admission.ts';
import { templateField } from '../engine/fields.ts';
import { snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import type { Snapshot } from '../engine/target.ts';
import { stopped } from '../failures.ts';
import { isLabelled } from '../labelled-workloads.ts';
import { type PlacedWorkload, workloadOf } from '../platform.ts';
import { samplesOf } from './revision-samples.ts';
import { type Candidate, mutableImage, type Revision, revisionsOf } from './revisions.ts';
import { lookedUp } from './template-references.ts';
import { readWorkload } from '../engine/rollout.ts';

export interface RevisionView {
  workload: PlacedWorkload;
  deployment: Deployment;
  now: Snapshot;
  /** Absent while its controller has not made it. */
  current: Revision | undefined;
  /** The others, newest first. */
  candidates: Candidate[];
  /** Why no one can say how long any of them served. */
  unsampled?: string;
}

type Looking = Pick<ActionContext, 'kubernetes' | 'deps'>;

/** @throws SystemError */
export async function lookAtRevisions(role: Workload, context: Looking): Promise<RevisionView> {
  const { kubernetes, deps } = context;
  const workload = workloadOf(deps.platform, role);
  refuseOthers(workload);
  const [deployment, sets] = await Promise.all([
    readWorkload(kubernetes, workload),
    kubernetes.list(replicaSets, workload.namespace, workload.selector),
  ]);
  const now = snapshotOf(workloadTarget(workload), deployment);
  const revisions = revisionsOf(deployment, sets);
  const isCurrent = ({ text }: Revision) => text === now.value(templateField);
  const others = revisions.filter(revision => !isCurrent(revision));
  const [samples, fit] = await Promise.all([
    samplesOf(deps, workload.namespace, others),
    Promise.all(others.map(revision => fitness(revision, now, context))),
  ]);
  const candidates = others.map((revision, index) => {
    const served = 'served' in samples ? samples.served.get(revision.text) : undefined;
    return { ...revision, unread: [], ...fit[index], ...(served && { served }) };
  });
  const unsampled = 'none' in samples && { unsampled: samples.none };
  return { workload, deployment, now, current: revisions.find(isCurrent), candidates, ...unsampled };
}

export const isRolledBack = (place: PlacedWorkload): boolean => place.kind === 'Deployment' && !isLabelled(place);

/** @throws `Refused`: what a revision served is known of ReplicaSets only, and an alert alone chooses no image. */
function refuseOthers(place: PlacedWorkload): void {
  if (isRolledBack(place)) return;
  const byHand = `kubectl -n ${place.namespace} rollout undo ${place.kind.toLowerCase()}/${place.name}`;
  throw stopped(
    'Refused',
    `Only Deployments that the platform description names are rolled back, and this is ${targetName(place)}. Nothing was changed: do it by hand (${byHand}), then answer done by hand.`,
  );
}

/** Reasons against its pods starting. @throws SystemError */
async function fitness(
  { template }: Revision,
  { target }: Snapshot,
  { kubernetes }: Looking,
): Promise<Pick<Candidate, 'unfit' | 'unread'>> {
  const image = mutableImage(template);
  if (image !== undefined) return { unfit: `the tag of ${image} may be another image now`, unread: [] };
  const { gone, unread } = await lookedUp(kubernetes, target.namespace ?? '', template);
  if (gone.length > 0) return { unfit: gone.join(', '), unread };
  const refusal = await refusalOf(kubernetes, target, template);
  return { ...(refusal !== undefined && { unfit: `its pods would be refused, ${quoted(refusal)}` }), unread };
}
