// Mail to customers: planned in counts, sent by a person, once, with the numbers of each reader alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readersOf } from '../../activities/comms/mail-readers.ts';
import { headerOf } from '../../lab/stand-ins/mail.ts';
import { approved, call, mailing, near, noon, type Users } from './mailing.ts';
import { createActivities } from '../../activities/index.ts';
import { running } from './bare.ts';
import { because, byHand, done, planned } from './outcomes.ts';

describe('the plan', () => {
  test('says how many and the text, and no address; nothing is sent before a person approves it', async t => {
    const { tell, messages, nearQuota } = await mailing(t);
    const plan = planned(await tell(await nearQuota(1, 2, 3), call()));
    assert.match(plan.summary, /nearly used up.*” goes to customers in 3 mails/);
    assert.match(plan.consequences[0] ?? '', /^Text: You have nearly used up what your plan allows/);
    assert.doesNotMatch(JSON.stringify(plan), /@|customer-\d/);
    assert.deepEqual(messages, []);
  });

  test('an incident that is held or only observes sends nothing, whatever was approved', async t => {
    for (const [hold, reason] of [
      [{ hold: 'legal asks', 'mode.dynex-outage': 'supervised' }, 'held'],
      [{}, 'observe'],
    ] as const) {
      const { tell, messages, nearQuota } = await mailing(t, { hold });
      const input = await nearQuota(1, 2);
      const outcome = await tell(input, call());
      assert.equal(because(outcome), reason);
      assert.equal(because(await tell(input, call('run-1', { approved: planned(outcome).digest }))), reason);
      assert.deepEqual(messages, []);
    }
  });

  test('ten thousand customers are a plan of the same size; more are refused whole', async t => {
    const input = { text: 'dynex-eta', to: 'all customers' } as const;
    const large = await mailing(t, { users: platformOf(10_000) });
    const plan = planned(await large.tell(input, call()));
    assert.match(plan.summary, /goes to customers in 10000 mails/);
    assert.ok(JSON.stringify(plan).length < 2_000);
    const larger = await mailing(t, { users: platformOf(10_100) });
    const { because: why, paste } = byHand(await larger.tell(input, call()));
    assert.match(why ?? '', /10100 items, and 10000 are the most/);
    assert.match(paste, /^Subject: Quantum computing: our provider is working on it\n\n/);
    assert.deepEqual(larger.messages, []);
  });

  test('a text without its word is refused; without a number of its reader it is the text to paste, and says why', async t => {
    const { tell, frozen, messages } = await mailing(t);
    await assert.rejects(tell({ text: 'maintenance', to: 'all customers' }, call()), { message: /maintenance lacks its window/ });
    const list = await frozen([...near(1), { customer: 'customer-2', of: 'calls_per_minute', used: 40 }]);
    const { because: why, paste } = byHand(await tell({ text: 'limit-near', list }, call()));
    assert.match(why ?? '', /1 of 2 have none that were measured/);
    assert.match(paste, /You have nearly used up what your plan allows[^@]*The list “customers near their quota”, 2 items/);
    const everyone = byHand(await tell({ text: 'limit-near', to: 'all customers' }, call('run-2')));
    assert.match(everyone.because ?? '', /25 of 25 have none/);
    assert.deepEqual(messages, []);
  });

  test('names the component of its incident, in the words of the platform; of another it is another kind of mail', async t => {
    const { tell, messages } = await mailing(t);
    for (const component of ['billing', 'login']) {
      const input = { text: 'investigating', component, to: 'all customers' } as const;
      const plan = planned(await tell(input, call(component)));
      assert.match(
        plan.summary,
        new RegExp(`^“${component === 'login' ? 'Login' : 'Billing'}: we are investigating a problem” goes to customers in 25`),
      );
      done(await tell(input, call(component, { approved: plan.digest })));
    }
    assert.equal(messages.length, 50);
  });

  test('where the platform tells no one its readers it is the text to paste, and the reason; with its token they are written to', async t => {
    const on = await mailing(t, { token: 'outdated' });
    const input = await on.nearQuota(1);
    const { because: why, paste } = byHand(await on.tell(input, call()));
    assert.match(why ?? '', /answered 401.*Renew the credentials/);
    assert.match(paste, /^Subject: .*nearly used up/);
    planned(await (await mailing(t, { folder: on.folder })).tell(input, call()));
  });

  test('without a mail server or readers it is the text, ready to paste', async t => {
    const { tell, nearQuota, deps } = await mailing(t);
    assert.ok('byHand' in (await tell({ text: 'dynex-eta' }, call())));
    deps.systems.mail = undefined;
    const outcome = await tell(await nearQuota(1), call());
    assert.ok('byHand' in outcome);
    assert.match(outcome.byHand.because ?? '', /set SMTP_URL/);
    assert.match(outcome.byHand.paste, /The list “customers near their quota”, 1 items, lies in the artifact store/);
  });
});

/** So many users, a page at a time. */
function platformOf(total: number): (page: Users) => Users {
  let read = 0;
  return () => {
    const users = Array.from({ length: Math.min(100, total - read) }, (_, index) => ({
      id: `user-${read + index}`,
      email: `user-${read + index}@mail.example`,
      tier: 'free',
      status: 'active',
      password_reset_required: false,
    }));
    read += users.length;
    return { users, total };
  };
}

describe('sent by a person', () => {
  test('each customer gets one mail with the numbers that are theirs alone', async t => {
    const on = await mailing(t);
    const { effect } = done(await approved(on, await on.nearQuota(1, 2)));
    assert.deepEqual(on.readers(), ['customer-1@mail.example', 'customer-2@mail.example']);
    const [first = '', second = ''] = on.messages.map(({ text }) => text);
    assert.match(first, /- 96 of 100 jobs this month/);
    assert.match(second, /- 97 of 100 jobs this month/);
    assert.doesNotMatch(first, /97 of 100|customer-2/);
    assert.deepEqual([headerOf(first, 'From'), headerOf(first, 'Auto-Submitted')], ['help@nqba.example', 'auto-generated']);
    const text = 'The mail server accepted 2 of 2 mails. Whether they arrive it does not say.';
    assert.deepEqual(effect, { measured: 'whole', text });
  });

  test('whose quota was raised reads the new number, the old one and its end, as the platform has them; others get none', async t => {
    const { deps, frozen } = await mailing(t);
    await deps.systems.operatorApi?.entitlements.setOverride('customer-1', {
      jobs_per_month: 150_000,
      until: '2026-04-01T12:00:00Z',
    });
    const { readers, leftOut } = await readersOf({ list: await frozen(near(1, 2)) }, 'raised', deps, 'run-1');
    const lines = ['150000 jobs a month instead of 100000, until 2026-04-01 12:00 UTC'];
    assert.deepEqual(readers, [{ address: 'customer-1@mail.example', customers: ['customer-1'], lines }]);
    assert.deepEqual(leftOut, ['1 who have nothing raised now']);
  });

  test('a customer in another spelling than the platform has is the same customer, once, and by its own name', async t => {
    const capital = (page: Users) => ({ ...page, users: page.users.map(user => ({ ...user, id: user.id.replace('c', 'C') })) });
    const { deps, frozen } = await mailing(t, { users: capital });
    await deps.systems.operatorApi?.entitlements.setOverride('customer-1', {
      jobs_per_month: 150_000,
      until: '2026-04-01T12:00:00Z',
    });
    const [one] = near(1);
    const list = await frozen([
      { ...one, customer: ' CUSTOMER-1' },
      { ...one, of: 'calls_per_day', customer: 'ｃustomer-1' },
    ]);
    const { readers, leftOut } = await readersOf({ list }, 'raised', deps, 'run-1');
    const lines = ['150000 jobs a month instead of 100000, until 2026-04-01 12:00 UTC'];
    assert.deepEqual(readers, [{ address: 'customer-1@mail.example', customers: ['Customer-1'], lines }]);
    assert.deepEqual(leftOut, []);
  });

  test('two accounts whose names differ in case alone get each their own mail', async t => {
    const twins = (page: Users) => ({
      ...page,
      users: page.users.map((user, at) => (at < 2 ? { ...user, id: at === 0 ? 'Twin' : 'twin' } : user)),
    });
    const { deps, frozen } = await mailing(t, { users: twins });
    const [one] = near(1);
    const addresses = async (to: Parameters<typeof readersOf>[0]) =>
      (await readersOf(to, undefined, deps, 'run-1')).readers.flatMap(({ address, customers }) =>
        customers.some(id => /twin/i.test(id)) ? [[address, ...customers]] : [],
      );
    const both = await addresses({ to: 'all customers' });
    assert.equal(both.length, 2);
    const list = await frozen([
      { ...one, customer: 'Twin' },
      { ...one, customer: 'twin' },
    ]);
    assert.deepEqual(await addresses({ list }), both);
    assert.deepEqual(await addresses({ list: await frozen([{ ...one, customer: 'TWIN' }]) }), []);
  });

  test('the same order again sends nothing again, in this worker or another', async t => {
    const on = await mailing(t);
    const input = await on.nearQuota(1, 2);
    const { digest } = planned(await on.tell(input, call()));
    for (let times = 0; times < 2; times += 1) done(await on.tell(input, call('run-1', { approved: digest })));
    const other = await mailing(t, { folder: on.folder });
    done(await other.tell(input, call('run-1', { approved: digest })));
    assert.deepEqual([on.messages.length, other.messages.length], [2, 0]);
  });

  test('another incident of the day leaves out who had one of this kind; the next day they get one', async t => {
    const on = await mailing(t);
    done(await approved(on, await on.nearQuota(1, 2)));
    const second = await on.nearQuota(2, 3);
    const { digest, summary, consequences } = planned(await on.tell(second, call('run-2')));
    assert.match(summary, /goes to customers in 1 mails\./);
    assert.ok(consequences.includes('Left out: 1 who had a mail of this kind today.'), consequences.join('\n'));
    const { effect } = done(await on.tell(second, call('run-2', { approved: digest })));
    assert.match(effect.text, /accepted 1 of 2 mails; 1 were left out/);
    assert.deepEqual(on.readers().slice(2), ['customer-3@mail.example']);
    const next = await mailing(t, { folder: on.folder, at: noon + 86_400_000 });
    done(await approved(next, await next.nearQuota(2), 'run-3'));
    assert.equal(next.messages.length, 1);
  });

  test('each incident of a component tells its own end, also on the day of another', async t => {
    const on = await mailing(t, { hold: { 'mode.api-rate-limit-exceeded': 'supervised' } });
    const { comms } = createActivities({ ...on.deps, running: () => ({ ...running(), workflowType: 'apiRateLimitExceeded' }) });
    const input = { text: 'resolved', component: 'api', to: 'all customers' } as const;
    for (const incident of ['run-1', 'run-2']) done(await approved({ ...on, tell: comms.tellCustomers }, input, incident));
    assert.equal(on.messages.length, 50);
  });
});
