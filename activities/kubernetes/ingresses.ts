/** Does every Ingress have an address, Services behind it that exist, and certificates that are valid for some time? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Backend, type Ingress, ingressRoutes, type Service, services } from '../connectors/service-resources.ts';
import type { ServicesFacts } from '../facts.ts';
import { type Part, part, verdictOf } from '../together.ts';
import { certificateIn } from './certificates.ts';

/** @throws SystemError */
export async function checkIngresses(kubernetes: Kubernetes, namespaces: string[], now: number): Promise<Finding<ServicesFacts>> {
  const looked = await Promise.all(
    namespaces.map(async namespace => {
      const [found, all] = await Promise.all([kubernetes.list(ingressRoutes, namespace), kubernetes.list(services, namespace)]);
      return Promise.all(found.map(ingress => judge(kubernetes, ingress, all, now)));
    }),
  );
  const judged = looked.flat();
  if (judged.length === 0) return { verdict: 'unknown', evidence: `${namespaces.join(', ')} has no Ingress: nothing leads to the platform here.` };
  return summed(judged);
}

interface Judged {
  name: string;
  /** One text each. */
  faults: string[];
  unknown: string[];
  fine: string[];
  /** Of the certificate that ends first. */
  days: number[];
}

async function judge(kubernetes: Kubernetes, ingress: Ingress, services: Service[], now: number): Promise<Judged> {
  const { name, namespace } = ingress.metadata;
  const secrets = [...new Set(ingress.spec.tls.flatMap(({ secretName }) => secretName ?? []))];
  const certificates = await Promise.all(
    secrets.map(secret => part(() => certificateIn(kubernetes, { namespace, name: secret }, now))),
  );
  const addresses = ingress.status.loadBalancer.ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const missing = missingBehind(ingress, services);
  const said = (verdict: string) => certificates.filter(one => verdictOf(one) === verdict).map(textOf);
  return {
    name,
    faults: [...(addresses.length > 0 ? [] : ['has no address']), ...missing, ...said('faulty')],
    unknown: said('unknown'),
    fine: [...addresses.map(address => `at ${address}`), ...said('healthy')],
    days: certificates.flatMap(one => ('facts' in one && one.facts?.days !== undefined ? [one.facts.days] : [])),
  };
}

const textOf = (one: Part) => ('leftOut' in one ? one.leftOut : one.evidence);

function missingBehind({ spec }: Ingress, services: Service[]): string[] {
  const paths = spec.rules.flatMap(({ host, http }) =>
    (http?.paths ?? []).map(({ path, backend }) => ({ backend, path: `${host}${path}` })),
  );
  const all = [...paths, ...(spec.defaultBackend ? [{ backend: spec.defaultBackend, path: 'everything else' }] : [])];
  const lacks = all.flatMap(({ backend, path }) => {
    const lack = lackOf(backend, services);
    return lack === undefined ? [] : [`${lack}, for ${path}`];
  });
  return [...new Set(lacks)];
}

/** Nothing where it is there; a backend that is no Service is the controller's own. */
function lackOf({ service: wanted }: Backend, services: Service[]): string | undefined {
  if (!wanted) return undefined;
  const { name, port } = wanted;
  const service = services.find(({ metadata }) => metadata.name === name);
  if (!service) return `Service ${name} does not exist`;
  const isThere = service.spec.ports.some(one => one.name === port.name || one.port === port.number);
  const isAsked = port.name !== undefined || port.number !== undefined;
  return isThere || !isAsked ? undefined : `Service ${name} has no port ${port.name ?? port.number}`;
}

function summed(judged: Judged[]): Finding<ServicesFacts> {
  const faulty = judged.filter(({ faults }) => faults.length > 0);
  const days = judged.flatMap(({ days }) => days);
  const facts: ServicesFacts = {
    objects: judged.length,
    faulty: faulty.map(({ name }) => name),
    certificateDays: days.length > 0 ? Math.min(...days) : undefined,
  };
  const told = (those: Judged[], texts: (one: Judged) => string[]) =>
    those.map(one => `${one.name}: ${texts(one).join('; ')}`).join('. ');
  const unread = judged.filter(({ unknown }) => unknown.length > 0);
  if (faulty.length > 0)
    return { verdict: 'faulty', evidence: `${told(faulty, ({ faults, unknown }) => [...faults, ...unknown])}.`, facts };
  if (unread.length > 0) return { verdict: 'unknown', evidence: `${told(unread, ({ unknown }) => unknown)}.`, facts };
  return { verdict: 'healthy', evidence: `${told(judged, ({ fine }) => fine)}.`, facts };
}
