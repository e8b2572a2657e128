/** Temporal: does the namespace answer, and does it know what incidents are found by? */

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { attributesOf } from '../../activities/namespace-attributes.ts';
import type { SearchAttributeName } from '../../workflows/contract/search-attributes.ts';
import { searchAttributeNames, searchAttributes } from '../../workflows/contract/search-attributes.ts';
import type { Environment } from '../config.ts';
import { fault, fine, type Line, looked } from './line.ts';
import { versionLines } from './versions.ts';

/** Milliseconds for one request. */
const patience = 5_000;
const check = 'Search attributes';

/** @param environment names the version of the worker, where it has one */
export function temporalLines(environment: Environment = process.env): Promise<Line[]> {
  return looked(check, async () => {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    const connection = await NativeConnection.connect(connectionOptions).catch(() => undefined);
    if (!connection) return fault(check, 'not checked: Temporal is unreachable.', 'Check TEMPORAL_ADDRESS.');
    try {
      return await connection.withDeadline(Date.now() + patience, async () => [
        await attributesLine(connection, namespace),
        ...(await linesOfVersion(connection, namespace, environment)),
      ]);
    } finally {
      await connection.close();
    }
  });
}

async function linesOfVersion(connection: NativeConnection, namespace: string, environment: Environment): Promise<Line[]> {
  const { WORKER_DEPLOYMENT: deploymentName, WORKER_BUILD_ID: buildId, RUNBOOKS_TASK_QUEUE: taskQueue } = environment;
  if (!deploymentName || !buildId) return [];
  const version = { deploymentName, buildId };
  return versionLines(connection, { namespace, taskQueue: taskQueue || 'nqba-runbooks', version });
}

/** Without them incidents run all the same, and are not found by state, severity, cluster or who is waited for. */
async function attributesLine(connection: NativeConnection, namespace: string): Promise<Line> {
  const found = await attributesOf(connection, namespace).catch(() => undefined);
  if (!found)
    return fine(
      check,
      `of ${namespace} may not be listed here. Where they are missing: ${creating(namespace, searchAttributeNames)}`,
    );
  const missing = searchAttributeNames.filter(name => !found.has(name));
  const wrong = searchAttributeNames.filter(name => found.has(name) && found.get(name) !== searchAttributes[name]);
  if (missing.length + wrong.length === 0) return fine(check, `${namespace} has all ${searchAttributeNames.length}.`);
  const lacks = missing.length > 0 ? [`lacks ${missing.join(', ')}`] : [];
  const others = wrong.map(name => `has ${name} as ${found.get(name)}, not ${searchAttributes[name]}`);
  const removing = wrong.map(name => `temporal operator search-attribute remove --namespace ${namespace} --yes --name ${name}`);
  return fault(
    check,
    `${namespace} ${[...lacks, ...others].join(', and ')}: incidents are not found by them.`,
    [...removing, creating(namespace, [...wrong, ...missing])].join(' && '),
  );
}

const creating = (namespace: string, names: readonly SearchAttributeName[]) =>
  `temporal operator search-attribute create --namespace ${namespace} ${names.map(name => `--name ${name} --type ${searchAttributes[name]}`).join(' ')}`;
