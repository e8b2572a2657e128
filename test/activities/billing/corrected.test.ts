/** Sums that customers got back, read at Stripe: our refunds and credits alone, each counted once, of those that hold. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { done } from '../outcomes.ts';
import { aKey, approved, difference, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

const corrected = () => world.activities().billing.corrected({ since: '1 hour', freeze: 'corrected charges' });
async function itemsOf(digest = ''): Promise<unknown> {
  return JSON.parse((await world.artifacts.load(digest)) ?? 'null');
}

test('a refund that a credit note accounts for counts once, usage credits count too, each with its customer and day', async () => {
  const [one, other] = [await world.invoice(29_900), await world.invoice(40_000)];
  const refunding = await world.refunding([wrong(one, 10_000, { invoice: one.invoice })]);
  const key = aKey();
  done(await refunding(await approved(refunding, key)));
  const { billing } = world.activities();
  const wrongs = await world.listOf('wrong charges', [wrong(one, 10_000, { invoice: one.invoice })]);
  const usages = await world.listOf('usage differences', [difference(other, 2_500)]);
  for (const [list, as] of [
    [wrongs, 'credit-note'],
    [usages, 'usage'],
  ] as const) {
    const step = key.replace('Reverse incorrect charges', as);
    const act = (call: Parameters<typeof billing.correctCharges>[1]) => billing.correctCharges({ list, as }, call);
    done(await act(await approved(act, step)));
  }
  const { verdict, evidence, facts, frozen } = await corrected();
  assert.deepEqual([verdict, facts], ['healthy', { customers: 2, unowned: 0, frozen: 2 }]);
  assert.equal(evidence, '2 customers got back or were credited usd 125.00.');
  const day = new Date(world.clock.now()).toISOString().slice(0, 10);
  assert.deepEqual(await itemsOf(frozen?.digest), [
    { amount: 10_000, currency: 'usd', customer: one.customer, day, how: 'refunded', of: 'corrected' },
    { amount: 2_500, currency: 'usd', customer: other.customer, day, how: 'credited', of: 'corrected' },
  ]);
});

test('refunds by people and refunds that failed are none of ours; then the list is empty, and is a list', async () => {
  const [byHand, lost] = [await world.invoice(29_900), await world.invoice(29_900, { method: 'pm_card_refundFail' })];
  await world.second.createRefund({ charge: byHand.charge, amount: 10_000, metadata: {} }, 'by hand');
  const refunding = await world.refunding([wrong(lost, 10_000)]);
  done(await refunding(await approved(refunding)));
  await world.clock.sleep(2 * 3_600_000);
  const { verdict, evidence, facts, frozen } = await world
    .activities()
    .billing.corrected({ since: '3 hours', freeze: 'corrected charges' });
  assert.deepEqual([verdict, evidence, facts?.frozen], ['healthy', 'No charge was corrected.', 0]);
  assert.deepEqual(await itemsOf(frozen?.digest), []);
});
