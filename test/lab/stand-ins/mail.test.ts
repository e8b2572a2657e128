import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createTransport } from 'nodemailer';
import { headerOf, serveMail } from '../../../lab/stand-ins/mail.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';

const mail = { from: 'bob@example.com', to: 'ann@example.com', subject: 'Dynex is down', text: 'Since three.' };

async function serving(t: TestContext, state: State = 'healthy') {
  const messages: Message[] = [];
  const around = surroundings({ state: () => state, record: message => messages.push(message) });
  const served = await serveMail(around, { mailboxes: ['ann@example.com'] });
  t.after(served.close);
  return { messages, send: (more: Partial<typeof mail> = {}) => createTransport(served.url).sendMail({ ...mail, ...more }) };
}

test('a mail is kept as it came, under its Message-ID', async t => {
  const { messages, send } = await serving(t);
  const { messageId } = await send();
  assert.deepEqual(
    messages.map(({ to, key }) => [to, key]),
    [['ann@example.com', messageId]],
  );
  assert.equal(headerOf(messages[0]?.text ?? '', 'subject'), 'Dynex is down');
  assert.match(messages[0]?.text ?? '', /\r\n\r\nSince three\./);
});

for (const [what, more, responseCode] of [
  ['a mailbox that is not here', { to: 'carla@example.com' }, 550],
  ['a mail above 256 KiB', { text: 'x'.repeat(300_000) }, 552],
] as const)
  test(`the mail server refuses ${what}`, async t => {
    const { messages, send } = await serving(t);
    await assert.rejects(send(more), { responseCode });
    assert.deepEqual(messages, []);
  });

for (const [state, refusal] of [
  ['down', { responseCode: 451 }],
  ['refused', { code: 'ECONNECTION' }],
] as const)
  test(`a mail server that is ${state} takes nothing`, async t => {
    const { messages, send } = await serving(t, state);
    await assert.rejects(send(), refusal);
    assert.deepEqual(messages, []);
  });
