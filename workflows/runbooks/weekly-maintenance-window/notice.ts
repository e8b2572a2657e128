import { inSeconds, maintenanceText, type Window, type Words } from '../../kit/index.ts';

interface Notice {
  window: Window;
  /** It must be out by then. */
  by: Window['opens'];
  /** The same in words: `24 hours before`. */
  inTime: string;
}

export const mailTitle = 'Notify stakeholders: mail';

/** True once people have published it. */
export async function publishNotice({ step, ask }: Pick<Words, 'step' | 'ask'>, notice: Notice): Promise<boolean> {
  const { window, by, inTime } = notice;
  const { words } = window;
  await step('Notify stakeholders: team').comms.remark({ text: `Maintenance is planned: ${words}.` });
  const mail = { text: 'maintenance', to: 'all customers', given: { window: words }, before: by.toISOString() } as const;
  await step('Notify stakeholders: mail', { approver: 'operations' }).comms.tellCustomers(mail);
  const sent = await ask('Notify stakeholders', ['sent', 'not sent'], {
    owner: 'operations',
    otherwise: 'not sent',
    because: `Publish the notice ${inTime}: scheduled maintenance on the status page. The mail to customers waits for an approval of its own. Ready to paste: ${entryOf(window)}`,
    by,
  });
  return sent === 'sent';
}

/** The status page asks for a title, both times and a text. */
const entryOf = ({ opens, closes, words }: Window) =>
  `${maintenanceText.subject}, from ${inSeconds(opens)} to ${inSeconds(closes)}: ${maintenanceText.body(words)}`;
