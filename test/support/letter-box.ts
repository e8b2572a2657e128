/** Mailboxes of all customers of the practice platform, on a mail server of their own. */

import { randomBytes } from 'node:crypto';
import { serveMail } from '../../lab/stand-ins/mail.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customers } from '../../lab/world/customers.ts';

export interface LetterBox {
  /** Lead a worker there. */
  variables: Record<string, string>;
  /** `mail` for each that came since then. */
  since: (time: Date) => string[];
  close: () => Promise<void>;
}

export async function letterBox(): Promise<LetterBox> {
  const arrivals: number[] = [];
  const around = surroundings({ record: () => arrivals.push(Date.now()) });
  const user = { name: 'runbooks', password: randomBytes(12).toString('hex') };
  const { url, close } = await serveMail(around, { mailboxes: customers.map(({ email }) => email), user });
  return {
    variables: { SMTP_URL: url.replace('//', `//${user.name}:${user.password}@`), MAIL_FROM: 'operations@nqba.example' },
    since: time => arrivals.filter(at => at >= time.getTime()).map(() => 'mail'),
    close,
  };
}
