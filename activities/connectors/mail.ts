/** Mail over SMTP: a page is a mail, and its end another in the same thread, as nothing takes a mail back. */

import { createTransport, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { sha256 } from './artifacts.ts';
import { describeSystem, documented, type Seen } from './description.ts';
import { type Clock, inTime, unreachable, within } from './http.ts';
import { fine, type Line } from './line.ts';
import { type Courier, courierOf } from './mail-courier.ts';
import { isHere } from './names.ts';
import type { PageEnd, Pager } from './pager.ts';
import { quoted, SystemError } from './system-error.ts';

export interface MailConfig {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string;
  /** The sender's address. */
  from: string;
}

export interface Mail extends Pager {
  /** Many mails over one connection. Its texts name no one's address. */
  courier: () => Courier;
  /** Resolves if the server lets us in. Throws SystemError. */
  greet: () => Promise<void>;
}

const system = 'The mail server';
const limits = { connectionTimeout: within, greetingTimeout: within, socketTimeout: within, dnsTimeout: within };

/** Readers know a mail by its Message-ID: the same page twice has the same. */
export function connectMail({ url, from }: MailConfig, { sleep }: Pick<Clock, 'sleep'>): Mail {
  const { hostname, password } = new URL(url);
  const secretly = password !== '' && !isHere(hostname) && { requireTLS: true };
  const transport = createTransport({ url, ...limits, ...secretly });

  const send = (mail: SendMailOptions) =>
    inTime(sleep, signal =>
      transport.sendMail({ ...mail, ...standing, from: { name: 'nqba-runbooks', address: from }, signal }),
    ).then(ignored, error => failed(error));

  const idOf = (dedupKey: string) => `<${sha256(dedupKey)}@${from.split('@')[1]}>`;

  return {
    lacks: () => undefined,
    trigger: ({ link, severity, ...page }) =>
      send({
        to: page.to,
        subject: page.summary,
        text: bodyOf(page, link?.href),
        messageId: idOf(page.dedupKey),
        priority: severity === 'critical' || severity === 'error' ? 'high' : 'normal',
      }),
    resolve: end =>
      send({
        to: end.to,
        subject: `${end.summary} (${end.details['incident'] ?? ''})`,
        text: bodyOf(end),
        messageId: idOf(`${end.dedupKey}/over`),
        references: idOf(end.dedupKey),
        inReplyTo: idOf(end.dedupKey),
      }),
    courier: () => courierOf({ url, from }, { sleep }, error => failed(error, withoutAddresses)),
    greet: () => inTime(sleep, () => transport.verify()).then(ignored, error => failed(error)),
  };
}

/** No answer of a machine is wanted, and no text can make us read a file or an address. */
const standing = { headers: { 'Auto-Submitted': 'auto-generated' }, disableFileAccess: true, disableUrlAccess: true };

const ignored = () => undefined;

const bodyOf = ({ summary, details }: PageEnd, href?: string) =>
  [summary, '', ...Object.entries(details).map(([name, value]) => `${name}: ${value}`), ...(href ? [href] : [])].join('\n');

const answer = z.looseObject({
  code: z.string().default(''),
  responseCode: z.int().optional(),
  response: z.string().default(''),
});

/** SMTP's 4yz passes, its 5yz stays; these are the statuses of HTTP that they amount to. */
function failed(error: unknown, shown = (said: string) => said): never {
  const { data } = answer.safeParse(error);
  if (!data?.responseCode) throw unreachable(system, error);
  const status = data.code === 'EAUTH' ? 401 : data.responseCode < 500 ? 503 : 406;
  const text = `answered ${shown(quoted(data.response)) || data.responseCode}`;
  throw new SystemError({ system, fault: 'answered', status, text });
}

/** A customer's address is quoted to no one. */
const withoutAddresses = (said: string) => said.replace(/[^\s<>:]+@[^\s<>:]+/g, '(address)');

/** Nothing where no one is paged by mail. */
async function examine({ system: mail, config }: Seen<MailConfig, Mail>): Promise<Line[]> {
  if (!mail) return [];
  await mail.greet();
  return [fine(system, `lets us in, and we write as ${config?.from}. Whether it delivers, only a mail shows.`)];
}

export const mailSystem = describeSystem({
  variables: z.object({
    SMTP_URL: z
      .url({ protocol: /^smtps?$/, error: 'is not an smtp or smtps address' })
      .optional()
      .register(documented, {
        means: 'smtps://user:password@host, for pages by mail, mail to customers and mail about incidents; needs MAIL_FROM',
        without: 'no one is paged by mail, no mail about incidents is sent, and mail to customers is text to paste',
        secret: true,
      }),
    MAIL_FROM: z.email('is not one mail address').optional().register(documented, {
      means: "the sender's address",
      without: 'no one is paged by mail',
    }),
  }),
  configure: ({ SMTP_URL: url, MAIL_FROM: from }): MailConfig | undefined => (url && from ? { url, from } : undefined),
  missing: ({ SMTP_URL: url, MAIL_FROM: from }) => [
    url && !from && 'MAIL_FROM is missing, but SMTP_URL is set',
    from && !url && 'SMTP_URL is missing, but MAIL_FROM is set',
  ],
  connect: connectMail,
  examined: { name: system, examine },
});
