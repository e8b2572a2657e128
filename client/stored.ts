/** The record of an incident that Temporal keeps no longer, or cannot give: from the artifact store. */

import { connectArtifacts } from '../activities/connectors/artifacts.ts';
import type { Report } from '../workflows/contract/index.ts';
import type { Environment } from './environment.ts';
import { artifactsFolder } from './environment.ts';
import { reportOf } from './report.ts';

/** The newest that was kept, if one was. Throws `Failed` when another version wrote it. */
export async function storedReport(environment: Environment, name: string): Promise<Report | undefined> {
  const artifacts = connectArtifacts({ folder: artifactsFolder(environment) });
  const digest = await artifacts.read(`reports/${name.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}`);
  const body = digest === undefined ? undefined : await artifacts.load(digest);
  return body === undefined ? undefined : reportOf(JSON.parse(body));
}
