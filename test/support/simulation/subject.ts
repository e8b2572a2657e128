import { makeBundle, workflowBundle } from '../../../worker/bundle.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { activityNames } from '../../../workflows/catalog/activities.ts';
import type { Intake } from './deliveries.ts';
import type { WatchRule } from './world.ts';

/** What is simulated: the bundled workflows, the rule of the watch, and the intake. */
export interface Subject {
  sandbox: Sandbox;
  rule: WatchRule;
  createIntake: Intake;
}

/** As they are, or those of another folder. */
export async function subject(folder?: string): Promise<Subject> {
  const { code } = folder ? await makeBundle(`${folder}/workflows`) : await workflowBundle();
  const root = folder ?? '../../..';
  const rule: WatchRule = await import(`${root}/activities/watching.ts`);
  const { createIntake }: { createIntake: Intake } = await import(`${root}/client/intake/app.ts`);
  return { sandbox: await Sandbox.load(code, activityNames), rule, createIntake };
}
