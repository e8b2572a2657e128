/** The form of `platform.json`: what a platform must have, what it may have, and what of it must fit together. */

import { z } from 'zod';
import { severities } from '../workflows/contract/vocabulary.ts';
import { document } from './platform/document.ts';
import { sections } from './platform/sections.ts';
import { queryNames } from './queries.ts';
import { timeZone } from './time-zone.ts';

const name = z.string().min(1).max(253);
const labels = z.record(name, z.string());
/** One entry for each of a closed list, none of them missing. */
const each = <const K extends string, V extends z.ZodType>(keys: readonly K[], value: V) => z.record(z.enum(keys), value);
/** Entries by names of the platform's own. */
const named = <V extends z.ZodType>(value: V) => z.record(name, value);
const atLeastOne = <V extends z.ZodType>(value: V, of: string) =>
  named(value).refine(all => Object.keys(all).length > 0, `describe at least one ${of}`);

const placed = { namespace: name.describe('One of `namespaces`, by its name there'), name };

/** Kinds of workloads that runbooks may name. */
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

const workload = z.strictObject({
  kind: z.enum(workloadKinds),
  ...placed,
  container: name.describe('The container that does the work'),
  selector: labels.describe('Labels of its pods'),
  hpa: name.optional().describe('Its HorizontalPodAutoscaler'),
  configMap: name.optional().describe('The ConfigMap that it should read, one of `configMaps`'),
});

const reached = z.union([
  z.literal('none'),
  z.strictObject({
    pagerduty: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'name the environment variable that holds the routing key'),
  }),
]);

const shape = z.strictObject({
  $schema: z.string().optional(),
  name,
  cluster: name.describe('As alerts call it in their label `cluster`'),
  clusterAliases: z.array(name).optional().describe('Other names of the cluster in that label; an alert of any other is ignored'),
  timeZone: timeZone.default('UTC').describe('Where its nights are night, an IANA name such as Europe/Berlin'),
  namespaces: atLeastOne(name, 'namespace').describe('By names of your own, which the rest of this file uses'),
  workloads: atLeastOne(workload, 'workload').describe(
    'By the names that runbooks call them; the shipped ones say api, worker, batch',
  ),
  labelledWorkloads: z
    .array(z.strictObject({ namespace: placed.namespace, kinds: z.array(z.enum(workloadKinds)).min(1) }))
    .default([])
    .describe('Where, and of which kinds, a runbook may touch a workload that only the labels of its alert name'),
  configMaps: named(z.strictObject(placed)).default({}).describe('By the names that runbooks call them'),
  certificates: z
    .array(z.strictObject(placed))
    .default([])
    .describe('TLS Secrets of Ingresses, whose expiry is checked: the worker may read them then'),
  hold: z.strictObject(placed).describe('The ConfigMap that holds and arms; kubectl can edit it'),
  ...sections,
  statusPage: z
    .strictObject({ components: named(z.strictObject({ name, id: name.optional() })) })
    .prefault({ components: {} })
    .describe('Public names of the components, by the names that runbooks call them; a missing id is looked up by name'),
  document,
  channels: z
    .object({
      incidents: name.describe('Slack channel, `#name` or id'),
      mail: z.email().optional().describe('Mail address that learns of the beginning and the end of each incident'),
    })
    .catchall(name)
    .describe('Further channels by names of your own'),
  roles: named(reached).describe('How each role is reached; the shipped runbooks need roles of their own, you may add others'),
  queries: z
    .partialRecord(z.enum(queryNames), z.string().min(1).max(4_000))
    .default({})
    .describe('PromQL instead of ours, by the name of the query; $window, $job, $namespace and $names are filled in'),
  times: z.strictObject({
    pace: z.number().positive().max(1).describe('Waits for the world are multiplied by this; 1 on a real platform'),
    quietMinutes: each(severities, z.number().positive()),
  }),
  links: z.strictObject({
    temporalUi: z.url().optional(),
    dashboards: z.record(name, z.url()).optional().describe('Dashboards as the runbooks call them, such as NQBA API Metrics'),
  }),
});

export type Platform = z.infer<typeof shape>;

export const platformSchema = shape.superRefine((platform, context) => {
  for (const { path, message } of [...misnamed(platform), ...doubled(platform)])
    context.addIssue({ code: 'custom', path, message });
});

interface Fault {
  path: string[];
  message: string;
}

const one = (path: string[], name: string | undefined, among: Record<string, unknown>, where: string): Fault[] =>
  name === undefined || Object.hasOwn(among, name)
    ? []
    : [{ path, message: `${name} is not among ${where}, which has ${Object.keys(among).join(', ') || 'none'}` }];

/** Names that nothing in the description has. */
function misnamed({
  namespaces,
  workloads,
  configMaps,
  labelledWorkloads,
  certificates,
  hold,
  access,
  quantum: section,
  billing,
  gateway,
  ipfs,
}: Platform): Fault[] {
  const inNamespaces = (path: string[], name: string) => one([...path, 'namespace'], name, namespaces, 'namespaces');
  return [
    ...Object.entries(workloads).flatMap(([role, { namespace, configMap }]) => [
      ...inNamespaces(['workloads', role], namespace),
      ...one(['workloads', role, 'configMap'], configMap, configMaps, 'configMaps'),
    ]),
    ...labelledWorkloads.flatMap(({ namespace }, index) => inNamespaces(['labelledWorkloads', `${index}`], namespace)),
    ...ofLogins(access, workloads, configMaps),
    ...Object.entries(configMaps).flatMap(([role, { namespace }]) => inNamespaces(['configMaps', role], namespace)),
    ...certificates.flatMap(({ namespace }, index) => inNamespaces(['certificates', `${index}`], namespace)),
    ...inNamespaces(['hold'], hold.namespace),
    ...(billing
      ? [
          ...inNamespaces(['billing', 'charging'], billing.charging.namespace),
          ...one(['billing', 'charging', 'configMap'], billing.charging.configMap, configMaps, 'configMaps'),
        ]
      : []),
    ...(gateway?.ingress ? inNamespaces(['gateway', 'ingress'], gateway.ingress.namespace) : []),
    ...one(['gateway', 'settings', 'configMap'], gateway?.settings?.configMap, configMaps, 'configMaps'),
    ...(section
      ? [
          ...section.workloads.flatMap(role => one(['quantum', 'workloads'], role, workloads, 'workloads')),
          ...(section.share?.polledBy ?? []).flatMap(role => one(['quantum', 'share', 'polledBy'], role, workloads, 'workloads')),
          ...one(['quantum', 'configMap'], section.configMap, configMaps, 'configMaps'),
          ...inNamespaces(['quantum', 'key'], section.key.namespace),
        ]
      : []),
    ...misnamedOfPins(ipfs, { namespaces, workloads, configMaps }),
  ];
}

/** The same of the section ipfs. */
function misnamedOfPins(
  ipfs: Platform['ipfs'],
  { namespaces, workloads, configMaps }: Pick<Platform, 'namespaces' | 'workloads' | 'configMaps'>,
): Fault[] {
  if (!ipfs) return [];
  const { credentials } = ipfs;
  const among = (path: string[], roles: string[]) => roles.flatMap(role => one(['ipfs', ...path], role, workloads, 'workloads'));
  return [
    ...among(['workloads'], ipfs.workloads),
    ...one(['ipfs', 'workload'], ipfs.workload, workloads, 'workloads'),
    ...one(['ipfs', 'configMap'], ipfs.configMap, configMaps, 'configMaps'),
    ...among(['credentials', 'workloads'], credentials?.workloads ?? []),
    ...one(['ipfs', 'credentials', 'namespace'], credentials?.namespace, namespaces, 'namespaces'),
  ];
}

function ofLogins(access: Platform['access'], workloads: Platform['workloads'], configMaps: Platform['configMaps']): Fault[] {
  const { workload, configuration } = access ?? {};
  return [
    ...one(['access', 'workload'], workload, workloads, 'workloads'),
    ...one(['access', 'configuration', 'configMap'], configuration?.configMap, configMaps, 'configMaps'),
  ];
}

/** One object under two names would be changed twice. */
function doubled({ workloads, namespaces }: Platform): Fault[] {
  const byObject = Map.groupBy(
    Object.entries(workloads),
    ([, { kind, namespace, name }]) => `${kind} ${namespaces[namespace] ?? namespace}/${name}`,
  );
  return [...byObject].flatMap(([object, [first, ...others]]) =>
    others.map(([role]) => ({ path: ['workloads', role], message: `${object} is workloads.${first?.[0] ?? ''} already` })),
  );
}
