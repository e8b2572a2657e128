/** Mailboxes of all customers of the practice platform, on a mail server of their own. */

import { randomBytes } from 'node:crypto';
import { headerOf, serveMail } from '../../lab/stand-ins/mail.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customers } from '../../lab/world/customers.ts';

export interface LetterBox {
  /** Lead a worker there. */
  variables: Record<string, string>;
  /** `mail` for each that came since then. */
  since: (time: Date) => string[];
  /** Mailboxes that one with such a subject came to since then, once each. */
  readers: (subject: RegExp, time: Date) => string[];
  close: () => Promise<void>;
}

export async function letterBox(): Promise<LetterBox> {
  const arrivals: { at: number; to: string; subject: string }[] = [];
  const record = ({ to, text }: Message) => arrivals.push({ at: Date.now(), to, subject: headerOf(text, 'Subject') });
  const around = surroundings({ record });
  const user = { name: 'runbooks', password: randomBytes(12).toString('hex') };
  const { url, close } = await serveMail(around, { mailboxes: customers.map(({ email }) => email), user });
  return {
    variables: { SMTP_URL: url.replace('//', `//${user.name}:${user.password}@`), MAIL_FROM: 'operations@nqba.example' },
    since: time => arrivals.filter(({ at }) => at >= time.getTime()).map(() => 'mail'),
    readers(subject, time) {
      const those = arrivals.filter(one => one.at >= time.getTime() && subject.test(one.subject));
      return [...new Set(those.map(({ to }) => to))];
    },
    close,
  };
}
