/** The entry of the bundle of a worker that belongs to a Worker Deployment: the same workflows, and which of them change the version. */

import { setWorkflowOptions } from '@temporalio/workflow';
import { acknowledgePages, nextIncident, notice, takeBack, watchdog } from '../workflows/index.ts';

export * from '../workflows/index.ts';

// An unversioned worker must not say so: Temporal refuses its workflow tasks then.
for (const workflow of [acknowledgePages, nextIncident, notice, takeBack, watchdog])
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, workflow);
