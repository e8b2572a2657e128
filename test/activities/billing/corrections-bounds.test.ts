/** The bounds of corrections: how long a list may be, how much an incident and a day may move, and when a second person approves. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { WrongCharge } from '../../../activities/billing/items.ts';
import type { FrozenList } from '../../../workflows/contract/index.ts';
import { done, planned } from '../outcomes.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';
import { createActivities } from '../../../activities/index.ts';
import { aDay, aKey, approved, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

const never = (index: number, currency = 'usd') => ({
  charge: `ch_${index}`,
  customer: `cus_${index}`,
  amount: 1_000_00,
  currency,
});
const many = (count: number, excess = 100) => Array.from({ length: count }, (_, index) => wrong(never(index), excess));

const refunding = (...given: Parameters<PaidWorld['refunding']>) => world.refunding(...given);
const planFor = async (items: WrongCharge[]) => planned(await (await refunding(items))({ key: aKey(), dryRun: true }));

test('a list of none is nothing to do, and one of 10,001 is refused', async () => {
  assert.match(done(await (await refunding([]))({ key: aKey() })).note, /is empty/);
  await assert.rejects((await refunding(many(10_001)))({ key: aKey() }), {
    type: 'Refused',
    message: /has 10001 items, and 10000 are the most for one step\. Nothing was changed/,
  });
});

test('a list that holds something else, such as a negative amount, is refused whole', async () => {
  const items = [...many(1), wrong(never(2), -100)];
  await assert.rejects((await refunding(items))({ key: aKey() }), { type: 'BadInput', message: /holds other things/ });
});

test('above 10,000 a second person approves, and where another currency is among them', async () => {
  assert.equal((await planFor(many(100, 100_00))).onePerson, true, '10,000 is not above it');
  const large = await planFor([...many(100, 100_00), wrong(never(200), 1)]);
  assert.equal(large.onePerson, undefined);
  assert.match(large.consequences.join(' '), /A second person approves: it is above usd 10000/);
  const mixed = await planFor([wrong(never(1), 100), wrong(never(2, 'eur'), 100), wrong(never(3, 'jpy'), 5)]);
  assert.equal(mixed.summary, 'usd 1.00 and eur 1.00 and jpy 5 of 3 charges are refunded to 3 customers.');
  assert.equal(mixed.onePerson, undefined);
});

test('each charge of a mixed list is refunded in its own currency', async () => {
  const [usd, eur] = [await world.charge(10_000), await world.charge(20_000, { currency: 'eur' })];
  const refund = await refunding([wrong(usd, 5_000), wrong(eur, 20_000, { rule: 'currency' })]);
  const { effect } = done(await refund(await approved(refund)));
  assert.deepEqual(world.moved('refund'), [`refund: 5000 usd of ${usd.charge}`, `refund: 20000 eur of ${eur.charge}`]);
  assert.equal(effect.text, '2 of 2 charges are refunded as the list says, usd 50.00 and eur 200.00.');
});

const capped = (caps: Partial<{ perIncident: number; perDay: number }>) => {
  const { billing } = aPlatform;
  assert.ok(billing);
  return { ...aPlatform, billing: { ...billing, caps: { ...billing.caps, ...caps } } };
};

test('an incident moves no more than its cap, over all of its lists', async () => {
  const platform = capped({ perIncident: 150 });
  const [one, other] = [await world.charge(10_000), await world.charge(10_000)];
  const first = await refunding([wrong(one, 10_000)], { platform });
  done(await first(await approved(first, 'incident-cap/Resolution/Reverse/1')));
  const second = await refunding([wrong(other, 5_001)], { platform });
  await assert.rejects(second({ key: 'incident-cap/Resolution/Reverse/2' }), {
    type: 'Refused',
    message: /usd 50\.01 with usd 100\.00 before is more than an incident may move, usd 150\.00\. Nothing was changed/,
  });
  const fits = await refunding([wrong(other, 5_000)], { platform });
  done(await fits(await approved(fits, 'incident-cap/Resolution/Reverse/3')));
  assert.equal(world.moved('refund').length, 2);
});

test('a day moves no more than its cap, over all incidents, and the next day begins again', async () => {
  const platform = capped({ perDay: 100 });
  const [one, other] = [await world.charge(10_000), await world.charge(10_000)];
  const first = await refunding([wrong(one, 10_000)], { platform });
  done(await first(await approved(first)));
  const next = await refunding([wrong(other, 1)], { platform });
  await assert.rejects(next({ key: aKey() }), { message: /more than a day may move/ });
  await world.clock.sleep(aDay);
  done(await next(await approved(next)));
  assert.equal(world.moved('refund').length, 2);
});

test('of two lists that begin at once not both do where both are too much', async () => {
  const platform = capped({ perDay: 150 });
  const lists = await Promise.all([
    refunding([wrong(await world.charge(10_000), 10_000)], { platform }),
    refunding([wrong(await world.charge(10_000), 10_000)], { platform }),
  ]);
  const calls = await Promise.all(lists.map(act => approved(act)));
  const results = await Promise.allSettled(lists.map((act, index) => act(calls[index] ?? assert.fail())));
  const refusals = results.flatMap(one => (one.status === 'rejected' ? String(one.reason) : []));
  assert.ok(refusals.length > 0);
  for (const refusal of refusals) assert.match(refusal, /more than a day may move/);
  assert.equal(world.moved('refund').length, 2 - refusals.length);
});

test('without Stripe the list and what to do with it stand ready to paste', async () => {
  const clock = virtualClock();
  const { billing } = createActivities({ platform: aPlatform, systems: connected({}, clock), ...clock, running });
  const list: FrozenList = { name: 'wrong charges', digest: 'ab12', count: 3 };
  const outcome = await billing.correctCharges({ list, as: 'refund' }, { key: aKey() });
  assert.ok('byHand' in outcome);
  assert.match(outcome.byHand.paste, /Refund the charges.*“wrong charges” \(3 items\).*ab12/);
});
