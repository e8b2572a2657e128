/** Which settings a workload's pods take from a ConfigMap, when they start or while they run. A value that no pod reads changes nothing. */

import type { Container, Template } from '../connectors/resources.ts';

/** Of these keys, those that reach some container's environment. */
export const consumed = ({ spec }: Template, configMap: string, keys: string[]): string[] =>
  keys.filter(key => spec.containers.some(container => reads(container, configMap, key)));

/** A variable set by name wins over one that comes with the whole ConfigMap. */
function reads({ env, envFrom }: Container, configMap: string, key: string): boolean {
  const byKey = env.some(({ valueFrom }) => {
    const ref = valueFrom?.configMapKeyRef;
    return ref?.name === configMap && ref.key === key;
  });
  if (byKey) return true;
  return envFrom.some(
    ({ configMapRef, prefix = '' }) => configMapRef?.name === configMap && !env.some(({ name }) => name === prefix + key),
  );
}

/** True if a container has this key as a file that follows the ConfigMap. A `subPath` never follows. */
export function isMounted({ spec }: Template, configMap: string, key: string): boolean {
  const holds = spec.volumes.filter(
    ({ configMap: source }) => source?.name === configMap && (source.items?.some(item => item.key === key) ?? true),
  );
  const mounts = spec.containers.flatMap(({ volumeMounts }) => volumeMounts);
  return mounts.some(({ name, subPath }) => !subPath && holds.some(volume => volume.name === name));
}
