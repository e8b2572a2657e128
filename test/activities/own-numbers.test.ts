// Mails to the customers that an incident has hit: a check freezes them on the stand-ins, and a real mail server takes each one's numbers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { stripe } from '../../lab/stand-ins/stripe.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { virtualClock } from './bare.ts';
import { approved, call, mailing, noon } from './mailing.ts';
import type { World } from '../../lab/world.ts';
import { byHand, done } from './outcomes.ts';
import { paying } from './paid.ts';

const armed = { 'mode.delayed-jobs': 'supervised' };
const before = new Date(noon - 60_000).toISOString();
const worker = (pod: string, since: number) =>
  ({ pod, uid: pod, workload: 'worker', solver: 'dynex', fallback: false, since: noon + since }) as const;

/** Twice as many jobs came in as two pods take, for a minute and a half; ten pods have worked them off since. A minute is a second here. */
const delayedWorld = {
  pods: Array.from({ length: 10 }, (_, at) => worker(`w-${at}`, at < 2 ? -600_000 : -70_000)),
  systems: [
    { system: 'api', state: 'busy', from: noon - 160_000 },
    { system: 'api', state: 'healthy', from: noon - 70_000 },
  ],
} satisfies Partial<World>;

const quietWorld = { pods: delayedWorld.pods.slice(0, 2), systems: [] };

const records = z.array(
  z.looseObject({
    status: z.string(),
    customer: z.string(),
    created_at: z.string(),
    started_at: z.string().nullable(),
  }),
);
type Records = z.infer<typeof records>;

/** All records since two minutes before the alert, as another client reads them. */
async function recordsOf({ api }: Pick<Awaited<ReturnType<typeof mailing>>, 'api'>): Promise<Records> {
  const all: Records = [];
  for (let offset = 0; ; offset += 100) {
    const page = records.parse(await api(`/api/v1/qih/jobs?limit=100&offset=${offset}`));
    all.push(...page.filter(({ created_at }) => Date.parse(created_at) >= Date.parse(before) - 120_000));
    if (page.length < 100) return all;
  }
}

const counts = (those: Records) =>
  Object.fromEntries([...Map.groupBy(those, ({ customer }) => customer)].map(([customer, own]) => [customer, own.length]));

/** Of each reader, the count that the mail states. */
const statedIn = (messages: { to: string; text: string }[], line: RegExp) =>
  Object.fromEntries(messages.map(({ to, text }) => [to.split('@')[0], Number(line.exec(text.replaceAll(/=\r?\n/g, ''))?.[1])]));

test('owners of delayed jobs are mailed their own count once the delay is over, and no one else', async t => {
  const on = await mailing(t, { world: delayedWorld, workflow: 'delayedJobs', pace: 1 / 60, hold: armed });
  const freeze = 'customers with delayed jobs';
  const { verdict, evidence, facts, frozen } = await on.activities.quantum.jobOwners({ of: 'delayed', before, freeze });
  const waited = (await recordsOf(on)).filter(
    ({ started_at, created_at }) => Date.parse(started_at ?? new Date(noon).toISOString()) - Date.parse(created_at) > 30_000,
  );
  assert.ok(waited.length > 20, 'the world has delayed jobs');
  const own = counts(waited);
  assert.deepEqual([verdict, facts], ['faulty', { jobs: waited.length, unowned: 0, frozen: Object.keys(own).length }]);
  assert.doesNotMatch(evidence, /customer-\d/, 'a finding names no customer');
  done(await approved(on, { text: 'jobs-delayed-resolved', list: frozen }));
  assert.deepEqual(statedIn(on.messages, /- (\d+) of your jobs waited for more than 30 minutes, the longest for \d+, of/), own);
});

test('where no job was delayed the list is empty: nothing is sent, and it says so', async t => {
  const on = await mailing(t, { world: quietWorld, workflow: 'delayedJobs', pace: 1 / 60, hold: armed });
  const { verdict, frozen } = await on.activities.quantum.jobOwners({ of: 'delayed', before, freeze: 'delayed' });
  assert.deepEqual([verdict, frozen?.count], ['healthy', 0]);
  const { because, paste } = byHand(await on.tell({ text: 'jobs-delayed-resolved', list: frozen }, call()));
  assert.deepEqual([because, paste], ['There is no customer to write to.', '']);
  assert.deepEqual(on.messages, []);
});

/** Customers of the platform who subscribed at Stripe and have paid, and what was given back to each. */
async function correctedBooks() {
  const clock = virtualClock(noon);
  const app = stripe(surroundings({ now: clock.now }));
  const fetch = async (request: Request) => app.fetch(request);
  const { second, post } = paying(fetch, clock);
  const of = { currency: 'usd', product: 'prod_business', 'recurring[interval]': 'month' };
  const { id: price = '' } = await post('prices', { ...of, unit_amount: '39900' });
  async function subscribed(name: string) {
    const { id: customer = '' } = await post('customers', { 'invoice_settings[default_payment_method]': 'pm_card_visa' });
    await post('subscriptions', { customer, 'items[0][price]': price, 'metadata[nqba_customer]': name });
    const [invoice] = (await second.invoices({ customer })).items;
    for (const what of ['finalize', 'pay']) await post(`invoices/${invoice?.id}/${what}`, {});
    const [charge] = (await second.charges({ customer })).items;
    return { invoice: invoice?.id ?? '', charge: charge?.id ?? '' };
  }
  const [one, two, three] = [await subscribed('customer-1'), await subscribed('customer-2'), await subscribed('customer-3')];
  const ours = { nqba_key: 'run-1/Reverse incorrect charges/1' };
  await second.createRefund({ charge: one.charge, amount: 10_000, metadata: ours }, 'a');
  await second.createCreditNote({ invoice: two.invoice, amount: 2_550, credit: 2_550, metadata: ours }, 'b');
  await second.createRefund({ charge: three.charge, amount: 500, metadata: {} }, 'by finance');
  return { stripe: { url: 'http://stripe', key: 'sk_test_x', fetch } };
}

test('customers whose charges were corrected are mailed their own amounts, and no one else', async t => {
  const connections = await correctedBooks();
  // Of a runbook whose recovery is measured there.
  const on = await mailing(t, { world: quietWorld, workflow: 'delayedJobs', pace: 1 / 60, hold: armed, connections });
  const { facts, frozen } = await on.activities.billing.corrected({ since: '1 hour', freeze: 'corrected charges' });
  assert.deepEqual(facts, { customers: 2, unowned: 0, frozen: 2 });
  done(await approved(on, { text: 'billing-corrected', list: frozen }));
  const lines = on.messages.map(({ to, text }) => [to, ...(/^- .*$/m.exec(text) ?? [])]);
  assert.deepEqual(lines, [
    ['customer-1@mail.example', '- usd 100.00 refunded on 2026-03-02'],
    ['customer-2@mail.example', '- usd 25.50 credited on 2026-03-02'],
  ]);
});
