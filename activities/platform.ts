/** The platform as `platform.json` describes it: the only place where roles become names. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Stage } from '../workflows/contract/start.ts';
import { type Role, roles, type Workload } from '../workflows/contract/vocabulary.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Ipfs } from './platform/ipfs.ts';
import type { Billing } from './platform/billing.ts';
import type { Gateway } from './platform/gateway.ts';
import type { Quantum } from './platform/quantum.ts';
import { type Platform, platformSchema, type WorkloadKind } from './platform-schema.ts';

export type { Platform } from './platform-schema.ts';

/** An object of the cluster, by the names it has there. */
export interface Placed {
  namespace: string;
  name: string;
}

export interface PlacedWorkload extends Placed {
  role: Workload;
  kind: WorkloadKind;
  container: string;
  selector: Record<string, string>;
  hpa?: string;
}

/** Something that a step asks for, and the description does not have. */
const notDescribed = (text: string) => new SystemError({ system: 'The platform description', fault: 'not described', text });

const existing = (all: object) => Object.keys(all).join(', ') || 'none';

/** @throws SystemError that names the workloads there are */
export function workloadOf({ workloads, namespaces }: Platform, role: Workload): PlacedWorkload {
  const found = Object.hasOwn(workloads, role) ? workloads[role] : undefined;
  if (!found) throw notDescribed(`has no workload ${role}: it has ${existing(workloads)}`);
  const { kind, name, namespace, container, selector, hpa } = found;
  return { role, kind, name, namespace: namespaces[namespace] ?? namespace, container, selector, ...(hpa && { hpa }) };
}

export const allWorkloads = (platform: Platform): PlacedWorkload[] =>
  Object.keys(platform.workloads).map(role => workloadOf(platform, role));

/** A namespace by its name in the description. @throws SystemError that names the namespaces there are */
export function namespaceCalled({ namespaces }: Platform, role: string): string {
  const found = Object.hasOwn(namespaces, role) ? namespaces[role] : undefined;
  if (found === undefined) throw notDescribed(`has no namespace ${role}: it has ${existing(namespaces)}`);
  return found;
}

/** Those of the cluster that its workloads run in. */
export const allNamespaces = (platform: Platform): string[] => [
  ...new Set(allWorkloads(platform).map(({ namespace }) => namespace)),
];

/** The shipped ones, and those of its own. */
export const rolesOf = (platform: Pick<Platform, 'roles'>): Role[] => [...new Set([...roles, ...Object.keys(platform.roles)])];

/** @throws SystemError where no quantum jobs run */
export function quantumOf({ quantum }: Pick<Platform, 'quantum'>): Quantum {
  if (!quantum) throw notDescribed('has no section quantum');
  return quantum;
}

/** @throws SystemError where nothing is pinned */
export function ipfsOf({ ipfs }: Pick<Platform, 'ipfs'>): Ipfs {
  if (!ipfs) throw notDescribed('has no section ipfs');
  return ipfs;
}

/** Secrets that the credentials of the first IPFS provider may lie in. */
export const credentialSecrets = (platform: Platform): Placed[] => {
  const { namespace, secrets } = platform.ipfs?.credentials ?? { namespace: '', secrets: [] };
  return secrets.map(name => placedIn(platform, { namespace, name }));
};

/** Workloads that take those credentials. */
export const credentialWorkloads = (platform: Platform): PlacedWorkload[] =>
  (platform.ipfs?.credentials?.workloads ?? []).map(role => workloadOf(platform, role));

/** @throws SystemError where no one is charged */
export function billingOf({ billing }: Pick<Platform, 'billing'>): Billing {
  if (!billing) throw notDescribed('has no section billing');
  return billing;
}

/** The CronJob that charges. @throws SystemError where no one is charged */
export function chargingCronJob(platform: Platform): Placed {
  const { namespace, cronJob } = billingOf(platform).charging;
  return placedIn(platform, { namespace, name: cronJob });
}

/** @throws SystemError where nothing is limited or blocked */
export function gatewayOf({ gateway }: Pick<Platform, 'gateway'>): Gateway {
  if (!gateway) throw notDescribed('has no section gateway');
  return gateway;
}

/** Ingresses that carry limits and blocks, by the class of their routes; none where the API of the platform limits. */
export const limitedIngresses = (platform: Platform): Map<string, Placed> => {
  const { form, ingress } = platform.gateway ?? {};
  if (form !== 'ingress' || !ingress) return new Map();
  const { namespace, objects } = ingress;
  return new Map(Object.entries(objects).map(([of, name]) => [of, placedIn(platform, { namespace, name })]));
};

/** The Ingress that an incident may make for routes of low priority; nothing where none is described. */
export function ownIngress(platform: Platform): Placed | undefined {
  const { form, ingress } = platform.gateway ?? {};
  if (form !== 'ingress' || ingress?.own === undefined) return undefined;
  return placedIn(platform, { namespace: ingress.namespace, name: ingress.own });
}

/** How jobs return to Dynex, one stage after the other; nothing where each would be a restart: then they return at once. */
export const stagesOf = (quantum: Pick<Quantum, 'ramp'> | undefined): Stage[] | undefined =>
  quantum?.ramp === 'runtime' ? [10, 25, 50, 100].map(percent => ({ percent, minutes: 10 })) : undefined;

/** The key that pods read while they run, where jobs return by it. */
export const shareKey = ({ quantum }: Platform): string | undefined =>
  quantum?.ramp === 'runtime' ? quantum.share?.key : undefined;

/** None where no quantum jobs run. */
export const quantumWorkloads = (platform: Platform): PlacedWorkload[] =>
  (platform.quantum?.workloads ?? []).map(role => workloadOf(platform, role));

/** @throws SystemError that names the ConfigMaps there are */
export function configMapCalled(platform: Platform, role: string): Placed {
  const { configMaps } = platform;
  const found = Object.hasOwn(configMaps, role) ? configMaps[role] : undefined;
  if (!found) throw notDescribed(`has no ConfigMap ${role}: it has ${existing(configMaps)}`);
  return placedIn(platform, found);
}

export const allConfigMaps = (platform: Platform): Placed[] =>
  Object.keys(platform.configMaps).map(role => configMapCalled(platform, role));

/** TLS Secrets that may be read. */
export const allCertificates = (platform: Platform): Placed[] => platform.certificates.map(place => placedIn(platform, place));

/** @throws SystemError where no quantum jobs run */
export const quantumConfigMap = (platform: Platform): Placed => configMapCalled(platform, quantumOf(platform).configMap);

export const holdConfigMap = (platform: Platform): Placed => placedIn(platform, platform.hold);

/** @throws SystemError where no quantum jobs run */
export const quantumSecret = (platform: Platform): Placed => secretCalled(platform, quantumOf(platform).key.secret);

/** Where a key of that Secret lies. @throws SystemError where no quantum jobs run */
export const secretCalled = (platform: Platform, secret: string): Placed =>
  placedIn(platform, { namespace: quantumOf(platform).key.namespace, name: secret });

/** Secrets that the platform's key may lie in; none where no quantum jobs run. */
export const keySecrets = ({ quantum }: Platform): string[] => (quantum ? keySecretsOf(quantum) : []);

export const keySecretsOf = ({ key }: { key: Pick<Quantum['key'], 'secret' | 'rotation'> }): string[] => [
  ...new Set([key.secret, ...key.rotation]),
];

/** All Secrets that the worker may read. */
export const describedSecrets = (platform: Platform): Placed[] => [
  ...keySecrets(platform).map(secret => secretCalled(platform, secret)),
  ...credentialSecrets(platform),
  ...allCertificates(platform),
];

/** Workloads that may take the key: those that run quantum jobs first. */
export const keyWorkloads = (platform: Platform): PlacedWorkload[] =>
  platform.quantum
    ? [...new Set([...platform.quantum.workloads, ...Object.keys(platform.workloads)])].map(role => workloadOf(platform, role))
    : [];

const placedIn = ({ namespaces }: Platform, { namespace, name }: Placed): Placed => ({
  namespace: namespaces[namespace] ?? namespace,
  name,
});

/** @throws an `Error` that names every wrong path. */
export function parsePlatform(given: unknown): Platform {
  const parsed = platformSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || '(the whole)'}: ${message}`);
  throw new Error(`The platform description is not valid. Correct:\n${faults.join('\n')}`);
}

/** @throws an `Error` that names the file and what to correct. */
export async function readPlatform(file: string): Promise<Platform> {
  const text = await readFile(file, 'utf8');
  try {
    return parsePlatform(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The JSON Schema of `platform.json`, for editors. */
export const platformJsonSchema = () => z.toJSONSchema(platformSchema, { io: 'input' });
