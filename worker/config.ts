/** The worker's configuration: from the environment, and half of one is refused with the variable that is missing. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Connections } from '../activities/connectors/index.ts';
import { type OnCall, readOnCall } from '../activities/people.ts';
import { type Platform, readPlatform } from '../activities/platform.ts';
import { halfPaging, nobodyToPage, pagersOf, pagingSecrets, unknownRoles } from './paging.ts';

const text = z.string().min(1);
const url = z.url({ protocol: /^https?$/, error: 'is not an http or https address' });

const variables = z.object({
  RUNBOOKS_TASK_QUEUE: text.default('nqba-runbooks'),
  RUNBOOKS_PLATFORM: text.default('platform.json'),
  WORKER_PORT: z.coerce.number({ error: 'is not a port' }).int().min(0).max(65_535).default(0),
  ARTIFACTS: text.default('artifacts'),
  WORKER_USER: text.optional(),
  NODE_ENV: text.optional(),
  PAGING: z.enum(['ours', 'alertmanager'], { error: 'is ours or alertmanager' }).default('ours'),
  KUBECONFIG: text.optional(),
  KUBERNETES_SERVICE_HOST: text.optional(),
  PROMETHEUS_URL: url.optional(),
  DYNEX_API_URL: url.optional(),
  DYNEX_STATUS_URL: url.optional(),
  NQBA_API_URL: url.optional(),
  SLACK_API_URL: url.default('https://slack.com/api/'),
  SLACK_BOT_TOKEN: text.optional(),
  PAGERDUTY_EVENTS_URL: url.default('https://events.pagerduty.com'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'is not an smtp or smtps address' }).optional(),
  MAIL_FROM: z.email('is not one mail address').optional(),
  STATUSPAGE_API_URL: url.default('https://api.statuspage.io/v1'),
  STATUSPAGE_API_KEY: text.optional(),
  STATUSPAGE_PAGE_ID: text.optional(),
});
type Variables = z.infer<typeof variables>;
export type Environment = Record<string, string | undefined>;

/** A configuration that cannot work; its message names each variable and what to do. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
}

export interface Config {
  taskQueue: string;
  /** Port of `/healthz`; 0 serves none. */
  healthPort: number;
  platform: Platform;
  /** Path of roles.json, whether or not it is there. */
  rolesFile: string;
  /** The on-call people as read now; no one is described where it is absent. */
  onCall?: OnCall | undefined;
  /** The worker's name at the API server, where someone else asks what it may do. */
  user?: string;
  connections: Connections;
  /** That no incident can wake anyone, and what fixes it. */
  nobodyToPage?: string;
}

/** @throws ConfigError naming every variable that is wrong or missing */
export async function readConfig(environment: Environment): Promise<Config> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const platformFile = present.RUNBOOKS_PLATFORM ?? 'platform.json';
  const rolesFile = present.RUNBOOKS_ROLES ?? join(dirname(platformFile), 'roles.json');
  const [platform, onCall] = [await platformOf(platformFile), await onCallOf(rolesFile)];
  const named = pagingSecrets(platform, onCall);
  const given = withFiles(present, ['SLACK_BOT_TOKEN', 'STATUSPAGE_API_KEY', 'SMTP_URL', ...named.pagerduty, ...named.webhook]);
  const parsed = variables.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
  const values = parsed.data;
  const connections = connectionsOf(values, present);
  const unpaged = nobodyToPage(platform, onCall, connections);
  const missing = [
    ...halfConfigured(values, given),
    ...halfPaging(values, given, named.pagerduty),
    ...unknownRoles(platform, onCall).map(
      role => `${rolesFile} names the role ${role}, which the platform description does not have`,
    ),
  ];
  if (unpaged && values.NODE_ENV === 'production') missing.push(`${unpaged} With NODE_ENV=production that is refused`);
  if (missing.length > 0) throw new ConfigError(missing.join('\n'));
  const { RUNBOOKS_TASK_QUEUE: taskQueue, WORKER_PORT: healthPort, WORKER_USER: user } = values;
  const more = { ...(user && { user }), ...(unpaged && { nobodyToPage: unpaged }) };
  return { taskQueue, healthPort, platform, rolesFile, onCall, connections, ...more };
}

async function platformOf(file: string): Promise<Platform> {
  try {
    return await readPlatform(file);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const unread = 'code' in error ? `RUNBOOKS_PLATFORM names ${file}, which cannot be read (${error.message})` : error.message;
    throw new ConfigError(unread, { cause: error });
  }
}

async function onCallOf(file: string): Promise<OnCall | undefined> {
  try {
    return await readOnCall(file);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Each secret may also lie in a file, `<NAME>_FILE`. */
function withFiles(given: Environment, secrets: string[]): Environment {
  const inFiles = secrets.flatMap(name => {
    const path = given[`${name}_FILE`];
    return path ? [[name, contentOf(name, path, given)] as const] : [];
  });
  return { ...given, ...Object.fromEntries(inFiles) };
}

function contentOf(name: string, path: string, given: Environment): string {
  if (given[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: unset one of them`);
  const content = textOf(path)?.trim();
  if (content) return content;
  throw new ConfigError(`${name}_FILE names ${path}, which ${content === undefined ? 'cannot be read' : 'is empty'}`);
}

/** Looked up whenever it is needed: the file may have changed. */
const contentIn = (path: string | undefined) => (path && textOf(path)?.trim()) || undefined;

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Enough to act on Kubernetes and measure with Prometheus is needed; a partially configured system is an error. */
function halfConfigured(values: Variables, given: Environment): string[] {
  const page = [values.STATUSPAGE_API_KEY, values.STATUSPAGE_PAGE_ID].filter(value => value !== undefined).length;
  return [
    !values.KUBECONFIG && !values.KUBERNETES_SERVICE_HOST && 'KUBECONFIG is missing: the worker needs a cluster',
    !values.PROMETHEUS_URL && 'PROMETHEUS_URL is missing: without it nothing can be measured',
    page !== 2 &&
      (page === 1 || given.STATUSPAGE_API_URL) &&
      `${values.STATUSPAGE_API_KEY ? 'STATUSPAGE_PAGE_ID' : 'STATUSPAGE_API_KEY'} is missing: the status page needs both`,
    given.SLACK_API_URL && !values.SLACK_BOT_TOKEN && 'SLACK_BOT_TOKEN is missing, but SLACK_API_URL is set',
  ].filter(fault => typeof fault === 'string');
}

function connectionsOf(values: Variables, present: Environment): Connections {
  const {
    KUBECONFIG,
    PROMETHEUS_URL,
    DYNEX_API_URL,
    DYNEX_STATUS_URL,
    NQBA_API_URL,
    SLACK_BOT_TOKEN,
    STATUSPAGE_API_KEY,
    STATUSPAGE_PAGE_ID,
  } = values;
  return {
    artifacts: { folder: values.ARTIFACTS },
    kubernetes: { ...(KUBECONFIG && { kubeconfig: KUBECONFIG }) },
    ...(PROMETHEUS_URL && { prometheus: { url: PROMETHEUS_URL } }),
    ...((DYNEX_API_URL || DYNEX_STATUS_URL) && {
      dynex: { ...(DYNEX_API_URL && { url: DYNEX_API_URL }), ...(DYNEX_STATUS_URL && { statusUrl: DYNEX_STATUS_URL }) },
    }),
    ...(NQBA_API_URL && { api: { url: NQBA_API_URL } }),
    ...(SLACK_BOT_TOKEN && { slack: { url: values.SLACK_API_URL, token: SLACK_BOT_TOKEN } }),
    ...pagersOf(values, variable => present[variable] ?? contentIn(present[`${variable}_FILE`])),
    ...(STATUSPAGE_API_KEY &&
      STATUSPAGE_PAGE_ID && {
        statuspage: { url: values.STATUSPAGE_API_URL, key: STATUSPAGE_API_KEY, page: STATUSPAGE_PAGE_ID },
      }),
  };
}
