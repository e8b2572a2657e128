// Mail to customers where something is wrong: addresses, names, and a mail server that changes its mind or dies in the middle.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { mailAddress } from '../../activities/comms/mail-readers.ts';
import { sha256 } from '../../activities/connectors/artifacts.ts';
import { headerOf } from '../../lab/stand-ins/mail.ts';
import { approved, call, mailing, noon, type Users } from './mailing.ts';
import { because, byHand, done, planned } from './outcomes.ts';

/** The users of the practice platform with other addresses. */
const renamed = (emails: Record<string, string>) => (page: Users) => ({
  ...page,
  users: page.users.map(user => ({ ...user, email: emails[user.id] ?? user.email })),
});

describe('addresses', () => {
  test('two spellings of one address are one mail, which has the numbers of both accounts', async t => {
    const users = renamed({ 'customer-1': 'Ann@Mail.EXAMPLE', 'customer-2': ' ann@mail.example' });
    const on = await mailing(t, { users, mailboxes: ['ann@mail.example'] });
    const input = await on.nearQuota(1, 2);
    assert.match(planned(await on.tell(input, call())).consequences.join('\n'), /Left out: 1 with the address of another/);
    done(await approved(on, input));
    assert.deepEqual(on.readers(), ['ann@mail.example']);
    assert.match(on.messages[0]?.text ?? '', /- 96 of 100 jobs this month\r\n- 97 of 100/);
  });

  test('what is no address is left out and counted; a line break brings no header and no reader with it', async t => {
    const users = renamed({
      'customer-1': 'x@mail.example\r\nBcc: all@mail.example',
      'customer-2': 'not an address',
      'customer-3': 'a@mail.example, b@mail.example',
    });
    const on = await mailing(t, { users });
    const input = await on.nearQuota(1, 2, 3, 4);
    assert.match(planned(await on.tell(input, call())).consequences.join('\n'), /Left out: 3 without a mail address/);
    done(await approved(on, input));
    assert.deepEqual(on.readers(), ['customer-4@mail.example']);
    assert.equal(headerOf(on.messages[0]?.text ?? '', 'Bcc'), '');
  });

  test('the name of a customer stands in no header', async t => {
    const name = 'evil\r\nBcc: all@mail.example\r\n\r\nbody';
    const users = (page: Users) => ({
      ...page,
      users: page.users.map(user => (user.id === 'customer-1' ? { ...user, id: name } : user)),
    });
    const on = await mailing(t, { users });
    const list = await on.frozen([{ customer: name, of: 'calls_per_day', used: 91, allowed: 100 }]);
    done(await approved(on, { text: 'limit-near', list }));
    assert.deepEqual(on.readers(), ['customer-1@mail.example']);
    assert.doesNotMatch(on.messages[0]?.text ?? '', /evil|Bcc/);
  });

  test('are compared whatever their case, and their domain as the network writes it', () => {
    assert.equal(mailAddress('Ann@Bücher.example'), 'ann@xn--bcher-kva.example');
    for (const none of [
      '',
      '@',
      'ann',
      'ann@',
      'ann@here',
      'a b@mail.example',
      'ann@mail.example\0',
      `${'a'.repeat(250)}@mail.example`,
    ])
      assert.equal(mailAddress(none), undefined, JSON.stringify(none));
  });
});

describe('a mail server', () => {
  test('that knows one reader not sends to the others, and says how many', async t => {
    const on = await mailing(t, { mailboxes: ['customer-2@mail.example'] });
    const { effect } = done(await approved(on, await on.nearQuota(1, 2)));
    assert.deepEqual(on.readers(), ['customer-2@mail.example']);
    assert.equal(effect.measured, 'part');
    assert.match(effect.text, /accepted 1 of 2 mails; 1 were refused, as the server knows no such mailbox/);
    assert.doesNotMatch(JSON.stringify(effect), /@/);
  });

  test('that accepts a reader and then refuses the mail stops the rest; people are asked, and then it is tried again', async t => {
    let end: 'takes' | 'refuses' = 'refuses';
    const on = await mailing(t, { atEnd: () => end });
    const input = await on.nearQuota(1, 2);
    const refused = await approved(on, input);
    assert.equal(because(refused), 'approval');
    assert.ok('planned' in refused);
    assert.match(refused.because.text, /0 of 2 are done\. Then mail \w+: .*554 5\.7\.1 Message refused by policy/);
    assert.deepEqual(on.messages, []);
    end = 'takes';
    done(await on.tell(input, call('run-1', { approved: refused.planned.digest })));
    assert.deepEqual(on.readers(), ['customer-1@mail.example', 'customer-2@mail.example']);
  });

  test('whose connection ends after the mail was handed over is not sent that mail again; the rest waits for a person', async t => {
    let ends = 0;
    const on = await mailing(t, { atEnd: () => ((ends += 1) === 2 ? 'cut' : 'takes') });
    const input = await on.nearQuota(1, 2, 3);
    const unclear = await approved(on, input);
    assert.ok('planned' in unclear);
    assert.match(unclear.because.text, /1 of 3 are done\. Then mail \w+: the connection .* ended after the mail was handed over/);
    assert.match(unclear.because.text, /Approve to send the remaining mails; those that were tried are not sent again/);
    assert.match(unclear.planned.summary, /goes to customers in 1 more mails; 2 were dealt with before\./);
    assert.doesNotMatch(unclear.planned.consequences.join('\n'), /had a mail of this kind today/);
    assert.equal(on.messages.length, 2, 'the server has kept it, which it did not say');
    const { effect } = done(await on.tell(input, call('run-1', { approved: unclear.planned.digest })));
    assert.deepEqual(
      on.readers(),
      [1, 2, 3].map(number => `customer-${number}@mail.example`),
      'each once',
    );
    assert.match(effect.text, /accepted 2 of 3 mails; 1 may have been delivered or not, and are not sent again/);
  });

  test('that is out of order is tried again by itself, and has sent nothing', async t => {
    const on = await mailing(t);
    const input = await on.nearQuota(1);
    const { digest } = planned(await on.tell(input, call()));
    for (const state of ['down', 'refused'] as const) {
      on.states.mail = state;
      await assert.rejects(on.tell(input, call('run-1', { approved: digest })), { nonRetryable: false });
    }
    on.states.mail = 'healthy';
    done(await on.tell(input, call('run-1', { approved: digest })));
    assert.equal(on.messages.length, 1);
  });
});

test('a worker that dies before it noted the answer leaves a mark: its successor does not send that mail again', async t => {
  const on = await mailing(t);
  const input = await on.nearQuota(1, 2);
  const { digest } = planned(await on.tell(input, call()));
  done(await on.tell(input, call('run-1', { approved: digest })));
  // As if it had died right after the first mail: its progress and the note of the answer are missing, its mark is there.
  const marks = join(on.folder, 'mails');
  const [first = '', second = ''] = readdirSync(marks);
  const mark = readFileSync(join(marks, first), 'utf8');
  rmSync(join(on.folder, 'lists', sha256(call().key)));
  await on.deps.systems.artifacts.write(`mails/${first}`, mark.replace('accepted', 'handing over'));
  const { effect } = done(await on.tell(input, call('run-1', { approved: digest })));
  assert.match(effect.text, /accepted 1 of 2 mails; 1 may have been delivered or not/);
  assert.equal(on.messages.length, 2);
  assert.notEqual(first, second);
});

test('the time before which it was to go out ends it in the middle too; what was sent by then is counted, in a retry as well', async t => {
  let ends = 0;
  const on = await mailing(t, {
    atEnd() {
      ends += 1;
      if (ends === 2) void on.deps.sleep(3_600_000);
      return 'takes';
    },
  });
  const input = { ...(await on.nearQuota(1, 2, 3)), before: new Date(noon + 3_600_000).toISOString() };
  const { digest } = planned(await on.tell(input, call()));
  for (let times = 0; times < 2; times += 1) {
    const { effect } = done(await on.tell(input, call('run-1', { approved: digest })));
    assert.equal(effect.measured, 'part');
    assert.match(effect.text, /accepted 2 of 3 mails; 1 were not sent, as the time before which they were to go out is over/);
  }
  assert.equal(on.messages.length, 2);
  const never = byHand(await on.tell(input, call('run-2')));
  assert.deepEqual([never.because, never.paste], ['It was to go out before 2026-03-02 13:00 UTC.', '']);
});
