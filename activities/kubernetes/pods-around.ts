/** The pods around an alert that no runbook knows. Its labels are texts of a sender: only names that the cluster itself lists count. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { type PodHealth, podsHealth } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deps } from '../deps.ts';
import type { PodsFacts } from '../facts.ts';
import { judgedPods } from './namespace-pods.ts';

/** `subject`: `Deployment shop/storefront`, or a pod, which counts with those of its workload. Where the cluster has none of it, the namespace counts. */
export interface Around {
  namespace: string;
  subject?: string | undefined;
}

/** @throws SystemError */
export async function podsAround(
  kubernetes: Kubernetes,
  deps: Deps,
  { namespace, subject }: Around,
): Promise<Finding<PodsFacts>> {
  const isDescribed = Object.values(deps.platform.namespaces).includes(namespace);
  const listed = await kubernetes.list(podsHealth, isDescribed ? namespace : '');
  const inIt = listed.filter(({ metadata }) => metadata.namespace === namespace);
  if (inIt.length === 0) return { verdict: 'unknown', evidence: 'The cluster has no pod in the namespace that the alert names.' };
  const pod = inIt.find(one => podName(one) === subject);
  const owner = inIt.map(ownerOf).find(one => one !== undefined && one === (pod ? ownerOf(pod) : subject));
  const named = inIt.filter(one => (owner === undefined ? one === pod : ownerOf(one) === owner));
  const [found, where] = named.length > 0 ? [named, owner ?? subject ?? ''] : [inIt, namespace];
  const looked = { found, where, none: 'all have finished', nameOf: ({ metadata }: PodHealth) => metadata.name };
  const finding = await judgedPods(kubernetes, deps, looked);
  return owner === undefined ? finding : { ...finding, facts: { ...finding.facts, owner } };
}

const podName = ({ metadata: { namespace, name } }: PodHealth) => targetName({ kind: 'Pod', namespace, name });

/** A Deployment makes pods by ReplicaSets that it names after itself and their template. */
function ownerOf({ metadata: { namespace, labels, ownerReferences } }: PodHealth): string | undefined {
  const hash = `-${labels['pod-template-hash']}`;
  for (const { kind, name } of ownerReferences) {
    if (kind === 'StatefulSet' || kind === 'DaemonSet') return targetName({ kind, namespace, name });
    if (kind === 'ReplicaSet' && name.endsWith(hash))
      return targetName({ kind: 'Deployment', namespace, name: name.slice(0, -hash.length) });
  }
  return undefined;
}
