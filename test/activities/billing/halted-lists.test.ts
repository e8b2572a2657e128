/** A list that has begun goes on under its key, whatever stops it: no retry credits or pays an item twice, by what Stripe recorded. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { failureOf, nextLetter } from '../../../workflows/kit/words/acting.ts';
import { done } from '../outcomes.ts';
import { aKey, approved, difference, type PaidWorld, paidWorld } from './paid-world.ts';

let world: PaidWorld;
beforeEach(() => {
  world = paidWorld();
});

type Options = Parameters<PaidWorld['activities']>[0];
type Call = { key: string; dryRun?: true; approved?: string };

async function crediting() {
  const invoices = [await world.invoice(29_900), await world.invoice(29_900), await world.invoice(29_900)];
  const list = await world.listOf(
    'usage',
    invoices.map(one => difference(one, 5_000)),
  );
  const by = (options?: Options) => (call: Call) => world.activities(options).billing.correctCharges({ list, as: 'usage' }, call);
  return { by, call: await approved(by()), expected: invoices.map(({ invoice }) => `credit note: 5000 usd on ${invoice}`) };
}

/** After so many credit notes, and before the next answer. */
const afterCredits =
  (count: number, then: () => unknown): NonNullable<NonNullable<Options>['between']> =>
  fetch =>
  async request => {
    const answer = await fetch(request);
    if (request.method === 'POST' && world.moved('credit note').length === count) await then();
    return answer;
  };

/** As `onFailure` has people retry it: under the next letter where nothing was done. */
const retriedAs = ({ key, ...call }: Call, error: unknown): Call => ({
  ...call,
  key: failureOf(error).nothingDone ? nextLetter(key, key) : key,
});

const failed = (acting: Promise<unknown>): Promise<unknown> =>
  acting.then(
    () => assert.fail('it went through'),
    (error: unknown) => error,
  );

/** Uses up what Stripe takes from one key in a second. */
async function useUp(fetch: Fetch) {
  const headers = { authorization: 'Bearer sk_test_x' };
  for (let calls = 0; calls < 100; calls += 1) await fetch(new Request('http://stripe/v1/invoices', { headers }));
}

test('over the limit of calls after the second item: the retry credits the third alone', async () => {
  const { by, call, expected } = await crediting();
  const limited = (fetch: Fetch) => afterCredits(2, () => useUp(fetch))(fetch);
  const error = await failed(by({ between: limited })(call));
  await world.clock.sleep(1_000);
  done(await by()(retriedAs(call, error)));
  assert.deepEqual(world.moved('credit note'), expected);
  assert.match(failureOf(error).message, /^2 of 3 are done\. Then Line il_in_\d+ of in_\d+: Stripe answered 429/);
});

for (const [when, count] of [
  ['after the second item', 2],
  ['while all are measured', 3],
] as const)
  test(`the key of Stripe is revoked ${when}: the retry credits nothing twice`, async () => {
    const { by, call, expected } = await crediting();
    const error = await failed(by({ between: afterCredits(count, () => world.become('unauthorised')) })(call));
    world.become('healthy');
    done(await by()(retriedAs(call, error)));
    assert.deepEqual(world.moved('credit note'), expected);
    assert.match(failureOf(error).message, new RegExp(`^${count} of 3 are done\\..*Stripe answered 401`));
  });

test('a worker died before it kept how far it came, and the list is lost for a while: the retry credits nothing twice', async () => {
  const { by, call, expected } = await crediting();
  const { promise: dead, resolve: die } = Promise.withResolvers<void>();
  const dying = afterCredits(1, () => (die(), new Promise(() => {})));
  await Promise.race([by({ between: dying })(call), dead]);
  const { load } = world.artifacts;
  world.artifacts.load = async () => undefined;
  const error = await failed(by()(call));
  world.artifacts.load = load;
  done(await by()(retriedAs(call, error)));
  assert.deepEqual(world.moved('credit note'), expected);
  assert.match(failureOf(error).message, /no longer has the list.*Nothing more was changed/);
});

test('refused before its first item, nothing was done: the retry is another key', async () => {
  const { by, call } = await crediting();
  const { load } = world.artifacts;
  world.artifacts.load = async () => undefined;
  const error = await failed(by()(call));
  world.artifacts.load = load;
  assert.equal(failureOf(error).nothingDone, true);
});

/** Stripe answers the same to a key for a day once it has begun: https://docs.stripe.com/api/idempotent_requests. */
const refusingMark = (status: number): NonNullable<NonNullable<Options>['between']> => {
  const refused = new Set<string | null>();
  return fetch => async request => {
    const key = request.headers.get('idempotency-key');
    const isMark = request.method === 'POST' && /\/v1\/invoices\/\w+$/.test(request.url);
    if (!isMark || (refused.size > 0 && !refused.has(key))) return fetch(request);
    refused.add(key);
    return Response.json({ error: { type: 'api_error', message: 'not now' } }, { status });
  };
};

for (const status of [403, 500])
  test(`Stripe answers ${status} to the mark, and to its key for a day: the retry pays the invoice once`, async () => {
    world.become('failing');
    const item = { ...(await world.invoice(29_900)), reason: 'processing_error' };
    world.become('healthy');
    const list = await world.listOf('failed charges', [item]);
    const { billing } = world.activities({ between: refusingMark(status) });
    const retry = (call: Call) => billing.retryCharges({ list }, call);
    const call = await approved(retry, aKey('Retry failed charges'));
    const error = await failed(retry(call));
    assert.match(failureOf(error).message, new RegExp(`Stripe answered ${status}`));
    await world.clock.sleep(1_000);
    assert.equal(done(await retry(retriedAs(call, error))).effect.measured, 'whole');
    assert.equal(world.moved('charge').filter(text => text.endsWith('succeeded')).length, 1);
  });
