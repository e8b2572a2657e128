import type { Words } from '../../kit/index.ts';

const list = 'Jobs that charge';

/** Suspending the CronJob ends none of its Jobs that run: they stop once finance approves, as a Job that goes on begins again. */
export async function stopRunning({ step, check }: Pick<Words, 'step' | 'check'>, again = '') {
  const { facts } = await check(`Pause Billing: Jobs that run${again}`).billing.chargingRuns({ freeze: list });
  if (facts?.running) await step(`Pause Billing: stop Jobs${again}`, { approver: 'finance' }).billing.stopRuns({ list });
}
