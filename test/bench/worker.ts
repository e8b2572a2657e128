/** A worker whose activities answer at once, as in the usual outage: `node test/bench/worker.ts BUNDLE ADDRESS NAMESPACE QUEUE`. */

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { activityNames } from '../../workflows/catalog/activities.ts';
import { dynexDown, worldOf } from '../support/rehearsing.ts';

const [codePath = '', address = '', namespace = '', taskQueue = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('WARN') });

const react = worldOf(dynexDown);
const activity =
  (type: string) =>
  async (...args: unknown[]) => {
    const reaction = react({ type, title: '', args, attempt: 1, at: Date.now() });
    if ('error' in reaction) throw reaction.error;
    return reaction.result;
  };

const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  namespace,
  taskQueue,
  workflowBundle: { codePath },
  activities: Object.fromEntries(activityNames.map(type => [type, activity(type)])),
  maxCachedWorkflows: 1000,
  maxEagerActivityReservationsPerWorkflowTask: 20,
});
await worker.run();
