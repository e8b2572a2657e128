/** A mail server: takes mail for its own mailboxes, in SMTP's own words (RFC 5321, RFC 3463), and keeps it as it came. */

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type SMTPServerDataStream, SMTPServer } from 'smtp-server';
import { LabError, reason } from '../lab-error.ts';
import { lateness, type Surroundings } from './stand-in.ts';

export interface MailServed {
  /** `smtp://127.0.0.1:<port>`, without user and password. */
  url: string;
  close: () => Promise<void>;
}

/** `452`, `4.2.2 mailbox full`. */
export type Refusal = readonly [code: number, text: string];

export interface Mailboxes {
  /** Everyone else is unknown here. */
  mailboxes: readonly string[];
  /** A refusal of one reader in its own words; nothing where its mailbox is looked up. */
  atReader?: (address: string) => Refusal | undefined;
  /** Who may send, if not everyone may. */
  user?: { name: string; password: string };
  /** 0 takes a free one. */
  port?: number;
  /** How it answers the end of a mail that it has let begin; an error is an answer in words of its own. */
  atEnd?: (mail: Ended) => Answer | Promise<Answer>;
}

/** `cut`: none, and whether it keeps the mail no one is told. */
export type Answer = 'takes' | 'refuses' | 'cut';

export interface Ended {
  /** Empty for a report of the mail system itself. */
  from: string;
  text: string;
  /** Lays it into its mailbox before the answer. */
  keep: () => void;
}

const mostBytes = 256 * 1024;

/** A refusal with its code. */
const refused = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

/** Serves until closed. @throws LabError when the port cannot be had. */
export async function serveMail(
  around: Surroundings,
  { mailboxes, atReader = () => undefined, user, port = 0, atEnd = () => 'takes' }: Mailboxes,
): Promise<MailServed> {
  const { state, sleep, record } = around;
  const sockets = new Map<number | undefined, Socket>();
  const server = new SMTPServer({
    banner: 'practice mail',
    disabledCommands: ['STARTTLS', ...(user ? [] : ['AUTH'])],
    allowInsecureAuth: true,
    authOptional: user === undefined,
    size: mostBytes,
    closeTimeout: 100,
    onConnect: (_, next) => void (state() === 'slow' ? sleep(lateness) : Promise.resolve()).then(() => next(), next),
    onAuth: ({ username, password }, _, next) =>
      state() !== 'unauthorised' && user && username === user.name && password === user.password
        ? next(null, { user: username })
        : next(refused(535, '5.7.8 Error: authentication failed')),
    onMailFrom: (_, __, next) => next(state() === 'down' ? refused(451, '4.3.0 Temporary lookup failure') : null),
    onRcptTo({ address }, _, next) {
      const unknown = [550, `5.1.1 <${address}>: Recipient address rejected: User unknown`] as const;
      const refusal = atReader(address) ?? (mailboxes.includes(address) ? undefined : unknown);
      next(refusal ? refused(...refusal) : null);
    },
    onData: (stream, { envelope, remotePort }, next) => {
      void textOf(stream)
        .then(async text => {
          if (stream.sizeExceeded) return next(refused(552, '5.3.4 Message size exceeds fixed limit'));
          const key = headerOf(text, 'Message-ID');
          let missing = envelope.rcptTo;
          const keep = () => {
            for (const { address } of missing) record({ system: 'mail', to: address, key, text });
            missing = [];
          };
          const answer = await atEnd({ from: envelope.mailFrom ? envelope.mailFrom.address : '', text, keep });
          if (answer === 'refuses') return next(refused(554, '5.7.1 Message refused by policy'));
          keep();
          return answer === 'cut' ? sockets.get(remotePort)?.destroy() : next(null);
        })
        .catch(next);
    },
  });

  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  listening.on('connection', (socket: Socket) => {
    if (state() === 'refused') return socket.destroy();
    sockets.set(socket.remotePort, socket);
    return socket.once('close', () => sockets.delete(socket.remotePort));
  });
  await once(listening, 'listening').catch((error: unknown) => {
    throw new LabError(`The stand-in mail cannot listen on port ${port} (${reason(error)}): stop the program that uses it.`);
  });
  const address = listening.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: () => new Promise(resolve => server.close(resolve)),
  };
}

async function textOf(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** A header of a mail as it came, unfolded; empty where there is none. */
export function headerOf(mail: string, name: string): string {
  const [head = ''] = mail.split('\r\n\r\n', 1);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const found = lines.find(line => line.toLowerCase().startsWith(`${name.toLowerCase()}: `));
  return found?.slice(name.length + 2) ?? '';
}
