/** The last mail of an incident of jobs, to the owners of those that it hit; Quantum Job Failures sends it too. */

import type { Words } from '../../kit/index.ts';

interface Hit {
  of: 'delayed' | 'failed';
  text: 'jobs-delayed-resolved' | 'jobs-resolved';
  /** RFC 3339: when the alert began. */
  before: string;
}

/** Without a list the text is to paste: the platform does not tell whose jobs these were. */
export async function tellOwners({ step, check }: Pick<Words, 'step' | 'check'>, { of, text, before }: Hit): Promise<void> {
  const freeze = `customers with ${of} jobs`;
  const { facts } = await check(`Customer Communication: owners of ${of} jobs`).quantum.jobOwners({ of, before, freeze });
  const list = facts?.frozen === undefined ? undefined : freeze;
  await step('Customer Communication', { approver: 'customer-success' }).comms.tellCustomers({ text, list });
}
