/** No list has what cannot be judged for sure: discounts, tiers, payments in parts, invoices that ask for nothing, and what was given back. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { usageDifference } from '../../../activities/billing/items.ts';
import { judgeCharges } from '../../../activities/billing/rules.ts';
import { compareLines } from '../../../activities/billing/usage-differences.ts';
import type { Fetch } from '../../../activities/connectors/http.ts';
import type { Invoice, InvoiceLine } from '../../../activities/connectors/stripe/invoices.ts';
import type { Charge, Price } from '../../../activities/connectors/stripe/objects.ts';
import { createActivities } from '../../../activities/index.ts';
import { billingOf } from '../../../activities/platform.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../../lab/stand-ins/stripe.ts';
import type { Kept } from '../../../lab/stand-ins/stripe/objects.ts';
import { seedBilling } from '../../../lab/world/billing.ts';
import { customersOn } from '../../../lab/world/customers.ts';
import { aPlatform, armed, connected, running, virtualClock } from '../bare.ts';
import { done } from '../outcomes.ts';
import { paying } from '../paid.ts';
import { charge, invoice, line, price } from './books.ts';
import { aDay, aKey, approved } from './paid-world.ts';

const described = billingOf(aPlatform);
const jobs = price('price_1', 1, 'jobs');

function judged(charges: Charge[], invoices: Invoice[], of: Price = price('price_1', 29_900), used?: Set<string>) {
  const { wrong, unjudged } = judgeCharges({ charges, invoices, prices: new Map([['price_1', of]]), notes: [], used }, described);
  return { wrong: wrong.map(({ charge: id, rule, excess }) => [id, rule, excess]), unjudged };
}

const inParts = (payments: string[], total = 29_900): Invoice => ({ ...invoice('in_a', 'a'), total, payments });

test('an invoice that is paid in parts is no duplicate; what its payments exceed it by is', () => {
  const parts = (...amounts: number[]) => amounts.map((amount, at) => charge(`part${at}`, { amount }));
  const payments = ['pi_part0', 'pi_part1', 'pi_part2'];
  assert.deepEqual(judged(parts(10_000, 19_900), [inParts(payments)]).wrong, []);
  assert.deepEqual(judged(parts(10_000, 20_000), [inParts(payments)]).wrong, [['part1', 'duplicate', 100]]);
  assert.deepEqual(judged(parts(10_000, 19_900, 29_900), [inParts(payments)]).wrong, [['part2', 'duplicate', 29_900]]);
  const again = [charge('part0', { refunded: 29_900 }), charge('part1')];
  assert.deepEqual(judged(again, [inParts(payments)]).wrong, [], 'the other one was refunded by hand');
});

test('a part of an invoice at a wrong price is for finance', () => {
  const half = { ...inParts(['pi_a'], 59_800), lines: [line({ amount: 59_800 })] };
  const { wrong, unjudged } = judged([charge('a')], [half], price('price_1', 59_800));
  assert.deepEqual([wrong, unjudged], [[], 1]);
});

const discounted = { amount: 59_800, discounted: true };
const tiers: Price = { ...jobs, stepped: true };
const unjudged: Record<string, [Partial<InvoiceLine>, Price, Set<string> | undefined]> = {
  'a discount at twice the price': [discounted, price('price_1', 59_800), undefined],
  'a discount on a plan that was never reviewed': [discounted, price('price_1', 59_800, 'gold'), undefined],
  'tiers of metered use without any': [{}, tiers, new Set()],
};
for (const [what, [of, at, used]] of Object.entries(unjudged))
  test(`${what} is not judged`, () => {
    assert.deepEqual(judged([charge('a')], [invoice('in_a', 'a', [line(of)])], at, used), { wrong: [], unjudged: 1 });
  });

test('lines of one tier each are no duplicates of each other', () => {
  const each = [line({ amount: 20_000 }), line({ amount: 9_900 })];
  assert.deepEqual(judged([charge('a')], [invoice('in_a', 'a', each)], tiers).wrong, []);
});

const compared = (of: Partial<Invoice>, more: Partial<InvoiceLine> = {}, at: Price = jobs) => {
  const lines = [line({ quantity: 100, amount: 200, ...more })];
  const given = { invoices: [{ ...invoice('in_a', 'a', lines), ...of }], prices: new Map([['price_1', at]]), usage: [] };
  const { differences, unjudged } = compareLines({ ...given, notes: [], charges: [] }, described);
  return [differences.map(({ difference }) => difference), unjudged];
};

test('metered lines with tiers or a discount, and invoices that ask for nothing, are on no list of usage', () => {
  assert.deepEqual(compared({}), [[200], 0]);
  assert.deepEqual(compared({}, { discounted: true }), [[], 1]);
  assert.deepEqual(compared({}, {}, tiers), [[], 1]);
  for (const status of ['uncollectible', 'void', 'draft'] as const) assert.deepEqual(compared({ status }), [[], 0]);
});

test('a refund that a credit note names is given back once, a void note never was, and lines of one invoice share what was', () => {
  const note = { invoice: 'in_a', currency: 'usd', status: 'issued', metadata: {}, refunds: [], refunded: 0 };
  const notes = [
    { ...note, id: 'cn_1', total: 50, refunds: ['re_1'], refunded: 50 },
    { ...note, id: 'cn_2', total: 30 },
    { ...note, id: 'cn_3', total: 70, status: 'void' },
    { ...note, id: 'cn_4', total: 90, invoice: 'in_b' },
  ];
  const given = (refunded: number, lines: InvoiceLine[]) => ({
    invoices: [invoice('in_a', 'a', lines)],
    prices: new Map([['price_1', jobs]]),
    usage: [],
    notes,
    charges: [charge('a', { refunded }), charge('b', { refunded: 99 })],
  });
  const one = line({ quantity: 100, amount: 60 });
  const sums = (refunded: number) =>
    compareLines(given(refunded, [one, { ...one, id: 'il_2' }]), described).differences.map(({ difference }) => difference);
  assert.deepEqual(sums(50), [40], 'of 120 too much 50 were refunded and 30 credited');
  assert.deepEqual(sums(60), [30]);
  assert.deepEqual(sums(200), []);
  const [item] = compareLines(given(50, [line({ quantity: 100, amount: 200 })]), described).differences;
  assert.deepEqual([item?.notes, item?.refunded], [['cn_1', 'cn_2'], 50]);
});

/** Both systems, and what the account keeps. */
function account() {
  const clock = virtualClock();
  const record: string[] = [];
  let kept: Kept | undefined;
  const begin = (mine: Kept, now: number) => {
    kept = mine;
    seedBilling(mine, now);
  };
  const app = stripe(surroundings({ now: clock.now, record: ({ text }) => record.push(text) }), begin);
  const fetch: Fetch = request => app.fetch(request);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
  const world = { pods: [], systems: [], customers: customersOn(memory, clock.now()) };
  const api = nqbaApi(surroundings({ now: clock.now }), () => world);
  const operatorApi = { url: 'http://api', token: tokens.operator, fetch: (request: Request) => api.fetch(request) };
  const systems = connected(
    { kubernetes: { fetch: armed }, stripe: { url: 'http://stripe', key: 'sk_test_x', fetch }, operatorApi },
    clock,
  );
  const { billing } = createActivities({ platform: aPlatform, systems, ...clock, running });
  const notes = () => record.filter(text => text.startsWith('credit note ')).map(text => text.replace(/^.*?: (\d+) .*$/, '$1'));
  return { clock, billing, systems, notes, kept: kept ?? assert.fail(), ...paying(fetch, clock) };
}

test('as Stripe sends it: invoices with a discount, lines with one, and a price with tiers are not judged', async () => {
  const { billing, kept } = account();
  const audit = async () => (await billing.auditCharges({ since: '30 days' })).facts;
  for (const one of Object.values(kept.prices)) one.lookup_key = 'gold';
  const all = (await audit())?.wrong ?? 0;
  assert.ok(all > 10);
  const paid = Object.values(kept.invoices).filter(({ status }) => status === 'paid');
  const [first, second] = paid.toReversed();
  first?.discounts.push('di_1');
  second?.lines.data[0]?.discount_amounts.push({ amount: 100, discount: 'di_2' });
  assert.equal((await audit())?.wrong, all - 2);
  for (const one of Object.values(kept.prices)) one.billing_scheme = 'tiered';
  assert.equal((await audit())?.wrong, 0);
});

/** Two customers are billed for jobs of which none was metered. */
async function billJobs({ clock, post }: Pick<ReturnType<typeof account>, 'clock' | 'post'>) {
  const form = { currency: 'usd', unit_amount: '2', lookup_key: described.meters.jobs ?? '', 'product_data[name]': 'Jobs' };
  const { id: of = '' } = await post('prices', { ...form, 'recurring[interval]': 'month' });
  for (const quantity of ['1000', '3000']) {
    const { id: customer = '' } = await post('customers', { 'invoice_settings[default_payment_method]': 'pm_card_visa' });
    await post('subscriptions', { customer, 'items[0][price]': of, 'items[0][quantity]': quantity });
  }
  await clock.sleep(2 * (aDay / 24));
}

test('of usage that is less than 99% durable no list is frozen, and rebuilt it is unknown', async () => {
  const { billing, clock, post } = account();
  await billJobs({ clock, post });
  // The platform has only what its processes remember of today.
  const today = { since: '3 hours', freeze: 'usage differences' };
  for (const rebuild of [{}, { rebuild: true }] as const) {
    const found = await billing.compareUsage({ ...today, ...rebuild });
    assert.deepEqual([found.frozen, found.facts?.durable, found.facts?.differing], [undefined, 0, 2]);
    assert.equal(found.verdict, 'rebuild' in rebuild ? 'unknown' : 'faulty');
    assert.match(found.evidence, /Only 0% of the usage lies in durable records, less than 99%: .* no list to charge from/);
  }
  const most = await billing.compareUsage({ since: '60 days', freeze: 'usage differences' });
  assert.ok((most.facts?.durable ?? 0) > 0.99 && most.frozen?.count === 2, most.evidence);
});

test('drafts at Stripe are counted, added up by currency, and frozen; no customer is named', async () => {
  const { billing, systems, post } = account();
  assert.match((await billing.draftInvoices({ freeze: 'drafts' })).evidence, /^0 invoices are drafts at Stripe\.$/);
  const { id: customer = '' } = await post('customers', {});
  for (const [currency, amount] of [
    ['usd', '1050'],
    ['usd', '2000'],
    ['jpy', '500'],
  ] as const) {
    await post('invoiceitems', { customer, currency, amount });
    await post('invoices', { customer, currency, auto_advance: 'false', pending_invoice_items_behavior: 'include' });
  }
  const { frozen, evidence, facts, verdict } = await billing.draftInvoices({ freeze: 'drafts' });
  assert.deepEqual([verdict, facts], ['healthy', { drafts: 3, sums: { usd: 3_050, jpy: 500 } }]);
  assert.match(evidence, /^3 invoices are drafts at Stripe, jpy 500 and usd 30\.50\. Their list lies in the artifact store, /);
  assert.doesNotMatch(evidence, new RegExp(customer));
  assert.equal((await systems.artifacts.load(frozen?.digest ?? ''))?.split(customer).length, 4);
});

test('usage that was credited, by the incident, another or by hand, is on no second list', async () => {
  const { billing, clock, systems, notes, kept, post, second } = account();
  await billJobs({ clock, post });
  const frozen = async () => {
    const found = await billing.compareUsage({ since: '60 days', rebuild: true, freeze: 'usage differences' });
    const list = found.frozen ?? assert.fail(found.evidence);
    const items = z.array(usageDifference).parse(JSON.parse((await systems.artifacts.load(list.digest)) ?? ''));
    return { list, items, sums: items.map(({ difference }) => difference).toSorted((one, other) => one - other) };
  };
  const before = await frozen();
  assert.deepEqual(before.sums, [2_000, 6_000]);
  const large = before.items.find(({ difference }) => difference === 6_000) ?? assert.fail();
  await second.createCreditNote({ invoice: large.invoice, amount: 1_500, credit: 1_500, metadata: {} }, 'by hand');
  const now = await frozen();
  assert.deepEqual(now.sums, [2_000, 4_500]);
  const correct =
    ({ list }: typeof now) =>
    (call: { key: string; dryRun?: true; approved?: string }) =>
      billing.correctCharges({ list, as: 'usage' }, call);
  const late = await approved(correct(before));
  done(await correct(now)(await approved(correct(now))));
  assert.deepEqual((await frozen()).items, []);
  // The list that was frozen before the note credits nothing more.
  done(await correct(before)({ ...late, key: aKey() }));
  assert.deepEqual(notes().toSorted(), ['1500', '2000', '4500']);
  assert.equal(Object.keys(kept.credit_notes).length, 3);
});
