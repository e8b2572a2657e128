/** Quotas that were raised above the tier, and whether a line of an invoice pays for them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raisedPaid, textOfRaised } from '../../../activities/billing/raised-quotas.ts';
import type { Entitlement, Override } from '../../../activities/connectors/operator-api/entitlements.ts';
import type { InvoiceLine } from '../../../activities/connectors/stripe/invoices.ts';
import { createActivities } from '../../../activities/index.ts';
import { billingOf } from '../../../activities/platform.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../../lab/stand-ins/stripe.ts';
import { seedBilling } from '../../../lab/world/billing.ts';
import { customersOn } from '../../../lab/world/customers.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';
import { invoice, line, price } from './books.ts';

const billing = billingOf(aPlatform);
const now = Date.parse('2026-11-24T03:00:00Z');
const until = '2026-12-24T00:00:00Z';
const limits = { jobs_per_month: 1000, calls_per_day: 10_000, calls_per_minute: 100 };
const used = { jobs_this_month: 1000, calls_today: 10 };
const entitled = (override: Override | null, user_id = 'cus_1'): Entitlement => ({
  user_id,
  tier: 'business',
  limits,
  used,
  override,
});
const prices = new Map(
  [price('price_1', 29_900), price('price_2', 99_900, 'premium'), price('price_jobs', 2, 'jobs')].map(one => [one.id, one]),
);
const judged = (lines: InvoiceLine[], override: Override | null = { jobs_per_month: 1500, until }, user_id?: string) =>
  raisedPaid({ entitlements: [entitled(override, user_id)], invoices: [invoice('in_1', 'ch_1', lines)], prices, billing, now });
const tier = { business: 1 };

test('a raised quota is paid by a line of its own meter, or of a higher plan, and by nothing else', () => {
  assert.deepEqual(judged([line()]), { raised: 1, unpaid: tier, unclear: 0 });
  assert.deepEqual(judged([line(), line({ price: 'price_jobs', quantity: 1500, amount: 3000 })]).unpaid, {});
  assert.deepEqual(judged([line({ price: 'price_2' })]).unpaid, {});
  assert.deepEqual(judged([line({ price: 'price_jobs' })], { calls_per_day: 20_000, until }).unpaid, tier);
  assert.deepEqual(judged([line(), line({ price: 'price_jobs', quantity: 0, amount: 0 })]).unpaid, tier);
});

test('a quota that is not above the tier, or is over, is none; without an invoice no one knows', () => {
  const none = { raised: 0, unpaid: {}, unclear: 0 };
  assert.deepEqual(judged([line()], null), none);
  assert.deepEqual(judged([line()], { jobs_per_month: 1000, until }), none);
  assert.deepEqual(judged([line()], { jobs_per_month: 1500, until: '2026-11-01T00:00:00Z' }), none);
  assert.deepEqual(judged([line()], undefined, 'cus_2'), { raised: 1, unpaid: {}, unclear: 1 });
});

test('the finding counts them by tier, and names no customer', () => {
  const text = textOfRaised(judged([line()]));
  assert.equal(text, '1 of 1 raised quotas is not paid for (business 1): no invoice of the last 31 days has a line for it.');
  const paid = textOfRaised(judged([line({ price: 'price_jobs', quantity: 1, amount: 2 })]));
  assert.equal(paid, '1 raised quotas: each has a line for its meter, or of a higher plan, on an invoice of the last 31 days.');
});

test('the check says it beside the usage, where it is asked', async () => {
  const clock = virtualClock();
  const pay = stripe(surroundings({ now: clock.now }), seedBilling);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
  const overrides = ['cus_practice01', 'customer-7'].map(user => ({ at: 0, user, override: { jobs_per_month: 1500, until } }));
  const world = { pods: [], systems: [], customers: customersOn(memory, clock.now(), { overrides }) };
  const api = nqbaApi(surroundings({ now: clock.now }), () => world);
  const systems = connected(
    {
      stripe: { url: 'http://stripe', key: 'sk_test_x', fetch: (request: Request) => pay.fetch(request) },
      operatorApi: { url: 'http://api', token: tokens.operator, fetch: (request: Request) => api.fetch(request) },
    },
    clock,
  );
  const checks = createActivities({ platform: aPlatform, systems, ...clock, running }).billing;
  const { verdict, evidence, facts } = await checks.compareUsage({ since: '30 days', raised: true });
  assert.equal(verdict, 'unknown');
  assert.match(
    evidence,
    /Whether 1 of 1 raised quotas is paid for is not known: the customer has no invoice of the last 31 days\./,
  );
  assert.deepEqual(facts?.raised, { raised: 1, unpaid: {}, unclear: 1 });
  const without = await checks.compareUsage({ since: '30 days' });
  assert.doesNotMatch(without.evidence, /raised/);
});
