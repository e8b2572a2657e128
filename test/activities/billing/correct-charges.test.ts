/** Wrong charges are refunded once, from a reviewed list alone: what Stripe recorded is asserted, and not what we say of it. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { WrongCharge } from '../../../activities/billing/items.ts';
import { because, done, planned } from '../outcomes.ts';
import { aDay, aKey, approved, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

async function refunding(items: WrongCharge[], options: Parameters<PaidWorld['activities']>[0] = {}) {
  const list = await world.listOf('wrong charges', items);
  const { billing } = world.activities(options);
  return (call: { key: string; dryRun?: true; approved?: string }) => billing.correctCharges({ list, as: 'refund' }, call);
}

test('each charge gets back what it took too much, once people approved it, and its state at Stripe is measured', async () => {
  const [one, other] = [await world.charge(29_900), await world.charge(99_900)];
  const refund = await refunding([wrong(one, 10_000), wrong(other, 99_900, { rule: 'duplicate' })]);
  const key = aKey();
  const outcome = await refund({ key });
  assert.equal(because(outcome), 'approval');
  const { summary, consequences, onePerson } = planned(outcome);
  assert.equal(summary, 'usd 1099.00 of 2 charges are refunded to 2 customers.');
  assert.match(consequences.join(' '), /price 1, duplicate 1/);
  assert.equal(onePerson, true, 'finance alone');
  assert.deepEqual(world.moved('refund'), []);
  const { effect } = done(await refund(await approved(refund, key)));
  assert.deepEqual(world.moved('refund'), [`refund: 10000 usd of ${one.charge}`, `refund: 99900 usd of ${other.charge}`]);
  assert.equal(effect.measured, 'whole');
  assert.equal(effect.text, '2 of 2 charges are refunded as the list says, usd 1099.00.');
});
