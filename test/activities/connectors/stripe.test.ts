/** Every request of the connector against Stripe's own schema: stripe-mock refuses an unknown parameter, and keeps nothing. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { getGlobalDispatcher } from 'undici';
import { connectStripe, type Stripe } from '../../../activities/connectors/stripe.ts';
import { stripeCode } from '../../../activities/connectors/stripe/client.ts';
import { SystemError } from '../../../activities/connectors/system-error.ts';
import { startStripeMock, withoutStripeMock } from '../../support/stripe-mock.ts';

const key = 'sk_test_hush123';
const clock = { now: () => Date.now(), sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, signal && { signal }) };
const over = (fetch: (request: Request) => Response | Promise<Response>, url = 'http://127.0.0.1:1') =>
  connectStripe({ url, key }, { ...clock, fetch });
const json = (body: object, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const list = (data: object[], has_more = false) => json({ object: 'list', data, has_more });
const aRefund = { object: 'refund', id: 're_1', charge: 'ch_1', amount: 1, currency: 'USD', status: 'succeeded', created: 1 };

describe('stripe-mock', { skip: withoutStripeMock }, () => {
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  let stripe: Stripe;

  before(async () => {
    assert.ok(getGlobalDispatcher(), 'undici carries out what `fetch` sends, as in the worker');
    mock = await startStripeMock();
    stripe = over(globalThis.fetch, mock.url);
  });
  after(() => mock.stop());

  const span = { since: Date.parse('2026-11-01T00:00:00Z'), until: Date.parse('2026-12-01T00:00:00Z') };
  const metadata = { nqba_runbooks: 'incident/step' };
  const calls: Record<string, (stripe: Stripe) => Promise<unknown>> = {
    charges: stripe => stripe.charges({ ...span, customer: 'cus_1', paymentIntent: 'pi_1' }),
    charge: stripe => stripe.charge('ch_1'),
    refunds: stripe => stripe.refunds({ ...span, charge: 'ch_1' }),
    invoices: stripe => stripe.invoices({ ...span, status: 'open', customer: 'cus_1', subscription: 'sub_1' }),
    invoice: stripe => stripe.invoice('in_1'),
    creditNotes: stripe => stripe.creditNotes({ invoice: 'in_1', customer: 'cus_1' }),
    invoiceItems: stripe => stripe.invoiceItems({ customer: 'cus_1', pending: true }),
    subscriptions: stripe => stripe.subscriptions({ customer: 'cus_1', price: 'price_1' }),
    subscription: stripe => stripe.subscription('sub_1'),
    prices: stripe => stripe.prices({ lookupKeys: ['business'], active: true }),
    events: stripe => stripe.events({ ...span, types: ['price.updated'], undelivered: true }),
    customer: stripe => stripe.customer('cus_1'),
    createRefund: stripe => stripe.createRefund({ charge: 'ch_1', amount: 100, metadata }, 'key'),
    createCreditNote: stripe =>
      stripe.createCreditNote(
        { invoice: 'in_1', amount: 100, credit: 0, refunds: [{ id: 're_1', amount: 100 }], reason: 'duplicate', metadata },
        'key',
      ),
    voidCreditNote: stripe => stripe.voidCreditNote('cn_1', 'key'),
    payInvoice: stripe => stripe.payInvoice('in_1', 'key'),
    voidInvoice: stripe => stripe.voidInvoice('in_1', 'key'),
    noteOnInvoice: stripe => stripe.noteOnInvoice('in_1', metadata, 'k'.repeat(300)),
  };
  for (const [name, call] of Object.entries(calls))
    test(`takes ${name}`, async () => {
      await call(stripe);
    });

  test('no call is left out', () => {
    const ofOthers = ['address', 'status'];
    assert.deepEqual(
      Object.keys(calls).toSorted(),
      Object.keys(stripe)
        .filter(name => !ofOthers.includes(name))
        .toSorted(),
    );
  });
});

test('a write carries its key, the pinned version, and no word of ours to Stripe about this machine', async () => {
  const seen: Request[] = [];
  const stripe = over(request => (seen.push(request), json(aRefund)));
  const refund = await stripe.createRefund({ charge: 'ch_1', amount: 1, metadata: {} }, 'incident/ch_1');
  assert.deepEqual([refund.currency, refund.created], ['usd', '1970-01-01T00:00:01.000Z']);
  const [request] = seen;
  assert.equal(request?.headers.get('idempotency-key'), 'incident/ch_1');
  assert.equal(request?.headers.get('stripe-version'), '2026-10-28.endive');
  assert.equal(request?.headers.get('x-stripe-client-telemetry'), null);
  assert.equal(request?.headers.get('content-length'), null, 'undici refuses a second one beside that of fetch');
});

test('a list goes on to its last page, and says when there is more than is read', async () => {
  const pages = [['re_1', 're_2'], ['re_3']];
  const asked: (string | null)[] = [];
  const paged = over(({ url }) => {
    asked.push(new URL(url).searchParams.get('starting_after'));
    const page = pages.shift() ?? [];
    return list(
      page.map(id => ({ ...aRefund, id })),
      pages.length > 0,
    );
  });
  const { items, isWhole } = await paged.refunds({});
  assert.deepEqual([items.map(({ id }) => id), isWhole, asked], [['re_1', 're_2', 're_3'], true, [null, 're_2']]);
  const endless = await over(() => list([aRefund], true)).refunds({});
  assert.deepEqual([endless.items.length, endless.isWhole], [101, false]);
});

const faulty: Record<string, [Response, Partial<SystemError>, string | undefined]> = {
  'a refusal': [
    json(
      {
        error: {
          type: 'invalid_request_error',
          code: 'charge_already_refunded',
          message: 'Charge ch_1 has already been refunded.',
        },
      },
      400,
    ),
    { fault: 'answered', status: 400, message: 'Stripe answered 400: Charge ch_1 has already been refunded.' },
    'charge_already_refunded',
  ],
  'a wrong key': [
    json({ error: { type: 'invalid_request_error', message: `Invalid API Key provided: ${key.slice(0, 8)}****h123` } }, 401),
    { fault: 'answered', status: 401, message: 'Stripe answered 401: Invalid API Key provided: <key>' },
    undefined,
  ],
  'too many calls': [
    json({ error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many' } }, 429, { 'retry-after': '7' }),
    { fault: 'answered', status: 429, retryAfter: 7_000 },
    'rate_limit',
  ],
  'a breakdown': [
    new Response('upstream', { status: 503 }),
    { fault: 'answered', status: 503, message: 'Stripe answered 503: upstream' },
    undefined,
  ],
  'an error inside of a success': [json({ error: { message: 'no' } }), { fault: 'garbled' }, undefined],
  'another object than asked for': [json({ object: 'charge', id: 'ch_1' }), { fault: 'garbled' }, undefined],
};
for (const [name, [answer, expected, code]] of Object.entries(faulty))
  test(`${name} is a fault with Stripe's words, and without the key`, async () => {
    const refused = over(() => answer).createRefund({ charge: 'ch_1', amount: 1, metadata: {} }, 'key');
    await assert.rejects(refused, (error: unknown) => {
      assert.ok(error instanceof SystemError, String(error));
      assert.doesNotMatch(error.message, /hush|h123/);
      assert.equal(stripeCode(error), code);
      for (const [field, value] of Object.entries(expected)) assert.equal(Reflect.get(error, field), value, field);
      return true;
    });
  });

test('no answer at all is unreachable', async () => {
  const dead = over(() => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })));
  await assert.rejects(dead.charge('ch_1'), { fault: 'unreachable', message: 'Stripe cannot be reached: connect ECONNREFUSED' });
});
