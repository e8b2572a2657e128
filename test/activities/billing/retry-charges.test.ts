/** Charges that failed at the provider are tried again once, and no declined, stolen or disputed card: by what Stripe recorded. */

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { FailedCharge } from '../../../activities/billing/items.ts';
import { isOfProvider, isOfStolenCard } from '../../../activities/billing/provider-failures.ts';
import type { Charge } from '../../../activities/connectors/stripe/objects.ts';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { because, done, planned } from '../outcomes.ts';
import { aDay, aKey, approved, type PaidWorld, paidWorld } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

/** Failed at the provider, and still open. */
async function failed(amount: number, method: string | undefined = 'pm_card_visa'): Promise<FailedCharge> {
  world.become('failing');
  const one = await world.invoice(amount, { method });
  world.become('healthy');
  return { ...one, reason: 'processing_error' };
}

async function retrying(items: FailedCharge[], options: Parameters<PaidWorld['activities']>[0] = {}) {
  const list = await world.listOf('failed charges', items);
  const { billing } = world.activities(options);
  return (call: { key: string; dryRun?: true; approved?: string }) => billing.retryCharges({ list }, call);
}

const succeeded = () => world.moved('charge').filter(text => text.endsWith('succeeded'));
const isPaid = async ({ invoice }: FailedCharge) => (await world.second.invoice(invoice)).status === 'paid';

test('an open invoice is paid once people approved it, and is not paid again', async () => {
  const items = [await failed(29_900), await failed(10_000)];
  const retry = await retrying(items);
  const key = aKey('Retry failed charges');
  const outcome = await retry({ key });
  assert.equal(because(outcome), 'approval');
  const plan = planned(outcome);
  assert.equal(plan.summary, '2 open invoices are tried again, usd 399.00.');
  assert.match(plan.consequences.join(' '), /processing_error 2/);
  for (const hours of [0, 30]) {
    await world.clock.sleep((hours * aDay) / 24);
    const { effect } = done(await retry({ key, approved: plan.digest }));
    assert.deepEqual([effect.measured, effect.text], ['whole', '2 of 2 invoices are paid.']);
  }
  assert.deepEqual(succeeded(), ['charge: 29900 usd succeeded', 'charge: 10000 usd succeeded']);
  assert.deepEqual(await Promise.all(items.map(isPaid)), [true, true]);
});

test('the provider fails again: it stops there, and the retry tries it under another key', async () => {
  const items = [await failed(29_900), await failed(10_000)];
  const call = await approved(await retrying(items));
  world.become('failing');
  const before = world.moved('charge').length;
  await assert.rejects((await retrying(items))(call), {
    type: 'Refused',
    message:
      /0 of 2 are done\. Then Invoice in_\d+: Stripe answered 402: An error occurred while processing your card.*The rest was not touched/,
  });
  assert.equal(world.moved('charge').length, before + 1, 'the second was not tried');
  world.become('healthy');
  done(await (await retrying(items))(call));
  assert.equal(succeeded().length, 2);
  assert.match(world.keysOf('charge').at(-2) ?? '', /\/2$/);
});

for (const hours of [0, 25])
  test(`an invoice is not paid twice where the answer was lost, ${hours} hours later`, async () => {
    const items = [await failed(29_900)];
    const call = await approved(await retrying(items));
    const losing =
      (fetch: Fetch): Fetch =>
      async request => {
        const answer = await fetch(request);
        if (!request.url.endsWith('/pay')) return answer;
        throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
      };
    await assert.rejects((await retrying(items, { between: losing }))(call), { type: 'Unreachable' });
    await world.clock.sleep((hours * aDay) / 24);
    assert.equal(done(await (await retrying(items))(call)).effect.measured, 'whole');
    assert.deepEqual(succeeded(), ['charge: 29900 usd succeeded']);
  });

/** Another card for the invoices of a customer that failed before. */
const withCard = ({ customer = '' }: FailedCharge, method: string) =>
  world.post(`customers/${customer}`, { 'invoice_settings[default_payment_method]': method });

test('a bank that declines, and a customer without a payment method, are answers: the rest goes on, and finance has them', async () => {
  const [declined, none, good] = [await failed(10_000), await failed(20_000), await failed(29_900)];
  await withCard(declined, 'pm_card_visa_chargeDeclinedInsufficientFunds');
  await withCard(none, '');
  const retry = await retrying([declined, none, good]);
  const { effect } = done(await retry(await approved(retry)));
  assert.deepEqual(succeeded(), ['charge: 29900 usd succeeded']);
  assert.equal(effect.measured, 'part');
  assert.equal(effect.text, '1 of 3 invoices are paid; 1 declined (insufficient_funds); 1 no payment method.');
});

describe('never tried again is', () => {
  const left = async (item: FailedCharge, why: RegExp) => {
    const before = world.moved('charge').length;
    const good = await failed(5_000);
    const retry = await retrying([item, good]);
    const { effect } = done(await retry(await approved(retry)));
    assert.match(effect.text, why);
    assert.equal(await isPaid(item), false);
    assert.equal(await isPaid(good), true);
    assert.equal(world.moved('charge').length, before + 2, 'the failed one and its retry alone');
  };

  test('an invoice that the bank has declined since it was frozen', async () => {
    const item = await failed(10_000);
    await withCard(item, 'pm_card_visa_chargeDeclined');
    await world.post(`invoices/${item.invoice}/pay`, {});
    await left(item, /1 declined \(generic_decline\)/);
  });

  for (const [what, method, why] of [
    ['a customer whose card was reported as stolen', 'pm_card_visa_chargeDeclinedStolenCard', /1 stolen card/],
    ['a customer whose charge is disputed', 'pm_card_createDispute', /1 disputed/],
  ] as const)
    test(`${what}, on another invoice`, async () => {
      const item = await failed(10_000);
      const { customer = '' } = item;
      const form = { amount: '900', currency: 'usd', customer, payment_method: method, confirm: 'true' };
      await world.post('payment_intents', form);
      await left(item, why);
    });

  test('a list with declined charges: it is refused whole', async () => {
    for (const reason of ['insufficient_funds', 'stolen_card', 'approve_with_id']) {
      const item = { ...(await failed(10_000)), reason };
      await assert.rejects((await retrying([item]))({ key: aKey() }), {
        type: 'Refused',
        message: new RegExp(`1 of the list were declined.*\\(${reason}\\).*Nothing was changed`),
      });
    }
    assert.deepEqual(succeeded(), []);
  });
});

test('an invoice that asks for another amount by now stops the rest; one that was voided is left', async () => {
  const [voided, changed, last] = [await failed(10_000), await failed(20_000), await failed(30_000)];
  await world.second.voidInvoice(voided.invoice, 'by hand');
  await world.second.createCreditNote({ invoice: changed.invoice, amount: 5_000, metadata: {} }, 'by hand, too');
  const retry = await retrying([voided, changed, last]);
  await assert.rejects(retry(await approved(retry)), { message: /1 of 3 are done\. Then Invoice .*another amount/ });
  assert.deepEqual(succeeded(), []);
});

test('what the probe of payments freezes is tried again as it is', async () => {
  const item = await failed(29_900);
  await failed(10_000, 'pm_card_visa_chargeDeclinedStolenCard');
  const declined = await world.invoice(10_000, { method: 'pm_card_visa_chargeDeclinedInsufficientFunds' });
  const { billing } = world.activities();
  await world.clock.sleep(60_000);
  const { frozen } = await billing.probePayments({ since: '1 hour', freeze: 'failed charges' });
  assert.ok(frozen);
  const retry = (call: { key: string; dryRun?: true; approved?: string }) => billing.retryCharges({ list: frozen }, call);
  done(await retry(await approved(retry)));
  assert.equal(await isPaid(item), true);
  assert.equal((await world.second.invoice(declined.invoice)).status, 'open');
});

test('approve_with_id, a blocked and a disputed charge are none that the provider failed', () => {
  const of = (more: Partial<Charge>): Charge => ({
    id: 'ch_1',
    status: 'failed',
    amount: 1,
    refunded: 0,
    currency: 'usd',
    customer: 'cus_1',
    paymentIntent: 'pi_1',
    created: '2026-11-24T00:00:00Z',
    disputed: false,
    failureCode: 'card_declined',
    reason: undefined,
    blocked: false,
    metadata: {},
    ...more,
  });
  assert.equal(isOfProvider(of({ reason: 'processing_error' })), true);
  for (const more of [
    { reason: 'approve_with_id' },
    { reason: 'processing_error', blocked: true },
    { reason: 'processing_error', disputed: true },
    {},
  ])
    assert.equal(isOfProvider(of(more)), false, JSON.stringify(more));
  assert.equal(isOfStolenCard(of({ reason: 'pickup_card' })), true);
});
