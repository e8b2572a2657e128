/** Runbooks of one's own join the catalog of this process: RUNBOOKS_FOLDER names their folder. */

import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import { type Environment, value } from './environment.ts';
import { Usage } from './errors.ts';

/** Once a process. Throws `Usage` with the file that is wrong. */
export function addOwnRunbooks(environment: Environment) {
  const folder = value(environment, 'RUNBOOKS_FOLDER');
  if (folder === undefined) return;
  try {
    joinCatalog(folder);
  } catch (error) {
    if (error instanceof OwnRunbookError) throw new Usage(error.message);
    throw error;
  }
}
