// Mail to customers where the server refuses a reader: who it does not know, what it takes from no one, and who it puts off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../../lab/stand-ins/mail.ts';
import { approved, call, mailing } from './mailing.ts';
import { because, done, planned } from './outcomes.ts';

const first = 'customer-1@mail.example';

/** Answers one reader in these words, as long as it is told to. */
const refusing = (refusal: Refusal, still = () => true) => ({
  atReader: (address: string) => (still() && address === first ? refusal : undefined),
});

for (const refusal of [
  [550, '5.1.1 User unknown'],
  [553, '5.1.3 Bad destination mailbox address syntax'],
  [550, 'No such user here'],
  [550, '5.4.1 Recipient address rejected'],
] as const)
  test(`${refusal.join(' ')} is a mailbox that the server does not know; the others go on`, async t => {
    const on = await mailing(t, refusing(refusal));
    const { effect } = done(await approved(on, await on.nearQuota(1, 2)));
    assert.deepEqual(on.readers(), ['customer-2@mail.example']);
    assert.match(effect.text, /accepted 1 of 2 mails; 1 were refused, as the server knows no such mailbox/);
  });

for (const refusal of [
  [554, '5.7.1 Relay access denied'],
  [530, 'Authentication required'],
  [550, '5.7.1 Blocked'],
  [553, '5.1.8 Sender address rejected: Domain not found'],
] as const)
  test(`${refusal.join(' ')} is about us and no mailbox: the list stops, and a retry sends every mail`, async t => {
    let refuses = true;
    const on = await mailing(
      t,
      refusing(refusal, () => refuses),
    );
    const input = await on.nearQuota(1, 2);
    const refused = await approved(on, input);
    assert.equal(because(refused), 'approval');
    assert.ok('planned' in refused);
    assert.match(refused.because.text, new RegExp(`0 of 2 are done\\. Then mail \\w+: .*${refusal.join(' ')}`));
    refuses = false;
    const { effect } = done(await on.tell(input, call('run-1', { approved: refused.planned.digest })));
    assert.match(effect.text, /accepted 2 of 2 mails/);
  });

for (const refusal of [
  [452, '4.2.2 Mailbox full'],
  [450, '4.7.1 Greylisted'],
  [552, '5.2.2 Mailbox full'],
] as const)
  test(`${refusal.join(' ')} puts that mail off; the rest goes on, and the same mail again goes to that reader alone`, async t => {
    let refuses = true;
    const on = await mailing(
      t,
      refusing(refusal, () => refuses),
    );
    const input = await on.nearQuota(1, 2, 3);
    const { effect } = done(await approved(on, input));
    assert.deepEqual(on.readers(), ['customer-2@mail.example', 'customer-3@mail.example']);
    assert.equal(effect.measured, 'part');
    assert.match(
      effect.text,
      /accepted 2 of 3 mails; 1 were put off by the server and not sent: the same mail again goes to them/,
    );
    refuses = false;
    done(await approved(on, input, 'run-2'));
    assert.deepEqual(on.readers().slice(2), [first]);
  });

test('where each mail is put off people are asked, and a retry sends what was put off, approved as before', async t => {
  let refuses = true;
  const on = await mailing(
    t,
    refusing([452, '4.2.2 Mailbox full'], () => refuses),
  );
  const input = await on.nearQuota(1);
  const { effect } = done(await approved(on, input));
  assert.equal(effect.measured, 'none');
  refuses = false;
  assert.match(planned(await on.tell(input, call())).summary, /goes to customers in 1 mails\./);
  assert.match(done(await approved(on, input)).effect.text, /accepted 1 of 1 mails\./);
  assert.deepEqual(on.readers(), [first]);
});

for (const refusal of [
  [452, '4.3.1 Insufficient system storage'],
  [421, '4.3.2 System not accepting network messages'],
] as const)
  test(`${refusal.join(' ')} is the server's own trouble and no reader's: it is tried again by itself`, async t => {
    const on = await mailing(t, refusing(refusal));
    await assert.rejects(approved(on, await on.nearQuota(1, 2)), { nonRetryable: false, message: /0 of 2 are done/ });
    assert.deepEqual(on.messages, []);
  });
