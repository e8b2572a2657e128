import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Stripe } from 'stripe';
import { listen } from '../../../lab/stand-ins/listen.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../../lab/stand-ins/stripe.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Stripe's own package against the stand-in, at a time that the test decides. */
async function account(t: TestContext) {
  const clock = { now: 1_800_000_000_000 };
  const record: Message[] = [];
  const world = surroundings({ now: () => clock.now, record: message => record.push(message) });
  const served = await listen('stripe', stripe(world), 0);
  t.after(served.close);
  const { hostname: host, port } = new URL(served.url);
  const client = new Stripe('sk_test_x', { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
  const post = (path: string, form: Record<string, string>, key = 'sk_test_x') =>
    fetch(`${served.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
      body: new URLSearchParams(form),
    }).then(async response => ({ status: response.status, body: await response.json() }));
  return { client, clock, record, post, url: served.url };
}
type Account = Awaited<ReturnType<typeof account>>;

const customer = ({ client }: Account, method = 'pm_card_visa') =>
  client.customers.create({ name: 'A customer', payment_method: method, invoice_settings: { default_payment_method: method } });

async function charge(one: Account, amount = 1_000) {
  const { id } = await customer(one);
  const intent = await one.client.paymentIntents.create({
    amount,
    currency: 'usd',
    customer: id,
    payment_method: 'pm_card_visa',
    confirm: true,
    metadata: { period: '2027-01' },
  });
  return typeof intent.latest_charge === 'string' ? intent.latest_charge : assert.fail('it has a charge');
}

test('a charge is refunded in parts, and never more than what is left', async t => {
  const one = await account(t);
  const id = await charge(one);
  await one.client.refunds.create({ charge: id, amount: 400, metadata: { ours: 'a' } });
  await assert.rejects(one.client.refunds.create({ charge: id, amount: 601 }), {
    code: 'amount_too_large',
    message: 'Refund amount (6.01 usd) is greater than unrefunded amount on charge (6.00 usd)',
  });
  await one.client.refunds.create({ charge: id });
  await assert.rejects(one.client.refunds.create({ charge: id }), { code: 'charge_already_refunded' });
  const { refunded, amount_refunded: back } = await one.client.charges.retrieve(id);
  assert.deepEqual({ refunded, back }, { refunded: true, back: 1_000 });
  assert.deepEqual(
    one.record.map(({ text }) => text.replace(/ \w+_\d+/g, '')),
    ['charge: 1000 usd succeeded', 'refund: 400 usd of', 'refund: 600 usd of'],
  );
});

test('the same key answers the same for 24 hours, refuses other parameters, and is forgotten then', async t => {
  const one = await account(t);
  const id = await charge(one);
  const refund = (amount: number) => one.client.refunds.create({ charge: id, amount }, { idempotencyKey: 'k' });
  const first = await refund(100);
  one.clock.now += day - 1_000;
  assert.equal((await refund(100)).id, first.id);
  await assert.rejects(refund(200), { statusCode: 400, rawType: 'idempotency_error' });
  one.clock.now += 2_000;
  assert.notEqual((await refund(100)).id, first.id);
  assert.equal((await one.client.charges.retrieve(id)).amount_refunded, 200);
});

test('a call that is refused for its parameters does not use up its key', async t => {
  const one = await account(t);
  const id = await charge(one);
  const key = { idempotencyKey: 'k' };
  const wrong = one.client.rawRequest('POST', '/v1/refunds', { charge: id, amuont: 1 }, key);
  await assert.rejects(wrong, { code: 'parameter_unknown', message: 'Received unknown parameter: amuont' });
  assert.equal((await one.client.refunds.create({ charge: id, amount: 1 }, key)).amount, 1);
});

for (const [method, code, decline] of [
  ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
] as const)
  test(`a card is declined as Stripe words it: ${method}`, async t => {
    const one = await account(t);
    const { id } = await customer(one, method);
    const paying = one.client.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      customer: id,
      payment_method: method,
      confirm: true,
    });
    await assert.rejects(paying, { statusCode: 402, rawType: 'card_error', code, ...(decline && { decline_code: decline }) });
    const { data } = await one.client.charges.list({ customer: id });
    assert.deepEqual(
      data.map(({ status, failure_code: failure }) => ({ status, failure })),
      [{ status: 'failed', failure: code }],
    );
  });

const refusals: [string, (one: Account) => Promise<{ status: number; body: unknown }>, number, string | RegExp][] = [
  [
    'a key that was revoked',
    one => one.post('/v1/customers', {}, 'revoked_key'),
    401,
    /^Invalid API Key provided: revoked\*+_key$/,
  ],
  [
    'a parameter that is missing',
    one => one.post('/v1/payment_intents', { currency: 'usd' }),
    400,
    'Missing required param: amount.',
  ],
  ['an amount that is no number', one => one.post('/v1/refunds', { charge: 'ch', amount: 'x' }), 400, 'Invalid integer: x'],
  ['a charge that is not there', one => one.post('/v1/refunds', { charge: 'ch_none' }), 400, "No such charge: 'ch_none'"],
  ['a path that is not there', one => one.post('/v1/none', {}), 404, /^Unrecognized request URL/],
];
for (const [title, ask, status, message] of refusals)
  test(`refused: ${title}`, async t => {
    const answer = await ask(await account(t));
    assert.equal(answer.status, status);
    const said = JSON.parse(JSON.stringify(answer.body)).error.message;
    if (message instanceof RegExp) assert.match(said, message);
    else assert.equal(said, message);
  });

test('the hundred and first call of a second is one too many', async t => {
  const one = await account(t);
  const answers: number[] = [];
  for (let call = 0; call <= 100; call += 1) answers.push((await one.post('/v1/customers', {})).status);
  assert.deepEqual([answers[99], answers[100]], [200, 429]);
});

test('lists are read page by page, newest first, and found by their metadata a minute later', async t => {
  const one = await account(t);
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.unshift(await charge(one));
  const read: string[] = [];
  for await (const { id } of one.client.charges.list({ limit: 2 })) read.push(id);
  assert.deepEqual(read, ids);
  const search = () => one.client.charges.search({ query: "metadata['period']:'2027-01' AND status:'succeeded'" });
  assert.equal((await search()).data.length, 0);
  one.clock.now += 60_000;
  assert.equal((await search()).data.length, 5);
});

async function subscribed(one: Account, method = 'pm_card_visa') {
  const { id: whose } = await customer(one, method);
  const recurring = { interval: 'month' } as const;
  const price = await one.client.prices.create({
    currency: 'usd',
    unit_amount: 29_900,
    recurring,
    product_data: { name: 'Business' },
  });
  return one.client.subscriptions.create({ customer: whose, items: [{ price: price.id }] });
}
const statuses = async ({ client }: Account, subscription: string) =>
  (await client.invoices.list({ subscription })).data.map(({ status, auto_advance: advance }) => [status, advance]);

test('a period makes an invoice, which is finalised and paid an hour later', async t => {
  const one = await account(t);
  const { id } = await subscribed(one);
  assert.deepEqual(await statuses(one, id), [['draft', true]]);
  one.clock.now += hour;
  assert.deepEqual(await statuses(one, id), [['paid', true]]);
  one.clock.now += 30 * day;
  assert.deepEqual(await statuses(one, id), [
    ['paid', true],
    ['paid', true],
  ]);
});

test('while collection is paused, invoices stay drafts; what was open before is tried all the same, until it is told not to be', async t => {
  const one = await account(t);
  const { id } = await subscribed(one, 'pm_card_visa_chargeDeclined');
  one.clock.now += 29 * day;
  await one.client.subscriptions.update(id, { pause_collection: { behavior: 'keep_as_draft' } });
  one.clock.now += 2 * day;
  assert.deepEqual(await statuses(one, id), [
    ['draft', false],
    ['open', true],
  ]);
  const [, open] = (await one.client.invoices.list({ subscription: id })).data;
  assert.equal(open?.attempt_count, 4);
});

test('an open invoice that no longer advances is tried no more', async t => {
  const one = await account(t);
  const { id } = await subscribed(one, 'pm_card_visa_chargeDeclined');
  one.clock.now += 2 * hour;
  const [open] = (await one.client.invoices.list({ subscription: id })).data;
  await one.client.invoices.update(String(open?.id), { auto_advance: false });
  one.clock.now += 20 * day;
  assert.equal((await one.client.invoices.retrieve(String(open?.id))).attempt_count, 1);
});

test('a credit note lessens what is owed, and of a paid invoice it says how the rest is given back', async t => {
  const one = await account(t);
  const { id: whose } = await customer(one);
  const invoice = await one.client.invoices.create({ customer: whose });
  await one.client.invoiceItems.create({ customer: whose, invoice: invoice.id, amount: 5_000, currency: 'usd' });
  await one.client.invoices.finalizeInvoice(invoice.id);
  const note = await one.client.creditNotes.create({ invoice: invoice.id, amount: 1_000 });
  assert.equal(note.pre_payment_amount, 1_000);
  const paid = await one.client.invoices.pay(invoice.id);
  assert.equal(paid.amount_paid, 4_000);
  await assert.rejects(one.client.creditNotes.create({ invoice: paid.id, amount: 500 }), /must equal the post_payment_amount/);
  await one.client.creditNotes.create({ invoice: paid.id, amount: 500, credit_amount: 500 });
  assert.equal(Reflect.get(await one.client.customers.retrieve(whose), 'balance'), -500);
});

test('a customer without a payment method cannot be charged', async t => {
  const one = await account(t);
  const { id: whose } = await one.client.customers.create({ name: 'No card' });
  const invoice = await one.client.invoices.create({ customer: whose });
  await one.client.invoiceItems.create({ customer: whose, invoice: invoice.id, amount: 5_000, currency: 'usd' });
  await assert.rejects(one.client.invoices.pay(invoice.id), /has no attached payment source or default payment method/);
  const events = await one.client.events.list({ type: 'invoice.*' });
  assert.equal(events.data[0]?.type, 'invoice.finalized');
});
