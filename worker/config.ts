/** The worker's configuration: from the environment, and half of one is refused with the variable that is missing. */

import { dirname, join } from 'node:path';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { z } from 'zod';
import { faultsIn, text } from '../activities/connectors/description.ts';
import { ConfigError, givenBy, secretNames } from '../activities/connectors/given.ts';
import { type Connections, readConnections } from '../activities/connectors/index.ts';
import { type LogForm, logForms, secretsIn } from '../activities/log.ts';
import { proxiesIn, proxyFaults } from '../activities/connectors/proxy.ts';
import { type OnCall, readOnCall } from '../activities/people.ts';
import { type Platform, readPlatform } from '../activities/platform.ts';
import { pagingSecrets } from '../activities/paging-secrets.ts';
import { nobodyToPage, unknownRoles } from './paging.ts';

export { ConfigError };

/** The worker's own variables; those of the systems stand with their connectors. */
export const ownVariables = z.object({
  RUNBOOKS_TASK_QUEUE: text.default('nqba-runbooks'),
  RUNBOOKS_PLATFORM: text.default('platform.json'),
  WORKER_PORT: z.coerce.number({ error: 'is not a port' }).int().min(0).max(65_535).default(0),
  WORKER_HOST: text.default('127.0.0.1'),
  ARTIFACTS: text.default('artifacts'),
  WORKER_USER: text.optional(),
  NODE_ENV: text.optional(),
  RUNBOOKS_LOG: z.enum(logForms, { error: 'is text or json' }).default('text'),
  WORKER_DEPLOYMENT: text.regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'is not letters, digits, - and _').optional(),
  WORKER_BUILD_ID: text.regex(/^\w[\w.-]{0,99}$/, 'is not letters, digits, dots, - and _').optional(),
  PAGING: z.enum(['ours', 'alertmanager'], { error: 'is ours or alertmanager' }).default('ours'),
});
export type Environment = Record<string, string | undefined>;

export interface Config {
  taskQueue: string;
  /** Port of `/healthz` and `/metrics`; 0 serves none. */
  healthPort: number;
  /** The address that it is served on. */
  healthHost?: string;
  platform: Platform;
  /** Path of roles.json, whether or not it is there. */
  rolesFile: string;
  /** The on-call people as read now; no one is described where it is absent. */
  onCall?: OnCall | undefined;
  /** The worker's name at the API server, where someone else asks what it may do. */
  user?: string;
  connections: Connections;
  /** How its log is written, and the secrets that are hidden in it. */
  log?: { form: LogForm; secrets: string[] };
  /** Its version in a Worker Deployment of Temporal; unversioned where it is absent. */
  version?: WorkerDeploymentVersion;
  /** That no incident can wake anyone, and what fixes it. */
  nobodyToPage?: string;
}

/** @throws ConfigError naming every variable that is wrong or missing */
export async function readConfig(environment: Environment): Promise<Config> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const platformFile = present.RUNBOOKS_PLATFORM ?? 'platform.json';
  const rolesFile = present.RUNBOOKS_ROLES ?? join(dirname(platformFile), 'roles.json');
  const [platform, onCall] = [await platformOf(platformFile), await onCallOf(rolesFile)];
  const given = givenBy(present, pagingSecrets(platform, onCall));
  const own = ownVariables.safeParse(given.variables);
  const { connections, faults } = readConnections(given, { folder: own.data?.ARTIFACTS ?? '' });
  const roles = unknownRoles(platform, onCall).map(
    role => `${rolesFile} names the role ${role}, which the platform description does not have`,
  );
  const wrong = [
    ...(own.error ? faultsIn(own.error) : []),
    ...faults,
    ...proxyFaults(present),
    ...halfVersion(present),
    ...roles,
  ];
  if (!own.success || wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  const {
    RUNBOOKS_TASK_QUEUE: taskQueue,
    WORKER_PORT: healthPort,
    WORKER_HOST: healthHost,
    WORKER_USER: user,
    RUNBOOKS_LOG: form,
    NODE_ENV,
  } = own.data;
  const unpaged = nobodyToPage(platform, onCall, connections);
  if (unpaged && NODE_ENV === 'production') throw new ConfigError(`${unpaged} With NODE_ENV=production that is refused`);
  connections.proxies = proxiesIn(present);
  const log = { form, secrets: secretsIn(given.variables, [...secretNames(given), 'TEMPORAL_API_KEY']) };
  const more = {
    ...(user && { user }),
    ...(unpaged && { nobodyToPage: unpaged }),
    ...versionIn(own.data),
  };
  return { taskQueue, healthPort, healthHost, platform, rolesFile, onCall, connections, log, ...more };
}

const versionIn = ({ WORKER_DEPLOYMENT: deploymentName, WORKER_BUILD_ID: buildId }: z.infer<typeof ownVariables>) =>
  deploymentName !== undefined && buildId !== undefined ? { version: { deploymentName, buildId } } : {};

/** A version is two variables: one alone would start an unversioned worker that Temporal gives nothing to do. */
function halfVersion({ WORKER_DEPLOYMENT, WORKER_BUILD_ID }: Environment): string[] {
  if ((WORKER_DEPLOYMENT === undefined) === (WORKER_BUILD_ID === undefined)) return [];
  return WORKER_DEPLOYMENT === undefined
    ? ['WORKER_BUILD_ID is set and WORKER_DEPLOYMENT is not: set both, or none']
    : ['WORKER_DEPLOYMENT is set and WORKER_BUILD_ID is not: set both, or none'];
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
