/** The record of an incident that Temporal keeps no longer, or cannot give: from the artifact store. */

import { connectArtifacts } from '../activities/connectors/artifacts.ts';
import { SystemError } from '../activities/connectors/system-error.ts';
import type { Report } from '../workflows/contract/index.ts';
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

async function stored(environment: Environment, name: string): Promise<string | undefined> {
  const artifacts = connectArtifacts({ folder: artifactsFolder(environment) });
  try {
    const digest = await artifacts.read(name);
    return digest === undefined ? undefined : await artifacts.load(digest);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new Failed(`${error.message} ARTIFACTS names the folder that the worker writes to.`, { cause: error });
  }
}
