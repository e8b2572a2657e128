/** The few calls to the Kubernetes API that we need, each bounded, each of our writes under our field manager. */

import { z } from 'zod';
import { limits } from '../limits.ts';
import { describeSystem, documented, text } from './description.ts';
import { type Clock, type Fetch, parsed, sender } from './http.ts';
import { apiServer, type KubeconfigSource, kubernetesFetch } from './kubeconfig.ts';
import { explained } from './kubernetes-answers.ts';
import { pods, type Resource } from './resources.ts';
import { SystemError } from './system-error.ts';

/** Our name in `managedFields`. */
export const fieldManager = 'nqba-runbooks';

export interface Named {
  namespace: string;
  name: string;
}

export interface Patch {
  /** Strategic merges containers and their env by name; merge replaces lists whole; apply also creates what is not there. */
  as: 'merge' | 'strategic' | 'apply';
  body: object;
  dryRun?: boolean;
}

/** The selection of a list. */
type Pairs = Record<string, string>;

/** Every call throws SystemError. An empty namespace is the cluster itself. */
export interface Kubernetes {
  /** The clock of the API server, by which it dates objects: milliseconds since 1970; nothing where it does not tell. */
  time: () => Promise<number | undefined>;
  read: <T>(resource: Resource<T>, object: Named) => Promise<T>;
  list: <T>(resource: Resource<T>, namespace: string, labels?: Pairs, fields?: Pairs) => Promise<T[]>;
  patch: <T>(resource: Resource<T>, object: Named, patch: Patch) => Promise<T>;
  /** Deletes exactly this object, as it was read: 409 where it is another, or has changed since. */
  remove: <T>(resource: Resource<T>, object: Named, as: { uid: string; resourceVersion: string }) => Promise<void>;
  /** Creates nothing: asks whether it would be created. */
  tryCreate: <T>(resource: Resource<T>, namespace: string, body: object) => Promise<T>;
  /** The newest lines of a container's log, each with its time before it. */
  logs: (pod: Named, asked: { container: string; seconds: number; lines: number; bytes: number }) => Promise<string>;
  /** Deletes exactly this pod, where its PodDisruptionBudgets let it go now: 429 where they do not. */
  evict: (pod: Named, uid: string) => Promise<void>;
}

const system = 'Kubernetes';
const contentTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
  create: 'application/json',
};
/** An answer has at most 1 MiB: a node lists all its images, and a pod may have a long template. */
const pageSizes: Readonly<Record<string, string>> = { Node: '20', Pod: '50' };
const pageSize = ({ kind }: Pick<Resource<unknown>, 'kind'>) => pageSizes[kind] ?? '100';

export interface KubernetesConfig extends KubeconfigSource {
  /** Instead of a kubeconfig. */
  fetch?: Fetch;
  /** The writer; `nqba-runbooks` unless a person does. */
  manager?: string;
  /** Milliseconds for a write, tried or meant. */
  writeWithin?: number;
}

export function connectKubernetes(config: KubernetesConfig, clock: Clock): Kubernetes {
  const { fetch, manager = fieldManager, writeWithin = limits.clusterWrite, ...source } = config;
  const send = sender(system, { ...clock, fetch: fetch ?? kubernetesFetch(source, clock.now) });
  const call = async <T>(schema: z.ZodType<T>, path: string, asked = {}) =>
    parsed(system, schema, explained(await send(apiServer + path, asked)));

  return {
    time: async () => (await send(`${apiServer}/version`)).date,

    read: (resource, object) => call(resource.schema, pathOf(resource, object)),

    async list(resource, namespace, labels, fields) {
      const page = z.looseObject({
        items: z.array(resource.schema),
        metadata: z.looseObject({ continue: z.string().default('') }).prefault({}),
      });
      const items = [];
      let next = '';
      do {
        const selected = { ...selecting('labelSelector', labels), ...selecting('fieldSelector', fields) };
        const query = new URLSearchParams({ limit: pageSize(resource), ...(next && { continue: next }), ...selected });
        const answer = await call(page, `${pathOf(resource, { namespace })}?${query.toString()}`);
        items.push(...answer.items);
        next = answer.metadata.continue;
      } while (next);
      return items;
    },

    patch: (resource, object, { as, body, dryRun }) =>
      call(
        resource.schema,
        `${pathOf(resource, object)}?${writing(manager, dryRun)}`,
        json('PATCH', contentTypes[as], body, writeWithin),
      ),

    async remove(resource, object, preconditions) {
      const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions };
      await call(z.unknown(), pathOf(resource, object), json('DELETE', contentTypes.create, options, writeWithin));
    },

    tryCreate: (resource, namespace, body) =>
      call(
        resource.schema,
        `${pathOf(resource, { namespace })}?${writing(manager, true)}`,
        json('POST', contentTypes.create, body, writeWithin),
      ),

    async logs(pod, { container, seconds, lines, bytes }) {
      const bounds = { sinceSeconds: `${seconds}`, tailLines: `${lines}`, limitBytes: `${bytes}` };
      const query = new URLSearchParams({ container, timestamps: 'true', ...bounds });
      return explained(await send(`${apiServer}${pathOf(pods, pod)}/log?${query.toString()}`)).text;
    },

    async evict({ namespace, name }, uid) {
      const path = `${pathOf(pods, { namespace, name })}/eviction?${writing(manager)}`;
      await call(z.unknown(), path, json('POST', contentTypes.create, evictionOf({ namespace, name }, uid), writeWithin));
    },
  };
}

const evictionOf = (metadata: Named, uid: string) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata,
  deleteOptions: { preconditions: { uid } },
});

const json = (method: 'PATCH' | 'POST' | 'DELETE', type: string, body: object, within: number) => ({
  method,
  within,
  headers: { 'content-type': type, accept: 'application/json' },
  body: JSON.stringify(body),
});

const writing = (manager: string, dryRun = false) =>
  new URLSearchParams({ fieldManager: manager, ...(dryRun && { dryRun: 'All' }) }).toString();

const selecting = (selector: string, pairs: Pairs = {}) => {
  const texts = Object.entries(pairs).map(([key, value]) => `${key}=${value}`);
  return texts.length > 0 && { [selector]: texts.join(',') };
};

const pathOf = (
  { api, plural }: Pick<Resource<unknown>, 'api' | 'plural'>,
  { namespace, name }: { namespace: string; name?: string },
) => {
  const scope = namespace ? ['namespaces', encodeURIComponent(namespace)] : [];
  return [api, ...scope, plural, ...(name ? [encodeURIComponent(name)] : [])].join('/');
};

/** None where the cluster has no such kind. */
export async function listIfInstalled<T>(kubernetes: Kubernetes, resource: Resource<T>, namespace: string): Promise<T[]> {
  try {
    return await kubernetes.list(resource, namespace);
  } catch (error) {
    if (error instanceof SystemError && error.status === 404) return [];
    throw error;
  }
}

/** Nothing if there is no such object. */
export async function readIfAny<T>(kubernetes: Kubernetes, resource: Resource<T>, object: Named) {
  try {
    return await kubernetes.read(resource, object);
  } catch (error) {
    if (error instanceof SystemError && error.status === 404) return undefined;
    throw error;
  }
}

/** Doctor examines it name by name (worker/doctor/cluster.ts). */
export const kubernetesSystem = describeSystem({
  variables: z.object({
    KUBECONFIG: text.optional().register(documented, {
      means: 'needed outside a cluster. In a Pod its own account is used instead',
      without: 'the worker refuses to start, unless it runs in a Pod',
      example: '/path/to/kubeconfig',
      needed: true,
    }),
    KUBERNETES_SERVICE_HOST: text.optional().register(documented, { means: 'set by Kubernetes itself inside a Pod' }),
  }),
  configure: ({ KUBECONFIG: kubeconfig }): KubernetesConfig => (kubeconfig ? { kubeconfig } : {}),
  missing: ({ KUBECONFIG, KUBERNETES_SERVICE_HOST }) => [
    !KUBECONFIG && !KUBERNETES_SERVICE_HOST && 'KUBECONFIG is missing: the worker needs a cluster',
  ],
  connect: (config, { now, sleep, proxies }) => connectKubernetes({ ...config, proxies }, { now, sleep }),
});
