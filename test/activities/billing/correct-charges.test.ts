/** Wrong charges are refunded once, from a reviewed list alone: what Stripe recorded is asserted, and not what we say of it. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { because, done, planned } from '../outcomes.ts';
import { aDay, aKey, approved, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

const refunding = (...given: Parameters<PaidWorld['refunding']>) => world.refunding(...given);

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

/** The refund is made at Stripe, and its answer is lost. */
const losing = (fetch: Fetch): Fetch => {
  let lost = false;
  return async request => {
    const answer = await fetch(request);
    if (lost || request.method !== 'POST') return answer;
    lost = true;
    throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
  };
};

for (const hours of [0, 25])
  test(`a part of a charge is not refunded twice where the answer was lost, ${hours} hours later`, async () => {
    const one = await world.charge(29_900);
    const items = [wrong(one, 100)];
    const call = await approved(await refunding(items));
    await assert.rejects((await refunding(items, { between: losing }))(call), { type: 'Unreachable' });
    await world.clock.sleep((hours * aDay) / 24);
    const { effect } = done(await (await refunding(items))(call));
    assert.deepEqual(world.moved('refund'), [`refund: 100 usd of ${one.charge}`]);
    assert.equal(effect.measured, 'whole');
  });

test('what people refund after the list was frozen is left out, and is no second time', async () => {
  const [part, whole, more] = [await world.charge(29_900), await world.charge(29_900), await world.charge(29_900)];
  const items = [wrong(part, 10_000), wrong(whole, 10_000), wrong(more, 10_000, { refunded: 500 })];
  for (const [{ charge }, amount] of [
    [more, 500],
    [part, 4_000],
    [whole, 12_000],
  ] as const)
    await world.second.createRefund({ charge, amount, metadata: {} }, `by hand ${charge}`);
  const refund = await refunding(items);
  const { effect } = done(await refund(await approved(refund)));
  assert.deepEqual(world.moved('refund').slice(3), [`refund: 6000 usd of ${part.charge}`, `refund: 10000 usd of ${more.charge}`]);
  assert.equal(effect.measured, 'whole');
});

test('people refund between our look and our write: it stops there, and the retry gives back only the rest, under another key', async () => {
  const [first, second, third] = [await world.charge(10_000), await world.charge(10_000), await world.charge(10_000)];
  const items = [first, second, third].map(one => wrong(one, 10_000));
  const meanwhile =
    (fetch: Fetch): Fetch =>
    async request => {
      if (request.method === 'POST' && (await request.clone().text()).includes(second.charge))
        await world.second.createRefund({ charge: second.charge, amount: 4_000, metadata: {} }, 'by hand');
      return fetch(request);
    };
  const call = await approved(await refunding(items));
  await assert.rejects((await refunding(items, { between: meanwhile }))(call), {
    type: 'Refused',
    message: new RegExp(
      `1 of 3 are done. Then Charge ${second.charge}: .*greater than unrefunded amount.*The rest was not touched`,
    ),
  });
  done(await (await refunding(items))(call));
  const amounts = world.moved('refund').map(text => text.replace(/ usd of.*/, ''));
  assert.deepEqual(amounts, ['refund: 10000', 'refund: 4000', 'refund: 6000', 'refund: 10000']);
  assert.match(world.keysOf('refund')[2] ?? '', /\/2$/);
});

test('Stripe answers 200 with an error inside: nothing is claimed, and the retry does it once', async () => {
  const one = await world.charge(10_000);
  const items = [wrong(one, 10_000)];
  const call = await approved(await refunding(items));
  const inside =
    (fetch: Fetch): Fetch =>
    request =>
      request.method === 'POST' ? Response.json({ error: { type: 'api_error', message: 'not now' } }) : fetch(request);
  await assert.rejects((await refunding(items, { between: inside }))(call), {
    message: /200 with an error inside: not now|else than expected/,
  });
  assert.deepEqual(world.moved('refund'), []);
  done(await (await refunding(items))(call));
  assert.deepEqual(world.moved('refund'), [`refund: 10000 usd of ${one.charge}`]);
});

test('a disputed charge is left to finance, and the others are refunded', async () => {
  const [disputed, other] = [await world.charge(20_000, { method: 'pm_card_createDispute' }), await world.charge(10_000)];
  const refund = await refunding([wrong(disputed, 20_000), wrong(other, 10_000)]);
  const { effect } = done(await refund(await approved(refund)));
  assert.deepEqual(world.moved('refund'), [`refund: 10000 usd of ${other.charge}`]);
  assert.equal(effect.measured, 'part');
  assert.match(effect.text, /^1 of 2 charges.*1 are disputed: finance decides/);
});

test('a charge that is another at Stripe than in the list stops the rest', async () => {
  const [one, other, last] = [await world.charge(10_000), await world.charge(10_000), await world.charge(10_000)];
  const items = [wrong(one, 10_000), wrong({ ...other, currency: 'eur' }, 10_000), wrong(last, 10_000)];
  const refund = await refunding(items);
  await assert.rejects(refund(await approved(refund)), {
    type: 'Refused',
    message: /1 of 3 are done\. Then Charge .*another amount, currency, customer or status.*The rest was not touched/,
  });
  assert.deepEqual(world.moved('refund'), [`refund: 10000 usd of ${one.charge}`]);
});

test('two incidents a week apart share no key at Stripe', async () => {
  const one = await world.charge(29_900);
  const inOne = await refunding([wrong(one, 100)]);
  done(await inOne(await approved(inOne)));
  await world.clock.sleep(7 * aDay);
  const inOther = await refunding([wrong(one, 100, { refunded: 100 })]);
  done(await inOther(await approved(inOther)));
  const keys = world.keysOf('refund');
  assert.equal(new Set(keys).size, 2);
  assert.deepEqual(world.moved('refund'), [`refund: 100 usd of ${one.charge}`, `refund: 100 usd of ${one.charge}`]);
});
