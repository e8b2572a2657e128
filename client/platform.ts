/** The part of the platform that the client needs: its cluster's name, its times, its hold, where links lead, and its people. */

import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { nightsFrom } from '../activities/nights.ts';
import { parseOnCall, peopleFrom } from '../activities/people.ts';
import { keySecretsOf, stagesOf } from '../activities/platform.ts';
import { workloadKinds } from '../activities/platform-schema.ts';
import { document } from '../activities/platform/document.ts';
import { timeZone } from '../activities/time-zone.ts';
import type { PlatformTimes, Role, Target } from '../workflows/contract/index.ts';
import type { Environment } from './environment.ts';
import { ladderBegins, rolesFile, wantsTickets } from './environment.ts';
import { Usage } from './errors.ts';

const minutes = (usual: number) => z.number().nonnegative().default(usual);
const quietMinutes = z.object({ P0: minutes(60), P1: minutes(60), P2: minutes(30), P3: minutes(30) });
const times = z.object({
  pace: z.number().positive().max(1).default(1),
  quietMinutes: quietMinutes.prefault({}),
  ladderBegins: z.literal(1).optional(),
  tickets: z.literal(true).optional(),
});

const platform = z.looseObject({
  cluster: z.string().min(1),
  clusterAliases: z.array(z.string().min(1)).optional(),
  timeZone: timeZone.default('UTC'),
  times: times.prefault({}) satisfies z.ZodType<PlatformTimes>,
  links: z.record(z.string(), z.string()).default({}),
  namespaces: z.record(z.string(), z.string()).default({}),
  configMaps: z.record(z.string(), z.looseObject({ namespace: z.string(), name: z.string() })).default({}),
  workloads: z
    .record(z.string(), z.looseObject({ kind: z.string(), namespace: z.string(), name: z.string(), hpa: z.string().optional() }))
    .default({}),
  labelledWorkloads: z.array(z.looseObject({ namespace: z.string(), kinds: z.array(z.enum(workloadKinds)) })).optional(),
  hold: z.looseObject({ namespace: z.string(), name: z.string() }).optional(),
  document,
  channels: z.record(z.string(), z.string()).optional(),
  roles: z.record(z.string(), z.unknown()).default({}),
  quantum: z
    .looseObject({
      ramp: z.enum(['restart', 'runtime']),
      key: z.looseObject({ secret: z.string(), rotation: z.array(z.string()).default([]) }),
    })
    .optional(),
  database: z.looseObject({ instance: z.string() }).optional(),
  gateway: z
    .looseObject({
      form: z.string(),
      ingress: z
        .looseObject({ namespace: z.string(), objects: z.record(z.string(), z.string()), own: z.string().optional() })
        .optional(),
      limits: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
  billing: z.looseObject({ charging: z.looseObject({ namespace: z.string(), cronJob: z.string() }) }).optional(),
  statusPage: z.looseObject({ components: z.record(z.string(), z.looseObject({ name: z.string() })).default({}) }).prefault({}),
});

export type ClientPlatform = z.infer<typeof platform>;

/** The ConfigMap that holds and arms, by its real names. */
export function holdOf({ namespaces, hold }: ClientPlatform): { namespace: string; name: string } {
  const namespace = hold && namespaces[hold.namespace];
  if (!namespace) throw new Usage('The platform description names no ConfigMap for hold: add "hold" to it.');
  return { namespace, name: hold.name };
}

/** The objects that incidents may change, by their real names: each carries the record of its changes. */
export function changeable(described: ClientPlatform): Target[] {
  const { namespaces, configMaps, workloads, gateway, billing, database, statusPage } = described;
  const placed = (kind: string, { namespace, name }: { namespace: string; name: string }): Target => ({
    system: 'kubernetes',
    kind,
    namespace: namespaces[namespace] ?? namespace,
    name,
  });
  const scaled = Object.values(workloads).flatMap(({ hpa, ...place }) => (hpa === undefined ? [] : [{ ...place, name: hpa }]));
  return [
    ...Object.values(configMaps).map(place => placed('ConfigMap', place)),
    ...Object.values(workloads).map(workload => placed(workload.kind, workload)),
    ...scaled.map(place => placed('HorizontalPodAutoscaler', place)),
    ...ingressesOf(gateway).map(place => placed('Ingress', place)),
    ...policiesOf(gateway),
    ...(gateway ? [raisedQuotas] : []),
    ...Object.values(statusPage.components).map(({ name }): Target => ({ system: 'status page', kind: 'Status page', name })),
    ...(billing === undefined ? [] : [placed('CronJob', { ...billing.charging, name: billing.charging.cronJob }), priceList]),
    { system: 'job hub', kind: 'Job hub', name: 'intake' },
    { system: 'job hub', kind: 'Job hub', name: 'order' },
    { system: 'alertmanager', kind: 'Silence', name: 'planned alerts' },
    ...(database ? [{ system: 'cloud database', kind: 'DB instance', name: database.instance } as const] : []),
  ];
}

const raisedQuotas: Target = { system: 'NQBA API', kind: 'Quotas', name: 'raised' };
const priceList: Target = { system: 'NQBA API', kind: 'Price list', name: 'in force' };

type Gateway = ClientPlatform['gateway'];

/** Ingresses that carry limits and blocks, and the one that an incident may make for them. */
function ingressesOf(gateway: Gateway): { namespace: string; name: string }[] {
  if (gateway?.form !== 'ingress' || !gateway.ingress) return [];
  const { namespace, objects, own } = gateway.ingress;
  return [...Object.values(objects), ...(own === undefined ? [] : [own])].map(name => ({ namespace, name }));
}

/** Limits and blocks where the platform's own API enforces them. */
function policiesOf(gateway: Gateway): Target[] {
  if (!gateway || gateway.form === 'ingress') return [];
  const limits = Object.keys(gateway.limits).map((name): Target => ({ system: 'NQBA API', kind: 'Limit', name }));
  return [...limits, { system: 'NQBA API', kind: 'Blocks', name: 'sources' }];
}

/** Throws `Usage` with the file's name and what is wrong in it. */
export function readPlatform(file: string, environment: Environment = {}): ClientPlatform {
  const parsed = platform.safeParse(jsonOf(file));
  if (!parsed.success) throw new Usage(`${file} does not describe a platform:\n${z.prettifyError(parsed.error)}`);
  const begins = ladderBegins(environment);
  const more = { ...(begins === 1 && { ladderBegins: begins }), ...(wantsTickets(environment) && { tickets: true as const }) };
  return { ...parsed.data, times: { ...parsed.data.times, ...more } };
}

/** Nights that an incident knows of: long enough for any of them. */
const nightsKnown = 10;

/** The platform as an incident that opens now gets it: its times, its nights, how jobs return, and who may answer. */
export const timesAt = (
  { times, timeZone, quantum }: ClientPlatform,
  now: number,
  people: Record<string, Role[]> = {},
): PlatformTimes => ({
  ...times,
  nights: nightsFrom(timeZone, new Date(now), nightsKnown),
  stages: quantum && stagesOf(quantum),
  keySecrets: quantum && keySecretsOf(quantum),
  drafts: true,
  ...(Object.keys(people).length > 0 && { people }),
});

/** Each person that roles.json describes, with their roles; no one without one. Throws `Usage` with what is wrong in it. */
export function readPeople(environment: Environment): Record<string, Role[]> {
  const file = rolesFile(environment);
  if (!existsSync(file)) return {};
  try {
    return peopleFrom(parseOnCall(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Usage(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Usage(`${file} cannot be read (${String(error)}). Name another with --platform or RUNBOOKS_PLATFORM.`);
  }
}
