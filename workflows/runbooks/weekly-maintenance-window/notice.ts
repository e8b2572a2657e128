import type { Words } from '../../kit/index.ts';

interface Notice {
  window: string;
  /** It must be out by then. */
  by: Date;
  /** The same in words: `24 hours before`. */
  inTime: string;
}

export const mailTitle = 'Notify stakeholders: mail';

/** Whether people have published it. */
export async function publishNotice({ step, ask }: Pick<Words, 'step' | 'ask'>, notice: Notice): Promise<boolean> {
  const { window, by, inTime } = notice;
  await step('Notify stakeholders: team').comms.remark({ text: `Maintenance is planned: ${window}.` });
  const mail = { text: 'maintenance', to: 'all customers', given: { window }, before: by.toISOString() } as const;
  await step('Notify stakeholders: mail', { approver: 'operations' }).comms.tellCustomers(mail);
  const sent = await ask('Notify stakeholders', ['sent', 'not sent'], {
    owner: 'operations',
    otherwise: 'not sent',
    because: `Publish the notice ${inTime}: scheduled maintenance on the status page. The mail to customers waits for an approval of its own. The window is ${window}.`,
    by,
  });
  return sent === 'sent';
}
