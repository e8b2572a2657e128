/** Which settings a workload's pods take from a ConfigMap when they start. A value that no pod reads changes nothing. */

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
