/** The record of an incident that Temporal keeps no longer, or cannot give: from the artifact store. */

import { existsSync } from 'node:fs';
import { connectArtifacts } from '../activities/connectors/artifacts.ts';
import { SystemError } from '../activities/connectors/system-error.ts';
import type { Report, Target } from '../workflows/contract/index.ts';
import type { Environment } from './environment.ts';
import { artifactsFolder } from './environment.ts';
import { Failed } from './errors.ts';
import { reportOf } from './report.ts';

/** The newest that was kept, if one was. Throws `Failed` when another version wrote it, or the store cannot be read. */
export async function storedReport(environment: Environment, name: string): Promise<Report | undefined> {
  const file = name.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const body = file === '' ? undefined : await stored(environment, `reports/${file}`);
  return body === undefined ? undefined : reportOf(JSON.parse(body));
}

/** Records of changes outside the cluster. Throws `Failed` where the worker's store is not here, or cannot be read. */
export async function storedRecords(environment: Environment, target: Target): Promise<Record<string, string>> {
  const folder = artifactsFolder(environment);
  if (!existsSync(folder)) throw new Failed(`There is no artifact store ${folder} here. ${which}`);
  const { storedRecords: read } = await import('../activities/engine/stored-records.ts');
  return unlessSilent(() => read(connectArtifacts({ folder }), target));
}

const which = 'ARTIFACTS names the folder that the worker writes to.';

function stored(environment: Environment, name: string): Promise<string | undefined> {
  const artifacts = connectArtifacts({ folder: artifactsFolder(environment) });
  return unlessSilent(async () => {
    const digest = await artifacts.read(name);
    return digest === undefined ? undefined : artifacts.load(digest);
  });
}

async function unlessSilent<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new Failed(`${error.message} ${which}`, { cause: error });
  }
}
