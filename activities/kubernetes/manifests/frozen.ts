/** Deployments and autoscalers of the platform as they are meant to be: without state, and without what looks like a secret. */

import { z } from 'zod';
import { secretIn } from '../../../workflows/contract/secrets.ts';
import { sha256 } from '../../connectors/artifacts.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { deployments, hpas, kubeObject, labels, type Resource } from '../../connectors/resources.ts';
import { masked } from '../../observe/logs/shapes.ts';
import { allNamespaces, type Platform } from '../../platform.ts';

const spec = z.record(z.string(), z.unknown()).default({});

const manifest = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ namespace: z.string(), name: z.string(), labels, annotations: labels }),
  spec,
});
export type Manifest = z.infer<typeof manifest>;

/** As `kubectl apply` takes it. */
export const manifestList = z.object({ apiVersion: z.literal('v1'), kind: z.literal('List'), items: z.array(manifest) });

/** As the API server answers it: reading into it would add defaults. */
const written = kubeObject.extend({ spec });
const as = ({ kind, api, plural }: Resource<unknown>): Resource<z.infer<typeof written>> => ({
  kind,
  api,
  plural,
  schema: written,
});

/** An object as it is, with its secrets: it is never kept. */
export interface Live {
  resource: Resource<z.infer<typeof written>>;
  namespace: string;
  object: z.infer<typeof written>;
}

export const kinds = [deployments, hpas].map(as);

/** @throws SystemError */
export async function liveObjects(kubernetes: Kubernetes, platform: Platform): Promise<Live[]> {
  const places = allNamespaces(platform).flatMap(namespace => kinds.map(resource => ({ namespace, resource })));
  const found = await Promise.all(
    places.map(async ({ namespace, resource }) =>
      (await kubernetes.list(resource, namespace)).map(object => ({ resource, namespace, object })),
    ),
  );
  return found.flat();
}

/** In one order. Pure. */
export function frozenOf(live: Live[], cluster: string): Manifest[] {
  const all = live
    .map(({ resource, namespace, object: { metadata, spec } }): Manifest => {
      const { name, labels, annotations } = metadata;
      return {
        apiVersion: resource.api.replace('/apis/', ''),
        kind: resource.kind,
        metadata: { namespace, name, labels, annotations: meant(annotations) },
        spec: hidingSecrets(spec, cluster),
      };
    })
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return all.map(one => (isScaled(one, all) ? withoutReplicas(one) : one));
}

/** @throws SystemError */
export const manifestsNow = async (kubernetes: Kubernetes, platform: Platform): Promise<Manifest[]> =>
  frozenOf(await liveObjects(kubernetes, platform), platform.cluster);

/** `Deployment shop/storefront`. */
export const nameOf = ({ kind, metadata: { namespace, name } }: Manifest) => `${kind} ${namespace}/${name}`;

/** Annotations that no one means: the last configuration has every value in it once more. */
const noted = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision'];
const meant = (annotations: Record<string, string>) =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => !noted.includes(name)));

const scaler = z.looseObject({ scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }) });

/** Its replicas are the autoscaler's. */
const isScaled = ({ kind, metadata }: Manifest, all: Manifest[]) =>
  all.some(other => {
    const { data } = scaler.safeParse(other.spec);
    const target = data?.scaleTargetRef;
    return target?.kind === kind && target.name === metadata.name && other.metadata.namespace === metadata.namespace;
  });

const withoutReplicas = ({ spec: { replicas: _, ...spec }, ...rest }: Manifest): Manifest => ({ ...rest, spec });

const secretName = /key|token|secret|passw|pwd|credential|auth|dsn/i;

const isSecret = (text: string) => secretIn(text) !== undefined || masked(text) !== text;

/** A text that `hidingSecrets` has put there. */
export const isHidden = (text: string) => /^<hidden [0-9a-f]{8}>$/.test(text);

/** Equal ones stay equal: each is a digest. */
function hidingSecrets(spec: Record<string, unknown>, cluster: string): Record<string, unknown> {
  const hide = (text: string) => `<hidden ${sha256(`${cluster} ${text}`).slice(0, 8)}>`;
  const within = (value: unknown): unknown => {
    if (typeof value === 'string') return isSecret(value) ? hide(value) : value;
    if (Array.isArray(value)) return value.map(within);
    return typeof value === 'object' && value !== null ? fieldsOf(value) : value;
  };
  const fieldsOf = (object: object): Record<string, unknown> => {
    const fields = new Map(Object.entries(object));
    const [name, value] = [fields.get('name'), fields.get('value')];
    const isSecretEntry = typeof name === 'string' && secretName.test(name) && typeof value === 'string';
    const all = [...fields].map(([field, inner]): [string, unknown] => [field, within(inner)]);
    return { ...Object.fromEntries(all), value: isSecretEntry ? hide(value) : within(value) };
  };
  return fieldsOf(spec);
}
