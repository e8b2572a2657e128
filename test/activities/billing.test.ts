/** The checks of billing over a stand-in of Stripe that keeps what it did, and the rules themselves. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import type { CreditNote, Invoice } from '../../activities/connectors/stripe/invoices.ts';
import type { Charge, Price } from '../../activities/connectors/stripe/objects.ts';
import { deviationsOf } from '../../activities/billing/deviations.ts';
import { wrongCharge } from '../../activities/billing/items.ts';
import { judgeCharges } from '../../activities/billing/rules.ts';
import { compareLines, durableShare } from '../../activities/billing/usage-differences.ts';
import type { Systems } from '../../activities/connectors/index.ts';
import { createActivities } from '../../activities/index.ts';
import { billingOf } from '../../activities/platform.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { tokens } from '../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../lab/stand-ins/stripe.ts';
import { seedBilling } from '../../lab/world/billing.ts';
import { customersOn } from '../../lab/world/customers.ts';
import type { State } from '../../lab/world/systems.ts';
import { aPlatform, connected, running, virtualClock } from './bare.ts';
import { charge, invoice, line, price } from './billing/books.ts';

const aDay = 86_400_000;
const jobs = price('price_1', 1, 'jobs');
const { billing } = createActivities({ platform: aPlatform, systems: connected({}), ...virtualClock(), running });
const described = billingOf(aPlatform);

/** The practice account, whose five weeks are gone through in the state given. */
function account(state: State = 'healthy') {
  const clock = virtualClock();
  let now: State = state;
  const app = stripe(surroundings({ now: clock.now, state: () => now }), seedBilling);
  const fetch = (request: Request) => app.fetch(request);
  const systems = connected({ stripe: { url: 'http://stripe', key: 'sk_test_x', fetch } }, clock);
  const checks = createActivities({ platform: aPlatform, systems, ...clock, running }).billing;
  const become = (state: State) => {
    now = state;
  };
  return { clock, systems, checks, become };
}

const itemsOf = async ({ artifacts }: Systems, digest = '') =>
  z.array(wrongCharge).parse(JSON.parse((await artifacts.load(digest)) ?? ''));

test('without Stripe nothing is known, and what to set is said', async () => {
  const found = await billing.auditCharges({ since: '24 hours' });
  assert.equal(found.verdict, 'unknown');
  assert.match(found.evidence, /Stripe is not connected: set STRIPE_API_KEY/);
});

describe('an account', () => {
  test('that charges as it should has no wrong charge, the reviewed prices, and a dry run that agrees', async () => {
    const { checks } = account();
    const audit = await checks.auditCharges({ since: '30 days', dryRun: true });
    assert.equal(audit.facts?.wrong, 0, audit.evidence);
    assert.ok((audit.facts?.charges ?? 0) > 10);
    assert.equal(audit.facts?.dryRun, 0);
    assert.equal(audit.verdict, 'healthy', audit.evidence);
    const prices = await checks.comparePricing({});
    assert.deepEqual([prices.verdict, prices.facts?.differing], ['healthy', []], prices.evidence);
  });

  test('that charges twice has each second charge on the list, and no customer in the finding', async () => {
    const { checks, systems } = account('overcharging');
    const audit = await checks.auditCharges({ since: '30 days', freeze: 'wrong charges' });
    assert.equal(audit.verdict, 'faulty');
    assert.ok((audit.facts?.duplicates ?? 0) > 5, audit.evidence);
    assert.doesNotMatch(JSON.stringify(audit), /cus_|ch_|in_0/);
    const items = await itemsOf(systems, audit.frozen?.digest);
    assert.equal(items.length, audit.frozen?.count);
    assert.equal(
      items.reduce((sum, { excess }) => sum + excess, 0),
      audit.facts?.overcharged,
    );
  });

  test('whose wrong charge is refunded in part by hand owes the rest, and then nothing', async () => {
    const { checks, systems } = account('overcharging');
    const wrong = async () => (await checks.auditCharges({ since: '30 days', freeze: 'wrong charges' })).facts;
    const audit = await checks.auditCharges({ since: '30 days', freeze: 'wrong charges' });
    const [{ charge, excess } = assert.fail()] = await itemsOf(systems, audit.frozen?.digest);
    await systems.stripe?.createRefund({ charge, amount: excess - 100, metadata: {} }, 'by hand');
    assert.equal((await wrong())?.overcharged, (audit.facts?.overcharged ?? 0) - excess + 100);
    await systems.stripe?.createRefund({ charge, amount: 100, metadata: {} }, 'the rest');
    assert.equal((await wrong())?.wrong, (audit.facts?.wrong ?? 0) - 1);
  });

  test('whose charges fail at the provider is told from declined cards, which are never on a list', async () => {
    const { checks, systems, clock, become } = account();
    const usual = await checks.probePayments({ since: '7 days', freeze: 'failed charges' });
    assert.equal(usual.facts?.providerFailed, 0, usual.evidence);
    assert.equal(usual.frozen?.count, 0);
    become('failing');
    await clock.sleep(6 * aDay);
    const found = await checks.probePayments({ since: '6 days', freeze: 'failed charges' });
    assert.equal(found.verdict, 'faulty', found.evidence);
    assert.ok((found.facts?.providerFailed ?? 0) > 0);
    assert.ok((found.frozen?.count ?? 0) > 0);
    const body = (await systems.artifacts.load(found.frozen?.digest ?? '')) ?? '';
    assert.doesNotMatch(body, /insufficient_funds|stolen_card/);
  });

  test('is judged by the list that the platform goes by, too', async () => {
    const { clock, systems } = account();
    const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
    const prices = [{ at: clock.now(), version: 'pricing-json' }];
    const world = { pods: [], systems: [], customers: customersOn(memory, clock.now(), { prices }) };
    const app = nqbaApi(surroundings({ now: clock.now }), () => world);
    const fetch = (request: Request) => app.fetch(request);
    const { operatorApi } = connected({ operatorApi: { url: 'http://api', token: tokens.operator, fetch } }, clock);
    const all = { platform: aPlatform, systems: { ...systems, operatorApi }, ...clock, running };
    const found = await createActivities(all).billing.comparePricing({});
    assert.equal(found.verdict, 'faulty');
    assert.deepEqual(found.facts?.differing, ['business', 'premium', 'luxury']);
    assert.match(found.evidence, /Reviewed is entitlements, but the platform has version pricing-json in usd/);
    const usage = await createActivities(all).billing.compareUsage({ since: '30 days' });
    assert.deepEqual([usage.verdict, usage.facts?.customers], ['unknown', 0], usage.evidence);
  });

  test('is recovered only with enough charges of the last day', async () => {
    const { systems, clock } = account();
    const { observe } = createActivities({ platform: aPlatform, systems, ...clock, running });
    const { verdict, evidence } = await observe.recovered({ of: 'billing-drift' });
    assert.equal(verdict, 'unknown');
    assert.match(evidence, /charges of the last day are too few to judge by, at least 20 are wanted/);
    const symptom = await observe.recovered({ of: 'billing-drift', symptom: true });
    assert.equal(symptom.verdict, 'healthy', symptom.evidence);
  });

  test('a time that is none is said', async () => {
    const { evidence, verdict } = await account().checks.auditCharges({ since: 'lately' });
    assert.deepEqual([verdict, /no time lately/.test(evidence)], ['unknown', true]);
  });
});

interface Given {
  charges?: Charge[];
  invoices?: Invoice[];
  price?: Price;
  notes?: CreditNote[];
  used?: Set<string>;
}
const judged = ({
  charges = [charge('a')],
  invoices = [invoice('in_a', 'a')],
  price: one = price('price_1', 29_900),
  notes = [],
  used,
}: Given) => judgeCharges({ charges, invoices, prices: new Map([['price_1', one]]), notes, used }, described);

const note = (total: number, more: Partial<CreditNote> = {}): CreditNote => ({ ...aNote, total, ...more });
const aNote = { id: 'cn_1', invoice: 'in_a', currency: 'usd', status: 'issued', refunded: 0, refunds: [], metadata: {} };
const unused = { price: jobs, invoices: [invoice('in_a', 'a', [line({ quantity: 29_900 })])], used: new Set(['cus_2']) };

const cases: Record<string, [Given, { rule: string; excess: number }[]]> = {
  'one that is right': [{}, []],
  'one without a customer': [{ charges: [charge('a', { customer: undefined })] }, [{ rule: 'no customer', excess: 29_900 }]],
  'one without an invoice': [{ invoices: [] }, [{ rule: 'no invoice', excess: 29_900 }]],
  'one in another currency': [{ charges: [charge('a', { currency: 'eur' })] }, [{ rule: 'currency', excess: 29_900 }]],
  'two for one invoice': [
    { charges: [charge('a'), charge('b')], invoices: [{ ...invoice('in_a', 'a'), payments: ['pi_a', 'pi_b'] }] },
    [{ rule: 'duplicate', excess: 29_900 }],
  ],
  'one whose item was paid before': [
    { invoices: [invoice('in_a', 'a'), invoice('in_before', 'before')] },
    [{ rule: 'duplicate', excess: 29_900 }],
  ],
  'one of a plan that was never reviewed': [{ price: price('price_1', 29_900, 'gold') }, [{ rule: 'no plan', excess: 29_900 }]],
  'one at twice the price': [
    {
      price: price('price_1', 59_800),
      charges: [charge('a', { amount: 59_800 })],
      invoices: [invoice('in_a', 'a', [line({ amount: 59_800 })])],
    },
    [{ rule: 'price', excess: 29_900 }],
  ],
  'half a month at twice the price': [
    { price: price('price_1', 59_800), charges: [charge('a')], invoices: [invoice('in_a', 'a', [line({ amount: 29_900 })])] },
    [{ rule: 'price', excess: 14_950 }],
  ],
  'metered use of a customer without any': [unused, [{ rule: 'no usage', excess: 29_900 }]],
  'one that was credited to the customer': [{ ...unused, notes: [note(29_900)] }, []],
  'one that was credited in part': [{ ...unused, notes: [note(9_900)] }, [{ rule: 'no usage', excess: 20_000 }]],
  'one that was refunded in part, with a note of the refund': [
    { ...unused, charges: [charge('a', { refunded: 9_900 })], notes: [note(9_900, { refunded: 9_900 })] },
    [{ rule: 'no usage', excess: 20_000 }],
  ],
  'one whose note was voided, and one of another invoice': [
    { ...unused, notes: [note(29_900, { status: 'void' }), note(29_900, { invoice: 'in_b' })] },
    [{ rule: 'no usage', excess: 29_900 }],
  ],
  'one that people refunded': [{ invoices: [], charges: [charge('a', { refunded: 29_900 })] }, []],
  'one that people refunded in part': [
    { invoices: [], charges: [charge('a', { refunded: 10_000 })] },
    [{ rule: 'no invoice', excess: 19_900 }],
  ],
  'one that failed': [{ invoices: [], charges: [charge('a', { status: 'failed' })] }, []],
  'one that a correction of ours made': [{ invoices: [], charges: [charge('a', { metadata: { nqba_key: 'key' } })] }, []],
};
for (const [name, [given, expected]] of Object.entries(cases))
  test(`the rules judge ${name}`, () => {
    assert.deepEqual(
      judged(given).wrong.map(({ rule, excess }) => ({ rule, excess })),
      expected,
    );
  });

test('too little is counted, and never on the list', () => {
  const given = {
    price: price('price_1', 10_000),
    invoices: [invoice('in_a', 'a', [line({ amount: 10_000 })])],
    charges: [charge('a', { amount: 10_000 })],
  };
  assert.deepEqual([judged(given).tooLittle, judged(given).wrong], [1, []]);
});

test('prices with tiers, and invoices with more lines than Stripe sends, are not judged', () => {
  assert.equal(judged({ price: { ...price('price_1', 0), unitAmount: undefined } }).unjudged, 1);
  assert.equal(judged({ invoices: [{ ...invoice('in_a', 'a'), hasAllLines: false }] }).unjudged, 1);
});

test('a plan that is charged less than usual deviates; a few charges say nothing', () => {
  const now = Date.parse('2026-11-24T00:00:00Z');
  const each = (count: number, days: number) =>
    Array.from({ length: count }, (_, index) =>
      charge(`${days}-${index}`, { created: new Date(now - days * aDay + 1000).toISOString() }),
    );
  const before = [1, 2, 3].flatMap(days => each(30, days + 1));
  const found = deviationsOf([...before, ...each(15, 1)], () => 'business', { since: now - aDay, now, days: 3 });
  assert.deepEqual(found.map(({ group, part }) => `${group} ${part}`).toSorted(), [
    'all -0.5',
    'hour 00 UTC -0.5',
    'plan business -0.5',
  ]);
  assert.deepEqual(
    deviationsOf([...each(3, 2), ...each(15, 1)], () => 'business', { since: now - aDay, now, days: 3 }),
    [],
  );
});

test('billed quantities are compared with the days of their period, and two in a hundred is no difference', () => {
  const day = (customer: string, jobs: number, durable = true) => ({
    customer,
    day: '2026-11-21',
    jobs,
    qpu_time_ms: 0,
    calls: 0,
    durable,
  });
  const of = (quantity: number) => ({
    invoices: [invoice('in_a', 'a', [line({ quantity, amount: quantity * 2 })])],
    prices: new Map([['price_1', jobs]]),
    notes: [],
    charges: [],
  });
  assert.equal(compareLines({ ...of(100), usage: [day('cus_1', 99)] }, described).differing, 0);
  const { differing, differences } = compareLines({ ...of(100), usage: [day('cus_1', 60), day('cus_2', 5)] }, described);
  assert.deepEqual(
    [differing, differences.map(({ billed, metered, difference }) => [billed, metered, difference])],
    [1, [[100, 60, 80]]],
  );
  assert.equal(durableShare([day('cus_1', 90), day('cus_1', 10, false)]), 0.9);
  assert.equal(durableShare([]), undefined);
});
