/** Other owners of an object: tools that put it back, which a plan names, and controllers that own it, which is a refusal. */

import { type Target, targetName } from '../../workflows/contract/action.ts';
import { argoRollouts } from '../connectors/health-resources.ts';
import { type Kubernetes, listIfInstalled } from '../connectors/kubernetes.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { stopped } from '../failures.ts';

type Owned = Pick<KubeObject, 'metadata'>;

/** The warning of a plan about the tool that will undo the change. */
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
  Rollout: { name: 'Argo Rollouts', where: 'the rollout strategy and replicas of' },
  Canary: { name: 'Flagger', where: 'the target Deployment of' },
};

interface Owner {
  kind: string;
  namespace: string;
  name: string;
}

/** @throws `Refused` where the object itself says that a controller would write over it; the message names the object to change. */
export function refuseOwned(target: Target, { metadata }: Owned): void {
  const { ownerReferences, labels, namespace } = metadata;
  const owner = ownerReferences.find(({ kind }) => Object.hasOwn(controllers, kind)) ?? labelled(labels);
  if (owner) throwOwned(target, { ...owner, namespace });
}

/** The same where a Rollout refers to a Deployment, which leaves no trace on it. @throws SystemError */
export async function refuseReferred(kubernetes: Kubernetes, target: Target): Promise<void> {
  const { kind, namespace = '', name } = target;
  if (kind !== 'Deployment') return;
  const all = await listIfInstalled(kubernetes, argoRollouts, namespace);
  const found = all.find(({ spec: { workloadRef } }) => workloadRef?.kind === kind && workloadRef.name === name);
  if (found) throwOwned(target, { kind: 'Rollout', namespace, name: found.metadata.name });
}

function throwOwned(target: Target, owner: Owner) {
  const controller = controllers[owner.kind];
  if (!controller) return;
  throw stopped(
    'Refused',
    `${controller.name} owns ${targetName(target)} and would write over it. Nothing was changed: change ${controller.where} ${targetName(owner)} instead, then answer done by hand.`,
  );
}

function labelled(labels: Record<string, string>) {
  const name = labels['scaledobject.keda.sh/name'];
  return name === undefined ? undefined : { kind: 'ScaledObject', name };
}
