/** Credit notes account for refunds of the incident alone, and credit what was billed above the metered usage: once each. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { UsageDifference } from '../../../activities/billing/items.ts';
import type { CorrectInput } from '../../../activities/billing/inputs.ts';
import { done, planned } from '../outcomes.ts';
import { aDay, aKey, approved, difference, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

async function correcting(as: CorrectInput['as'], items: object[]) {
  const list = await world.listOf(`list for ${as}`, items);
  const { billing } = world.activities();
  return (call: { key: string; dryRun?: true; approved?: string }) => billing.correctCharges({ list, as }, call);
}

const refundKey = 'incident-a/Resolution Steps/Reverse incorrect charges/1';
const noteKey = 'incident-a/Resolution Steps/Update customer accounts/1';

test('a credit note accounts for the refund of the incident, once, and moves no money', async () => {
  const one = await world.invoice(29_900);
  const items = [wrong(one, 10_000, { invoice: one.invoice })];
  const refund = await correcting('refund', items);
  done(await refund(await approved(refund, refundKey)));
  const note = await correcting('credit-note', items);
  const plan = planned(await note({ key: noteKey }));
  assert.equal(plan.onePerson, true, 'no money moves');
  for (const hours of [0, 30]) {
    await world.clock.sleep((hours * aDay) / 24);
    const { effect } = done(await note({ key: noteKey, approved: plan.digest }));
    assert.deepEqual([effect.measured, effect.text], ['whole', 'Credit notes account for the refunds of 1 of 1 charges.']);
  }
  // Another step of the incident finds it accounted for, too.
  done(await note(await approved(note, `${noteKey}b`)));
  assert.deepEqual(world.moved('credit note'), [`credit note: 10000 usd on ${one.invoice}`]);
  assert.deepEqual(world.moved('refund'), [`refund: 10000 usd of ${one.charge}`]);
  assert.equal((await world.second.customer(one.customer)).balance, 0);
});

test('refunds of people or of another incident are in no credit note, and a charge without an invoice gets none', async () => {
  const [byHand, bare] = [await world.invoice(29_900), await world.charge(10_000)];
  await world.second.createRefund({ charge: byHand.charge, amount: 10_000, metadata: {} }, 'by hand');
  const others = await correcting('refund', [wrong(byHand, 100, { refunded: 10_000 })]);
  done(await others(await approved(others)));
  const note = await correcting('credit-note', [wrong(byHand, 10_000, { invoice: byHand.invoice }), wrong(bare, 10_000)]);
  const { effect } = done(await note(await approved(note, noteKey)));
  assert.deepEqual(world.moved('credit note'), []);
  assert.equal(effect.measured, 'none');
  assert.match(effect.text, /0 of 2 charges; 1 not refunded by this incident; 1 without an invoice/);
});

test('a refund that failed at Stripe is in no credit note, and is not told as accounted for', async () => {
  const [lost, good] = [await world.invoice(29_900, { method: 'pm_card_refundFail' }), await world.invoice(29_900)];
  const items = [lost, good].map(one => wrong(one, 10_000, { invoice: one.invoice }));
  const refund = await correcting('refund', items);
  assert.equal(done(await refund(await approved(refund, refundKey))).effect.measured, 'whole', 'it fails later');
  await world.clock.sleep(aDay);
  assert.equal((await world.second.refunds({ charge: lost.charge })).items[0]?.status, 'failed');
  const note = await correcting('credit-note', items);
  const { effect } = done(await note(await approved(note, noteKey)));
  assert.deepEqual(world.moved('credit note'), [`credit note: 10000 usd on ${good.invoice}`]);
  assert.equal(effect.measured, 'part');
  assert.match(effect.text, /refunds of 1 of 2 charges; 1 not refunded by this incident\.$/);
});

test('usage that was billed too much is credited: an open invoice asks for less, of a paid one it is on the balance', async () => {
  const [paid, open] = [
    await world.invoice(29_900),
    await world.invoice(29_900, { method: 'pm_card_chargeDeclinedProcessingError' }),
  ];
  const less = await world.invoice(29_900);
  const credit = await correcting('usage', [difference(paid, 5_000), difference(open, 7_000), difference(less, -2_000)]);
  const call = await approved(credit);
  const plan = planned(await credit({ key: aKey(), dryRun: true }));
  assert.equal(plan.summary, 'usd 120.00 are credited to 2 customers for 2 lines that were billed too much.');
  assert.match(plan.consequences.join(' '), /1 differences of too little are left/);
  for (const hours of [0, 30]) {
    await world.clock.sleep((hours * aDay) / 24);
    assert.equal(done(await credit(call)).effect.measured, 'whole');
  }
  assert.deepEqual(world.moved('credit note'), [
    `credit note: 5000 usd on ${paid.invoice}`,
    `credit note: 7000 usd on ${open.invoice}`,
  ]);
  assert.equal((await world.second.customer(paid.customer)).balance, -5_000);
  assert.equal((await world.second.invoice(open.invoice)).remaining, 22_900);
});

async function adjusting(items: UsageDifference[]) {
  const credit = await correcting('usage', items);
  return async () => done(await credit(await approved(credit))).effect;
}

const byHand = (invoice: string, amount: number) =>
  world.second.createCreditNote({ invoice, amount, credit: amount, metadata: {} }, `by hand ${invoice}`);

test('an invoice that someone credited or refunded since the list was frozen is left, and the rest goes on', async () => {
  const [credited, refunded, known, good] = await Promise.all([1, 2, 3, 4].map(() => world.invoice(29_900)));
  assert.ok(credited && refunded && known && good);
  const { id } = await byHand(known.invoice, 1_000);
  const adjust = await adjusting([
    difference(credited, 5_000),
    difference(refunded, 5_000),
    difference(known, 4_000, { notes: [id] }),
    difference(good, 5_000),
  ]);
  await byHand(credited.invoice, 5_000);
  await world.second.createRefund({ charge: refunded.charge, amount: 5_000, metadata: {} }, 'by hand');
  const { measured, text } = await adjust();
  assert.deepEqual(world.moved('credit note'), [
    `credit note: 1000 usd on ${known.invoice}`,
    `credit note: 5000 usd on ${credited.invoice}`,
    `credit note: 4000 usd on ${known.invoice}`,
    `credit note: 5000 usd on ${good.invoice}`,
  ]);
  assert.equal(measured, 'part');
  assert.match(text, /^2 of 4 lines .* are credited; 1 credited meanwhile; 1 refunded meanwhile\.$/);
});

test('two lines of one invoice are each credited, and a second list of another incident is left', async () => {
  const one = await world.invoice(29_900);
  const items = [difference(one, 3_000, { line: 'il_jobs' }), difference(one, 2_000, { line: 'il_calls', meter: 'calls' })];
  const adjust = await adjusting(items);
  assert.equal((await adjust()).measured, 'whole');
  assert.match((await adjust()).text, /0 of 2 .*; 2 credited meanwhile/);
  assert.deepEqual(world.moved('credit note'), [
    `credit note: 3000 usd on ${one.invoice}`,
    `credit note: 2000 usd on ${one.invoice}`,
  ]);
  assert.equal((await world.second.customer(one.customer)).balance, -5_000);
});

/** Of a subscription whose collection is paused so that Stripe asks for nothing. */
async function uncollected(behavior: string) {
  const form = { currency: 'usd', unit_amount: '29900', 'product_data[name]': 'Business', 'recurring[interval]': 'month' };
  const { id: price = '' } = await world.post('prices', form);
  const { id: customer = '' } = await world.post('customers', {});
  const { id = '' } = await world.post('subscriptions', { customer, 'items[0][price]': price });
  await world.post(`subscriptions/${id}`, { 'pause_collection[behavior]': behavior });
  await world.clock.sleep(31 * aDay);
  const [{ id: invoice, status } = assert.fail()] = (await world.second.invoices({ customer })).items;
  return { invoice, customer, status };
}

for (const [behavior, status] of [
  ['mark_uncollectible', 'uncollectible'],
  ['void', 'void'],
] as const)
  test(`an invoice that is ${status} by now is left, and the rest goes on`, async () => {
    const [gone, good] = [await uncollected(behavior), await world.invoice(29_900)];
    assert.equal(gone.status, status);
    const { text } = await (await adjusting([difference(gone, 5_000), difference(good, 5_000)]))();
    assert.deepEqual(world.moved('credit note'), [`credit note: 5000 usd on ${good.invoice}`]);
    assert.equal(text, `1 of 2 lines that were billed too much are credited; 1 ${status}.`);
  });
