import { globSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { interceptorModules, keptBundle, payloadConverterPath } from '../../../worker/bundle.ts';
import { type Rehearsal, Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { activityNames } from '../../../workflows/catalog/activities.ts';
import { type Rehearsing, rehearsal, usual } from '../rehearsing.ts';
import type * as runbooks from './runbooks.ts';

let sandbox: Promise<Sandbox> | undefined;

/** Rehearses one of the runbooks that exist for tests only, by the name it is exported under. */
export function trial(type: keyof typeof runbooks, rehearsing: Rehearsing = {}): Promise<Rehearsal> {
  sandbox ??= load();
  return rehearsal({ type, people: {}, ...rehearsing, sandbox });
}

/** A whole outage, answered as people usually do. */
export const trialOutage = (rehearsing: Rehearsing = {}) => trial('outage', { people: usual, ...rehearsing });

const here = import.meta.dirname;

async function load(): Promise<Sandbox> {
  const sources = globSync('*.ts', { cwd: here }).map(file => join(here, file));
  const { code } = await keptBundle(sources.sort(), () =>
    bundleWorkflowCode({
      workflowsPath: join(here, 'runbooks.ts'),
      payloadConverterPath,
      workflowInterceptorModules: interceptorModules,
      logger: new DefaultLogger('ERROR'),
    }),
  );
  return Sandbox.load(code, activityNames);
}
