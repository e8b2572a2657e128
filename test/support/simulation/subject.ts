import { makeBundle, workflowBundle } from '../../../worker/bundle.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { activityTypes } from '../activity-types.ts';
import type { Subject } from './simulate.ts';
import type { WatchRule } from './world.ts';

/** The workflows as they are, or those of another folder. */
export async function subject(folder?: string): Promise<Subject> {
  const { code } = folder ? await makeBundle(`${folder}/workflows`) : await workflowBundle();
  const rule: WatchRule = await import(folder ? `${folder}/activities/watching.ts` : '../../../activities/watching.ts');
  return { sandbox: await Sandbox.load(code, activityTypes), rule };
}
