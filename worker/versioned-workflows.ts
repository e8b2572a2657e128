/** The entry of the bundle of a worker that belongs to a Worker Deployment: the same workflows, and which of them change the version. */

import { setWorkflowOptions } from '@temporalio/workflow';
import * as ours from '../workflows/index.ts';

export * from '../workflows/index.ts';

/** It goes on with the current version. An unversioned worker must not say so: Temporal refuses its workflow tasks then. */
function moving<A extends unknown[], R>(workflow: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  // Modules of ours are shared by all workflows and frozen, so the options stand on a function of its own.
  const own = (...args: A) => workflow(...args);
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, own);
  return own;
}

export const acknowledgePages = moving(ours.acknowledgePages);
export const nextIncident = moving(ours.nextIncident);
export const notice = moving(ours.notice);
export const takeBack = moving(ours.takeBack);
export const watchdog = moving(ours.watchdog);
