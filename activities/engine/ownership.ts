/** Who else has a say over an object: tools that put it back, which a plan names, and controllers that own it, which is a refusal. */

import { type Target, targetName } from '../../workflows/contract/action.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { stopped } from '../failures.ts';
import type { Edit } from './write.ts';

type Owned = Pick<KubeObject, 'metadata'>;

/** What a plan says of the tool that will undo the change. */
export function putBackBy(target: Target, object: Owned): string[] {
  const owner = ownerOf(object);
  return owner ? [`${owner.name} owns ${targetName(target)} and may put it back: ${owner.way}.`] : [];
}

export function ownerOf({ metadata: { labels, annotations } }: Owned) {
  if ('argocd.argoproj.io/tracking-id' in annotations || 'argocd.argoproj.io/instance' in labels)
    return { name: 'Argo CD', way: 'suspend the automatic sync of its Application' };
  if ('kustomize.toolkit.fluxcd.io/name' in labels || 'helm.toolkit.fluxcd.io/name' in labels)
    return { name: 'Flux', way: 'flux suspend its Kustomization or HelmRelease' };
  if (labels['app.kubernetes.io/managed-by'] === 'Helm')
    return { name: 'Helm', way: 'the next helm upgrade does it, so change the values too' };
  return undefined;
}

/** Kinds whose controllers write the object themselves, and where the change belongs instead. */
const controllers: Readonly<Record<string, { name: string; where: string }>> = {
  ScaledObject: { name: 'KEDA', where: 'minReplicaCount and maxReplicaCount of' },
  Rollout: { name: 'Argo Rollouts', where: 'the template and replicas of' },
  Canary: { name: 'Flagger', where: 'the target Deployment of' },
};

/** @throws `Refused` where a controller would write over it at once; the message names the object to change. */
export function refuseOwned(target: Target, { metadata }: Owned): void {
  const owner = metadata.ownerReferences.find(({ kind }) => Object.hasOwn(controllers, kind)) ?? labelled(metadata.labels);
  const controller = owner && controllers[owner.kind];
  if (!owner || !controller) return;
  throw stopped(
    'Refused',
    `${controller.name} owns ${targetName(target)} and would write over it. Nothing was changed: change ${controller.where} ${owner.kind} ${metadata.namespace}/${owner.name} instead, then answer done by hand.`,
  );
}

function labelled(labels: Record<string, string>) {
  const name = labels['scaledobject.keda.sh/name'];
  return name === undefined ? undefined : { kind: 'ScaledObject', name };
}

/** @throws `Refused` at once: a paused Deployment takes a new template and rolls nothing out. */
export function refusePaused(target: Target, object: KubeObject, edits: Edit[], rolls: (field: string) => boolean): void {
  const { paused } = specOf(object);
  if (!paused || !edits.some(({ field }) => rolls(field))) return;
  const since = object.metadata.managedFields.findLast(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('"f:paused"'));
  const [when, who] = [since?.time ?? 'an unknown time', since?.manager ?? 'somebody'];
  const { namespace, name } = object.metadata;
  throw stopped(
    'Refused',
    `${targetName(target)} is paused since ${when} (${who}), so no new pod would start. Nothing was changed: kubectl -n ${namespace} rollout resume deployment/${name}, then retry.`,
  );
}

function specOf(object: KubeObject): { paused: boolean } {
  const { spec } = object;
  return { paused: typeof spec === 'object' && spec !== null && 'paused' in spec && spec.paused === true };
}
