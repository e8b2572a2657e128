/** The ConfigMaps that the pods of a template read, at start or as files. */

import type { Template } from '../../activities/connectors/resources.ts';

/** Names, each once: those that a container takes whole come first, because a setting reaches it without being named. */
export function configMapsRead({ spec: { containers, initContainers, volumes } }: Template): string[] {
  const all = [...containers, ...initContainers];
  const whole = all.flatMap(({ envFrom }) => envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []));
  const byKey = all.flatMap(({ env }) => env.flatMap(({ valueFrom }) => valueFrom?.configMapKeyRef?.name ?? []));
  const files = volumes.flatMap(({ configMap }) => configMap?.name ?? []);
  return [...new Set([...whole, ...byKey, ...files])];
}
