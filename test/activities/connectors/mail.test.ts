/** Mail, against a real SMTP server that refuses what mail servers refuse. */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import test, { after, before } from 'node:test';
import { connectMail } from '../../../activities/connectors/mail.ts';
import type { Page } from '../../../activities/connectors/pager.ts';
import { headerOf, type MailServed, serveMail } from '../../../lab/stand-ins/mail.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';

const page: Page = {
  to: 'ann@example.com',
  dedupKey: 'run-1/ann@example.com',
  summary: 'P1 Dynex Outage: No probe reaches Dynex (dynex-outage-20261124-k7fp)',
  text: '',
  severity: 'error',
  details: { incident: 'dynex-outage-20261124-k7fp', take: 'runbooks ack dynex-outage-20261124-k7fp' },
  link: { href: 'https://temporal.example.com/x', text: 'Temporal UI' },
};
const { severity: _, link: __, ...end } = { ...page, summary: 'Resolved: Dynex is back.' };

let state: State = 'healthy';
let messages: Message[] = [];
let served: MailServed;
let guarded: MailServed;
const around = surroundings({ state: () => state, record: message => messages.push(message), sleep: () => pause(300) });

/** The connector's own limit, ten seconds, is over at once where a test waits for it. */
const sleep = (_: number, signal?: AbortSignal) => pause(200, undefined, { ...(signal && { signal }) });
const patient = (_: number, signal?: AbortSignal) => pause(5_000, undefined, { ...(signal && { signal }) });
const mail = (url = served.url, wait = patient) => connectMail({ url, from: 'runbooks@nqba.example' }, { sleep: wait });

before(async () => {
  served = await serveMail(around, { mailboxes: ['ann@example.com'] });
  guarded = await serveMail(around, { mailboxes: ['ann@example.com'], user: { name: 'runbooks', password: 'hush' } });
});
after(() => Promise.all([served.close(), guarded.close()]));

test.beforeEach(() => {
  state = 'healthy';
  messages = [];
});

const header = (name: string) => messages.map(({ text }) => headerOf(text, name));

test('a page is a plain mail that says what a page says', async () => {
  await mail().trigger(page);
  const [{ to, text } = { to: '', text: '' }] = messages;
  assert.equal(to, 'ann@example.com');
  assert.deepEqual(
    [header('Subject'), header('From'), header('Auto-Submitted'), header('X-Priority')],
    [[page.summary], ['"nqba-runbooks" <runbooks@nqba.example>'], ['auto-generated'], ['1 (Highest)']],
  );
  assert.match(text, /\r\ntake: runbooks ack dynex-outage-20261124-k7fp\r\nhttps:\/\/temporal\.example\.com\/x/);
});

test('the same page twice has one Message-ID; its end is another mail in its thread', async () => {
  const { trigger, resolve } = mail();
  await trigger(page);
  await trigger(page);
  await trigger({ ...page, dedupKey: 'run-2/ann@example.com' });
  await resolve(end);
  const [first, again, other, over] = header('Message-ID');
  assert.match(first ?? '', /^<[0-9a-f]{64}@nqba\.example>$/);
  assert.equal(again, first);
  assert.notEqual(other, first);
  assert.notEqual(over, first);
  assert.deepEqual([header('In-Reply-To')[3], header('References')[3]], [first, first]);
  assert.equal(header('Subject')[3], 'Resolved: Dynex is back. (dynex-outage-20261124-k7fp)');
});

test('text that looks like a header, or is not ASCII, stays in its line', async () => {
  await mail().trigger({ ...page, summary: 'Zürich\r\nBcc: all@example.com', details: { evil: 'x\r\n.\r\nMAIL FROM:<x@y>' } });
  assert.equal(messages.length, 1);
  assert.deepEqual(header('Bcc'), ['']);
  assert.match(header('Subject')[0] ?? '', /^=\?UTF-8\?/);
});

test('a mailbox that does not exist is refused for good; a server out of order is tried again', async () => {
  await assert.rejects(mail().trigger({ ...page, to: 'bob@example.com' }), {
    fault: 'answered',
    status: 406,
    message: /^The mail server answered 550 5\.1\.1 <bob@example\.com>: Recipient address rejected/,
  });
  state = 'down';
  await assert.rejects(mail().trigger(page), { fault: 'answered', status: 503, message: /answered 451 4\.3\.0/ });
  assert.deepEqual(messages, []);
});

test('a server that cuts the connection, or stays silent, is unreachable', async () => {
  state = 'refused';
  await assert.rejects(mail().trigger(page), { fault: 'unreachable' });
  state = 'slow';
  await assert.rejects(mail(served.url, sleep).trigger(page), { fault: 'unreachable', message: /no answer within 10 s/ });
  assert.deepEqual(messages, []);
});

test('a password that is not taken is named as such, and not told', async () => {
  const as = (password: string) => mail(guarded.url.replace('//', `//runbooks:${password}@`));
  await as('hush').greet();
  await as('hush').trigger(page);
  assert.equal(messages.length, 1);
  await assert.rejects(as('secret').greet(), ({ status, message }: Error & { status: number }) => {
    assert.equal(status, 401);
    assert.doesNotMatch(message, /secret/);
    return true;
  });
});
