/** Many mails over one connection, each to one reader; and what is known of a mail whose connection ended in the middle. */

import { once } from 'node:events';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { z } from 'zod';
import { type Clock, inTime, within } from './http.ts';
import { isHere } from './names.ts';

export interface Letter {
  /** One address. */
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
  /** The first part of its Message-ID. */
  id: string;
}

/**
 * `accepted`: the server has taken it over (250 after the end of the text, RFC 5321 4.2.5); whether it arrives it does not say.
 * `unknown mailbox`: it knows no such reader (550, 551, 553 or 5.1.x to RCPT). `deferred`: not now (4yz to RCPT,
 * or a full mailbox). `unclear`: the connection ended after the text was handed over.
 */
export type Posted = 'accepted' | 'unknown mailbox' | 'deferred' | 'unclear';

export interface Courier {
  /** Throws SystemError where it is certain that the server has not taken it over. */
  post: (letter: Letter) => Promise<Posted>;
  /** Says goodbye; it may be used again. */
  close: () => void;
}

export interface CourierConfig {
  url: string;
  from: string;
}

const limits = { connectionTimeout: within, greetingTimeout: within, socketTimeout: within, dnsTimeout: within };

/** @param failed the fault of a server in our form */
export function courierOf(
  { url, from }: CourierConfig,
  { sleep }: Pick<Clock, 'sleep'>,
  failed: (error: unknown) => never,
): Courier {
  let open: SMTPConnection | undefined;

  async function connection(): Promise<SMTPConnection> {
    if (open && !open.destroyed) return open;
    const opening = connectionTo(url);
    try {
      await inTime(sleep, () => begun(opening, url));
    } catch (error) {
      opening.close();
      throw error;
    }
    return (open = opening);
  }

  return {
    async post(letter) {
      let handedOver = false;
      try {
        const line = await connection();
        const text = await compiled(letter, from);
        const body = lazily(text, () => (handedOver = true));
        await inTime(sleep, () => sent(line, { from, to: letter.to }, body));
        return 'accepted';
      } catch (error) {
        // A session in which a mail was refused is in no state for the next.
        open?.close();
        const refused = aboutReader(error);
        if (refused) return refused;
        if (handedOver && !hasAnswer(error)) return 'unclear';
        return failed(error);
      }
    },
    close: () => open?.quit(),
  };
}

/** A password never crosses a network in the clear. */
function connectionTo(url: string): SMTPConnection {
  const { protocol, hostname, port, password } = new URL(url);
  return new SMTPConnection({
    ...limits,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : Number(port),
    secure: protocol === 'smtps:',
    requireTLS: password !== '' && !isHere(hostname) && protocol !== 'smtps:',
  });
}

async function begun(connection: SMTPConnection, url: string): Promise<void> {
  const { username, password } = new URL(url);
  const broken = once(connection, 'error').then(([error]) => Promise.reject(error));
  // Later it fails the mail that is under way, which is told there.
  connection.on('error', () => undefined);
  await Promise.race([broken, answered(done => connection.connect(done))]);
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  if (username !== '') await Promise.race([broken, answered(done => connection.login(auth, done))]);
}

const answered = (call: (done: (error?: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => call(error => (error ? reject(error) : resolve())));

const sent = (connection: SMTPConnection, envelope: { from: string; to: string }, body: Readable) =>
  answered(done => connection.send(envelope, body, done));

/** It is read only once the server has asked for the text, with 354. */
function lazily(text: Buffer, begins: () => void): Readable {
  return new Readable({
    read() {
      begins();
      this.push(text);
      this.push(null);
    },
  });
}

/** No answer of a machine is wanted, and no text can make us read a file or an address. */
const compiled = ({ to, subject, text, id }: Letter, from: string): Promise<Buffer> =>
  new MailComposer({
    from,
    to,
    subject,
    text,
    messageId: `<${id}@${from.split('@')[1]}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

const hasAnswer = (error: unknown) => error instanceof Error && 'responseCode' in error;

const answerToReader = z.looseObject({ command: z.literal('RCPT TO'), responseCode: z.int(), response: z.string().default('') });

/** Nothing where it is about us or the server, and every other reader would be answered so. By RFC 5321 4.2.3 and RFC 3463. */
function aboutReader(error: unknown): 'unknown mailbox' | 'deferred' | undefined {
  const { data } = answerToReader.safeParse(error);
  if (!data) return undefined;
  const [, enhanced = ''] = /^\d{3}[ -]([45]\.\d{1,3}\.\d{1,3})\b/.exec(data.response) ?? [];
  if (data.responseCode < 500) return data.responseCode === 421 || enhanced.startsWith('4.3.') ? undefined : 'deferred';
  if (data.responseCode === 552 || enhanced === '5.2.2') return 'deferred';
  // 5.1.7 and 5.1.8 are about the sender's address.
  if (/^5\.(7\.|1\.[78]$)/.test(enhanced)) return undefined;
  return enhanced.startsWith('5.1.') || [550, 551, 553].includes(data.responseCode) ? 'unknown mailbox' : undefined;
}
