/** Credit notes account for refunds of the incident alone, and credit what was billed above the metered usage: once each. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { UsageDifference } from '../../../activities/billing/items.ts';
import type { CorrectInput } from '../../../activities/billing/inputs.ts';
import { done, planned } from '../outcomes.ts';
import { aDay, aKey, approved, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

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

const difference = (of: { invoice: string; customer: string }, amount: number): UsageDifference => ({
  customer: of.customer,
  stripeCustomer: of.customer,
  invoice: of.invoice,
  line: `il_${of.invoice}`,
  meter: 'jobs',
  from: '2026-11-01',
  to: '2026-11-24',
  billed: 200,
  metered: 100,
  difference: amount,
  currency: 'usd',
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
