/** The platform as `platform.json` describes it: the only place where roles become names. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Stage } from '../workflows/contract/start.ts';
import { roles, severities, type Workload, workloads } from '../workflows/contract/vocabulary.ts';
import { timeZone } from './time-zone.ts';

/** Components of the public status page by role. */
export const components = ['quantum', 'api'] as const;
export type Component = (typeof components)[number];

const name = z.string().min(1).max(253);
const labels = z.record(name, z.string());
/** One entry for each of a closed list, none of them missing. */
const each = <const K extends string, V extends z.ZodType>(keys: readonly K[], value: V) => z.record(z.enum(keys), value);
/** Entries for some of a closed list. */
const some = <const K extends string, V extends z.ZodType>(keys: readonly K[], value: V) => z.partialRecord(z.enum(keys), value);

const namespaces = ['platform', 'monitoring'] as const;
const namespaceRole = z.enum(namespaces);
const placed = { namespace: namespaceRole, name };

/** ConfigMaps by role: what workloads take their settings from. */
export const configMapRoles = ['quantum'] as const;
export type ConfigMapRole = (typeof configMapRoles)[number];

const workload = z.strictObject({
  kind: z.literal('Deployment'),
  ...placed,
  container: name.describe('The container that does the work'),
  selector: labels.describe('Labels of its pods'),
  hpa: name.optional().describe('Its HorizontalPodAutoscaler'),
  configMap: z.literal('quantum').optional().describe('Role of the ConfigMap that it should read'),
});

const quantum = z.strictObject({
  workloads: z.array(z.enum(workloads)).min(1).describe('Who runs quantum jobs'),
  fallback: z.record(name, z.string()).describe('Keys of the ConfigMap that send every job to the classical solvers'),
  ramp: z
    .enum(['restart', 'runtime'])
    .describe('How jobs return to Dynex: all at once with a restart, or in stages by a share that pods read while they run'),
  share: z
    .strictObject({
      key: name.describe('Key of the ConfigMap: how many of a hundred jobs go to Dynex, whatever a pod was started with'),
      polledBy: z
        .array(z.enum(workloads))
        .default([])
        .describe('Who asks the API server for it; of everybody else it is looked up whether the pods have it mounted'),
    })
    .optional()
    .describe('Needed for "runtime"'),
  key: z
    .strictObject({
      namespace: namespaceRole,
      secret: name,
      key: name,
      env: name,
      rotation: z.array(name).default([]).describe('Secrets that a new key may be put into; the worker may read no others'),
    })
    .describe('Where the Dynex API key lies; never the key'),
  solvers: each(['dynex', 'classical'], name).describe('The solvers as the metrics and the NQBA API call them'),
  minJobs: z.int().min(1).default(5).describe('Fewest jobs that count as a measurement'),
  successRate: z.number().min(0).max(1).default(0.95),
  windowMinutes: z.number().positive().default(10).describe('How far the job metrics look back, before pace'),
  recovery: z
    .strictObject({
      jobs: z.int().min(1).default(20),
      canaries: z.int().min(1).max(5).default(3),
      share: z.number().min(0).max(1).default(0.95).describe('Part of the jobs that must run on Dynex, of each workload'),
    })
    .prefault({})
    .describe('Fewest successes that count as recovered'),
});

const reached = z.union([
  z.literal('none'),
  z.strictObject({
    pagerduty: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'name the environment variable that holds the routing key'),
  }),
]);

export const platformSchema = z.strictObject({
  $schema: z.string().optional(),
  name,
  cluster: name.describe('As alerts call it in their label `cluster`'),
  clusterAliases: z.array(name).optional().describe('Other names of the cluster in that label; an alert of any other is ignored'),
  timeZone: timeZone.default('UTC').describe('Where its nights are night, an IANA name such as Europe/Berlin'),
  namespaces: each(namespaces, name),
  workloads: each(workloads, workload),
  configMaps: each(configMapRoles, z.strictObject(placed)),
  hold: z.strictObject(placed).describe('The ConfigMap that holds and arms; kubectl can edit it'),
  quantum: quantum.refine(({ ramp, share }) => ramp !== 'runtime' || share !== undefined, {
    path: ['share'],
    error: '"runtime" needs the key that pods read while they run: { "key": "QUANTUM_SHARE_PERCENT" }',
  }),
  statusPage: z
    .strictObject({ components: some(components, z.strictObject({ name, id: name.optional() })) })
    .describe('Public names of the components; a missing id is looked up by name'),
  channels: z.strictObject({ incidents: name.describe('Slack channel, `#name` or id') }),
  roles: each(roles, reached).describe('How each role is reached'),
  times: z.strictObject({
    pace: z.number().positive().max(1).describe('Waits for the world are multiplied by this; 1 on a real platform'),
    quietMinutes: each(severities, z.number().positive()),
  }),
  links: z.strictObject({
    temporalUi: z.url().optional(),
    dashboards: z.record(name, z.url()).optional().describe('Dashboards as the runbooks call them, such as NQBA API Metrics'),
  }),
});

export type Platform = z.infer<typeof platformSchema>;

/** An object of the cluster, by the names it has there. */
export interface Placed {
  namespace: string;
  name: string;
}

export interface PlacedWorkload extends Placed {
  role: Workload;
  container: string;
  selector: Record<string, string>;
  hpa?: string;
}

export function workloadOf({ workloads, namespaces }: Platform, role: Workload): PlacedWorkload {
  const { name, namespace, container, selector, hpa } = workloads[role];
  return { role, name, namespace: namespaces[namespace], container, selector, ...(hpa && { hpa }) };
}

/** How jobs return to Dynex, one stage after the other; nothing where each would be a restart: then they return at once. */
export const stagesOf = ({ ramp }: Pick<Platform['quantum'], 'ramp'>): Stage[] | undefined =>
  ramp === 'runtime' ? [10, 25, 50, 100].map(percent => ({ percent, minutes: 10 })) : undefined;

/** The key that pods read while they run, where jobs return by it. */
export const shareKey = ({ quantum: { ramp, share } }: Platform): string | undefined =>
  ramp === 'runtime' ? share?.key : undefined;

export const quantumWorkloads = (platform: Platform): PlacedWorkload[] =>
  platform.quantum.workloads.map(role => workloadOf(platform, role));

export const configMapCalled = (platform: Platform, role: ConfigMapRole): Placed => placedIn(platform, platform.configMaps[role]);

export const quantumConfigMap = (platform: Platform): Placed => configMapCalled(platform, 'quantum');

export const holdConfigMap = (platform: Platform): Placed => placedIn(platform, platform.hold);

export const quantumSecret = (platform: Platform): Placed => secretCalled(platform, platform.quantum.key.secret);

/** Where a key of that Secret lies. */
export const secretCalled = (platform: Platform, secret: string): Placed =>
  placedIn(platform, { namespace: platform.quantum.key.namespace, name: secret });

/** Secrets that the platform's key may lie in. */
export const keySecrets = ({ quantum: { key } }: Platform): string[] => [...new Set([key.secret, ...key.rotation])];

/** Workloads that take the key: those that run quantum jobs first. */
export const keyWorkloads = (platform: Platform): PlacedWorkload[] =>
  [...new Set([...platform.quantum.workloads, ...workloads])].map(role => workloadOf(platform, role));

const placedIn = ({ namespaces }: Platform, { namespace, name }: { namespace: keyof Platform['namespaces']; name: string }) => ({
  namespace: namespaces[namespace],
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
