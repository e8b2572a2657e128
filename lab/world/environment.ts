/** What a container's environment says about solvers, resolved as a kubelet resolves it when the container starts. */

import type { V1EnvVar, V1Pod } from '@kubernetes/client-node';
import type { PodRecord } from '../world.ts';

/** ConfigMaps of the pod's namespace: name → data. */
export type ConfigMaps = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** Secrets of the pod's namespace: name → data, in base64. */
export type Secrets = ConfigMaps;

/** Variables of the first container. Later sources win, and `env` wins over `envFrom`; whole Secrets are not looked into. */
export function environmentOf(pod: V1Pod, configMaps: ConfigMaps, secrets: Secrets = {}): Record<string, string> {
  const container = pod.spec?.containers[0];
  const whole = (container?.envFrom ?? []).flatMap(({ configMapRef, prefix = '' }) =>
    Object.entries(configMaps[configMapRef?.name ?? ''] ?? {}).map(([key, value]) => [prefix + key, value] as const),
  );
  const single = (container?.env ?? []).flatMap(variable => {
    const value = valueOf(variable, configMaps, secrets);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return Object.fromEntries([...whole, ...single]);
}

/** The platform's defaults: jobs go to Dynex, and one that Dynex fails has failed. */
export function solversOf(environment: Readonly<Record<string, string>>): Pick<PodRecord, 'solver' | 'fallback'> {
  const { QUANTUM_BACKEND: backend = 'dynex', FEATURE_QUANTUM_ENABLED: enabled = 'true' } = environment;
  const { FEATURE_CLASSICAL_FALLBACK: fallback = 'false' } = environment;
  const quantum = backend === 'dynex' && enabled.toLowerCase() === 'true';
  return { solver: quantum ? 'dynex' : 'classical', fallback: fallback.toLowerCase() === 'true' };
}

/** How many of a hundred jobs go to Dynex, for a pod that has the key as a file: a ConfigMap that is mounted is followed. */
export function shareOf({ spec }: V1Pod, configMaps: ConfigMaps): number | undefined {
  const mounts = spec?.containers[0]?.volumeMounts ?? [];
  const files = (spec?.volumes ?? []).filter(({ name }) => mounts.some(mount => mount.name === name && !mount.subPath));
  const text = files.map(({ configMap }) => configMaps[configMap?.name ?? '']?.QUANTUM_SHARE_PERCENT).find(Boolean);
  return text === undefined ? undefined : Number(text);
}

function valueOf({ value, valueFrom }: V1EnvVar, configMaps: ConfigMaps, secrets: Secrets): string | undefined {
  const { configMapKeyRef: reference, secretKeyRef: secret } = valueFrom ?? {};
  if (secret) return decoded(secrets[secret.name ?? '']?.[secret.key]);
  return reference ? configMaps[reference.name ?? '']?.[reference.key] : value;
}

const decoded = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'base64').toString('utf8'));
