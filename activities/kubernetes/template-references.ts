/** The Secrets and ConfigMaps that a pod template needs: a pod does not start where one is gone, and no dry run says so. */

import { z } from 'zod';
import { readIfAny, type Kubernetes } from '../connectors/kubernetes.ts';
import { configMaps, secrets, type Template } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';

interface Reference {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  /** Absent where all of it is taken. */
  key?: string | undefined;
}

const named = z.looseObject({ name: z.string().default(''), key: z.string().optional(), optional: z.boolean().default(false) });
const secretVolume = z.looseObject({ secretName: z.string().default(''), optional: z.boolean().default(false) });
const both = { configMap: named.optional(), secret: named.optional() };
const references = z.looseObject({
  env: z
    .array(
      z.looseObject({
        valueFrom: z.looseObject({ configMapKeyRef: named.optional(), secretKeyRef: named.optional() }).optional(),
      }),
    )
    .default([]),
  envFrom: z.array(z.looseObject({ configMapRef: named.optional(), secretRef: named.optional() })).default([]),
});
const volume = z.looseObject({
  configMap: named.optional(),
  secret: secretVolume.optional(),
  projected: z.looseObject({ sources: z.array(z.looseObject(both)).default([]) }).optional(),
});

type Named = z.infer<typeof named>;

/** Each once; what may be absent is none. */
export function referencesIn({ spec }: Template): Reference[] {
  const containers = [...spec.initContainers, ...spec.containers].map(container => references.parse(container));
  const volumes = spec.volumes.map(one => volume.parse(one));
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const all = [
    ...containers.flatMap(({ env, envFrom }) => [
      ...env.flatMap(({ valueFrom }) => [...a('ConfigMap', valueFrom?.configMapKeyRef), ...a('Secret', valueFrom?.secretKeyRef)]),
      ...envFrom.flatMap(({ configMapRef, secretRef }) => [...a('ConfigMap', configMapRef), ...a('Secret', secretRef)]),
    ]),
    ...volumes.flatMap(({ secret }) => a('Secret', secret && { name: secret.secretName, optional: secret.optional })),
    ...[...volumes, ...sources].flatMap(({ configMap }) => a('ConfigMap', configMap)),
    ...sources.flatMap(({ secret }) => a('Secret', secret)),
  ];
  return [...new Map(all.map(one => [JSON.stringify(one), one])).values()];
}

const a = (kind: Reference['kind'], ref: Named | undefined): Reference[] =>
  ref === undefined || ref.optional ? [] : [{ kind, name: ref.name, ...(ref.key !== undefined && { key: ref.key }) }];

/** References that are gone, and those we may not read, as a clause each. @throws SystemError */
export async function lookedUp(
  kubernetes: Kubernetes,
  namespace: string,
  template: Template,
): Promise<{ gone: string[]; unread: string[] }> {
  const seen = await Promise.all(referencesIn(template).map(reference => lookAt(kubernetes, namespace, reference)));
  const those = (is: 'gone' | 'unread') => [...new Set(seen.flatMap(one => one[is] ?? []))];
  return { gone: those('gone'), unread: those('unread') };
}

async function lookAt(
  kubernetes: Kubernetes,
  namespace: string,
  { kind, name, key }: Reference,
): Promise<{ gone?: string; unread?: string }> {
  try {
    const object = await readIfAny(kubernetes, kind === 'Secret' ? secrets : configMaps, { namespace, name });
    if (!object) return { gone: `${kind} ${name} is gone` };
    return key === undefined || key in object.data ? {} : { gone: `${kind} ${name} has no ${key}` };
  } catch (error) {
    if (error instanceof SystemError && error.status === 403) return { unread: `${kind} ${name}` };
    throw error;
  }
}
