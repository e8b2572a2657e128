/** Pod templates: what makes two of them the same, and the stamp of a restart. Pure but for the list of pods. */

import { digestOf } from '../canonical.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Pod, pods, type Template } from '../connectors/resources.ts';

/** `kubectl rollout restart` writes it too. */
export const restartStamp = 'kubectl.kubernetes.io/restartedAt';

export const stampOf = ({ metadata }: Pick<Template, 'metadata'>): string | undefined => metadata.annotations[restartStamp];

/** Digest of a template but for its restart stamp: a restart does not make it another. */
export function templateDigest({ metadata, ...template }: Template): string {
  const { [restartStamp]: _, ...annotations } = metadata.annotations;
  return digestOf({ ...template, metadata: { ...metadata, annotations } });
}

/** The template of a Deployment in the ReplicaSet that its controller made of it: without the hash that it is labelled with. */
export function withoutHash({ metadata, ...template }: Template): Template {
  const { 'pod-template-hash': _, ...labels } = metadata.labels;
  return { ...template, metadata: { ...metadata, labels } };
}

/** Pods that are there to stay. @throws SystemError */
export const livePods = async (kubernetes: Kubernetes, namespace: string, labels: Record<string, string>): Promise<Pod[]> =>
  (await kubernetes.list(pods, namespace, labels)).filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && !['Succeeded', 'Failed'].includes(status.phase),
  );

/** The images, which people recognise, and the digest that tells one template from another. */
export const templateText = (template: Template): string => {
  const images = template.spec.containers.map(({ image = 'no image' }) => image);
  return `${images.join(', ')} (${templateDigest(template).slice(0, 16)})`;
};

/** A whole template is too long for a record: the record names it. */
export const templateName = (text: string) => `templates/${/\(([0-9a-f]{16})\)$/.exec(text)?.[1] ?? 'unknown'}`;
