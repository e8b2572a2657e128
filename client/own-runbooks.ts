/** Runbooks of one's own join the catalog of this process: RUNBOOKS_FOLDER names their folder. */

import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import { refuseUndescribed } from '../activities/own-runbooks/described.ts';
import { type Environment, value } from './environment.ts';
import { Usage } from './errors.ts';
import type { ClientPlatform } from './platform.ts';

/** Once a process. Throws `Usage` with the file that is wrong. */
export function addOwnRunbooks(environment: Environment) {
  inFolder(environment, joinCatalog);
}

/** Throws `Usage` with a line for each name that this platform does not have; half a description, without workloads, says nothing. */
export function refuseUnknownNames(environment: Environment, platform: ClientPlatform) {
  if (Object.keys(platform.workloads).length > 0) inFolder(environment, folder => refuseUndescribed(platform, folder));
}

function inFolder(environment: Environment, act: (folder: string) => void) {
  const folder = value(environment, 'RUNBOOKS_FOLDER');
  if (folder === undefined) return;
  try {
    act(folder);
  } catch (error) {
    if (error instanceof OwnRunbookError) throw new Usage(error.message);
    throw error;
  }
}
