/** Does every Service of the platform lead to a pod that is ready, and every Ingress to such a Service? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type EndpointSlice, endpointSlices, type Service, services } from '../connectors/service-resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { ServicesFacts } from '../facts.ts';
import { allNamespaces } from '../platform.ts';
import { checkIngresses } from './ingresses.ts';

export interface ServicesInput {
  kind: 'service' | 'ingress';
}

/** @throws SystemError */
export async function checkServices(deps: Deps, { kind }: ServicesInput): Promise<Finding<ServicesFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const namespaces = allNamespaces(deps.platform);
  if (kind === 'ingress') return checkIngresses(kubernetes, namespaces, deps.now());
  const looked = await Promise.all(namespaces.map(namespace => lookAt(kubernetes, namespace)));
  const [all, slices] = [looked.flatMap(({ all }) => all), looked.flatMap(({ slices }) => slices)];
  return judgeServices(all, slices, namespaces);
}

async function lookAt(kubernetes: Kubernetes, namespace: string) {
  const [all, slices] = await Promise.all([kubernetes.list(services, namespace), kubernetes.list(endpointSlices, namespace)]);
  return { all, slices };
}

/** One that is only another name for a host has no endpoints. */
export function judgeServices(all: Service[], slices: EndpointSlice[], namespaces: string[]): Finding<ServicesFacts> {
  const led = all.filter(({ spec }) => spec.type !== 'ExternalName').map(service => ({ service, ...endpointsOf(service, slices) }));
  const without = led.filter(({ ready }) => ready === 0);
  const facts = { objects: led.length, faulty: without.map(({ service }) => service.metadata.name) };
  const where = namespaces.join(', ');
  if (led.length === 0) return { verdict: 'unknown', evidence: `${where} has no Service: verify namespaces in the platform description.` };
  if (without.length > 0)
    return { verdict: 'faulty', evidence: `${without.length} of ${led.length} Services: ${without.map(textOf).join('; ')}.`, facts };
  const counted = led.map(({ service, ready, endpoints }) => `${service.metadata.name} ${ready} of ${endpoints}`).join(', ');
  return { verdict: 'healthy', evidence: `Every Service of ${where} has a ready endpoint: ${counted}.`, facts };
}

/** The slice of a Service carries its name as a label. */
function endpointsOf({ metadata: { namespace, name } }: Service, slices: EndpointSlice[]) {
  const own = slices.filter(({ metadata }) => metadata.namespace === namespace && metadata.labels[nameLabel] === name);
  const endpoints = own.flatMap(({ endpoints }) => endpoints ?? []);
  return { endpoints: endpoints.length, ready: endpoints.filter(({ conditions }) => conditions.ready !== false).length };
}

const nameLabel = 'kubernetes.io/service-name';

function textOf({ service: { metadata, spec }, endpoints }: { service: Service; endpoints: number }): string {
  if (endpoints > 0) return `${metadata.name} has 0 of ${endpoints} endpoints ready`;
  const pairs = Object.entries(spec.selector).map(([key, value]) => `${key}=${value}`);
  return `${metadata.name} has no endpoint${pairs.length > 0 ? ` (no pod matches ${pairs.join(',')})` : ''}`;
}
