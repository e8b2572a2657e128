/**
 * A Pod as the controller of its workload would make it, tried and never created: with the owner, the labels and the name that
 * policies check. Its creator stays us: a policy that refuses even what runs now says nothing of the change.
 */

import type { Target } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Pod, pods, type ReplicaSet, replicaSets, type Template } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import { canonical } from '../canonical.ts';
import { readWorkload } from './rollout.ts';

/** @throws SystemError with the refusal */
export async function tryPodOf(kubernetes: Kubernetes, target: Target, template: Template): Promise<Pod> {
  const owner = await ownerOf(kubernetes, target);
  try {
    return await tryPod(kubernetes, target, template, { owner, blocks: true });
  } catch (error) {
    if (!(error instanceof SystemError && isAboutBlocking(error))) throw error;
    return tryPod(kubernetes, target, template, { owner, blocks: false });
  }
}

/** OwnerReferencesPermissionEnforcement lets only those name a blocking owner who may update its finalizers, as controllers may. */
const isAboutBlocking = ({ status, message }: SystemError) => status === 403 && message.includes('cannot set blockOwnerDeletion');

interface Owning {
  owner: Owner | undefined;
  /** The deletion of its owner waits for it. */
  blocks: boolean;
}

function tryPod(kubernetes: Kubernetes, target: Target, template: Template, { owner, blocks }: Owning): Promise<Pod> {
  const { namespace = '', name } = target;
  const { labels, annotations } = template.metadata;
  const metadata = {
    generateName: `${(owner?.name ?? name).slice(0, 57)}-`,
    namespace,
    labels: { ...labels, ...owner?.labels },
    annotations,
    ownerReferences: owner && [
      { apiVersion: 'apps/v1', kind: owner.kind, name: owner.name, uid: owner.uid, controller: true, blockOwnerDeletion: blocks },
    ],
  };
  return kubernetes.tryCreate(pods, namespace, { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec });
}

const hashLabel = 'pod-template-hash';

interface Owner {
  kind: string;
  name: string;
  uid: string;
  labels: Record<string, string>;
}

/** The newest ReplicaSet stands for the one that a rollout would make; none where we may not list them. */
async function ownerOf(kubernetes: Kubernetes, target: Target): Promise<Owner | undefined> {
  const { kind, namespace = '', name } = target;
  const { metadata, spec } = await readWorkload(kubernetes, target);
  if (kind === 'StatefulSet') {
    return { kind, name, uid: metadata.uid, labels: { 'statefulset.kubernetes.io/pod-name': `${name}-0` } };
  }
  const all = await kubernetes.list(replicaSets, namespace, spec.selector.matchLabels).catch(unlessForbidden);
  const isOwn = ({ metadata }: ReplicaSet) => metadata.ownerReferences.some(owner => owner.kind === kind && owner.name === name);
  const newest = all.filter(isOwn).toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
  if (!newest) return undefined;
  const hash = newest.metadata.labels[hashLabel];
  const labels: Owner['labels'] = hash === undefined ? {} : { [hashLabel]: hash };
  return { kind: 'ReplicaSet', name: newest.metadata.name, uid: newest.metadata.uid, labels };
}

function unlessForbidden(error: unknown): ReplicaSet[] {
  if (error instanceof SystemError && error.status === 403) return [];
  throw error;
}

const revisionOf = ({ metadata }: ReplicaSet) => Number(metadata.annotations['deployment.kubernetes.io/revision'] ?? 0);

/** True if a policy refuses even a Pod of the template that runs now, so that it may mind who asks, or how. */
export async function refusesWhatRuns(
  kubernetes: Kubernetes,
  target: Target,
  { template, running, refused }: { template: Template; running: Template; refused: SystemError },
): Promise<boolean> {
  if (!isByPolicy(refused)) return false;
  if (canonical(template) === canonical(running)) return true;
  try {
    await tryPodOf(kubernetes, target, running);
    return false;
  } catch (error) {
    if (error instanceof SystemError) return isByPolicy(error);
    throw error;
  }
}

/** Words of a ValidatingAdmissionPolicy, and of a webhook. */
const isByPolicy = ({ message }: SystemError) => /denied (the )?request/.test(message);
