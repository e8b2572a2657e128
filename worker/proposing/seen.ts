/** The cluster as it is, for a description that does not exist yet. A kind that may not be listed is named, and left out. */

import { type Autoscaler, autoscalers } from '../../activities/connectors/health-resources.ts';
import { type Kubernetes, readIfAny } from '../../activities/connectors/kubernetes.ts';
import { type ConfigMap, configMaps, cronJobs, type KubeObject, type Resource } from '../../activities/connectors/resources.ts';
import { type Ingress, ingressRoutes } from '../../activities/connectors/service-resources.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { workloadResources } from '../../activities/connectors/workload-resources.ts';
import type { Placed } from '../../activities/platform.ts';
import { type WorkloadKind, workloadKinds } from '../../activities/platform-schema.ts';
import { configMapsRead } from './config-maps-read.ts';
import type { SeenWorkload } from './workloads.ts';

export interface ClusterSeen {
  /** Namespaces that are described: those that were named, else all with workloads that are not the cluster's own. */
  namespaces: string[];
  /** Namespaces with workloads of the cluster itself. */
  leftOut: string[];
  workloads: SeenWorkload[];
  /** The workload that people chose for a name of the description: `shop/web`, or `web`. */
  chosen: ReadonlyMap<string, string>;
  /** Those that the workloads read. */
  configMaps: ConfigMap[];
  ingresses: Ingress[];
  cronJobs: KubeObject[];
  /** ConfigMaps that are called as the hold is called. */
  holds: Placed[];
  /** `Ingress in shop`, and what the API server said. */
  unread: string[];
}

/** Namespaces of the cluster itself and of its usual equipment. */
const equipment =
  /^(kube-.*|cert-manager|ingress-nginx|monitoring|prometheus|grafana|loki|argocd|flux-system|istio-system|linkerd|keda|velero|external-secrets|gatekeeper-system|temporal)$/;

const holdNames = ['runbooks', 'nqba-runbooks'];

/** @param named namespaces; none for the whole cluster. @throws SystemError where no workload can be listed */
export async function seeCluster(
  kubernetes: Kubernetes,
  named: string[],
  chosen: ClusterSeen['chosen'] = new Map(),
): Promise<ClusterSeen> {
  const unread: string[] = [];
  const all = (await Promise.all(workloadKinds.map(kind => workloadsOf(kubernetes, kind, named)))).flat();
  const found = [...new Set(all.map(({ namespace }) => namespace))].toSorted();
  const namespaces = named.length > 0 ? named : found.filter(name => !equipment.test(name));
  const workloads = all.filter(({ namespace }) => namespaces.includes(namespace));
  const inEach = async <T>(resource: Resource<T>) => {
    const lists = namespaces.map(namespace => listed(kubernetes, resource, namespace, unread));
    return (await Promise.all(lists)).flat();
  };
  const [scalers, ingresses, jobs, read, holds] = await Promise.all([
    inEach(autoscalers),
    inEach(ingressRoutes),
    inEach(cronJobs),
    readMaps(kubernetes, workloads, unread),
    holdsIn(kubernetes, namespaces, unread),
  ]);
  return {
    namespaces,
    leftOut: found.filter(name => !namespaces.includes(name)),
    chosen,
    workloads: workloads.map(workload => ({ ...workload, hpa: scalerOf(workload, scalers) })),
    configMaps: read,
    ingresses,
    cronJobs: jobs,
    holds,
    unread: [...new Set(unread)],
  };
}

async function workloadsOf(kubernetes: Kubernetes, kind: WorkloadKind, named: string[]): Promise<SeenWorkload[]> {
  const lists = (named.length > 0 ? named : ['']).map(namespace => kubernetes.list(workloadResources[kind], namespace));
  return (await Promise.all(lists)).flat().map(({ metadata: { namespace, name, labels }, spec }) => ({
    kind,
    namespace,
    name,
    labels,
    selector: spec.selector.matchLabels,
    template: spec.template,
  }));
}

const scalerOf = ({ kind, namespace, name }: SeenWorkload, scalers: Autoscaler[]) =>
  scalers.find(
    ({ metadata, spec: { scaleTargetRef: target } }) =>
      metadata.namespace === namespace && target.kind === kind && target.name === name,
  )?.metadata.name;

async function readMaps(kubernetes: Kubernetes, workloads: SeenWorkload[], unread: string[]): Promise<ConfigMap[]> {
  const places = workloads.flatMap(({ namespace, template }) =>
    configMapsRead(template).map((name): Placed => ({ namespace, name })),
  );
  return (await Promise.all(each(places).map(place => readOne(kubernetes, place, unread)))).flat();
}

async function holdsIn(kubernetes: Kubernetes, namespaces: string[], unread: string[]): Promise<Placed[]> {
  const places = namespaces.flatMap(namespace => holdNames.map(name => ({ namespace, name })));
  const found = (await Promise.all(places.map(place => readOne(kubernetes, place, unread)))).flat();
  return found.map(({ metadata: { namespace, name } }) => ({ namespace, name }));
}

const each = (places: Placed[]) => [...new Map(places.map(one => [`${one.namespace}/${one.name}`, one])).values()];

async function readOne(kubernetes: Kubernetes, place: Placed, unread: string[]): Promise<ConfigMap[]> {
  const found = await unlessRefused(`ConfigMap ${place.namespace}/${place.name}`, unread, () =>
    readIfAny(kubernetes, configMaps, place),
  );
  return found ? [found] : [];
}

async function listed<T>(kubernetes: Kubernetes, resource: Resource<T>, namespace: string, unread: string[]): Promise<T[]> {
  const look = () => kubernetes.list(resource, namespace);
  return (await unlessRefused(`${resource.kind} in ${namespace}`, unread, look)) ?? [];
}

async function unlessRefused<T>(what: string, unread: string[], look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SystemError) || error.fault === 'unreachable') throw error;
    unread.push(`${what}: ${error.message}`);
    return undefined;
  }
}
