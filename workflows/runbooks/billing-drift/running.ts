import type { Words } from '../../kit/index.ts';

const list = 'Jobs that charge';
const kept = 'Each Job that was stopped is deleted, or goes on and begins again: while it is there no other run may begin';

/** Suspending the CronJob ends none of its Jobs that run: they stop once finance approves, as a Job that goes on begins again. */
export function runningJobs({ step, check, task }: Pick<Words, 'step' | 'check' | 'task'>) {
  let isAsked = false;

  async function stop() {
    const { verdict } = await check('Pause Billing: Jobs that run').billing.chargingRuns({ freeze: list });
    if (verdict !== 'faulty') return;
    isAsked = true;
    const state = await step('Pause Billing: stop Jobs', { approver: 'finance' }).billing.stopRuns({ list });
    isAsked = false;
    if (state === 'done' || state === 'part')
      await task('Pause Billing: stopped Jobs', { owner: 'finance', confirm: kept, blocks: false });
  }

  /** Also one that began before a pause that was approved late, and one that could not be seen. */
  async function lookAgain() {
    const { verdict, evidence } = await check('Pause Billing: Jobs that run on').billing.chargingRuns({});
    const confirm = `${evidence} Finance has decided whether they stop`;
    if (verdict !== 'healthy' && !isAsked)
      await task('Pause Billing: Jobs by hand', { owner: 'finance', confirm, blocks: false });
  }

  return { stop, lookAgain };
}
