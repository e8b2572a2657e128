/** The price list in force over a stand-in of the platform's API: who gets another price, someone who was faster, and what Stripe says. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import { createActivities } from '../../../activities/index.ts';
import { billingOf, type Platform } from '../../../activities/platform.ts';
import type { PriceList } from '../../../activities/platform/billing.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { priceLists } from '../../../lab/stand-ins/platform/billing.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { aPlatform, armed, connected, running, virtualClock } from '../bare.ts';
import { because, done, planned } from '../outcomes.ts';

const key = (step: string) => `run-1/Resolution Steps/${step}/1`;
const reviewed = { version: 'reviewed' };

interface Options {
  state?: State;
  described?: Platform;
  /** What such a platform does not have. */
  lacks?: string;
  /** Put in force by someone else right before our first write. */
  meanwhile?: string | undefined;
}

/** The platform with one reviewed list, and what is different about it. */
function reviewedAs(more: Partial<PriceList>, currency = 'usd'): Platform {
  const billing = billingOf(aPlatform);
  const [list] = billing.prices;
  assert.ok(list);
  return { ...aPlatform, billing: { ...billing, currency, prices: [{ ...list, ...more }] } };
}

async function platformWith(version: string, options: Options = {}) {
  const { state = 'healthy', described = aPlatform, lacks = 'nothing' } = options;
  let { meanwhile } = options;
  const clock = virtualClock();
  let current: State = 'healthy';
  const app = nqbaApi(surroundings({ ...clock, state: () => current }), () => ({ pods: [], systems: [] }));
  const fetch: Fetch = async request => {
    if (request.url.endsWith(lacks)) return new Response('Not Found', { status: 404 });
    const first = request.method === 'PUT' ? meanwhile : undefined;
    if (first === undefined) return app.fetch(request);
    meanwhile = undefined;
    await select(first);
    return app.fetch(request);
  };
  const { billing: prices } = connectOperatorApi({ url: 'http://api', token: tokens.operator }, { ...clock, fetch: app.fetch });
  const select = async (wanted: string) => prices.selectPrices(wanted, (await prices.prices()).version);
  if (version !== 'entitlements') await select(version);
  current = state;
  const systems = connected(
    { kubernetes: { fetch: armed }, operatorApi: { url: 'http://api', token: tokens.operator, fetch } },
    clock,
  );
  const of = (platform: Platform) => createActivities({ platform, systems, ...clock, running });
  const { billing, kubernetes, observe } = of(described);
  const undo = ({ takeBack }: ReturnType<typeof done>, call: object = {}) => {
    assert.ok(takeBack);
    return kubernetes.takeBack({ takeBack }, { key: key('Undo'), ...call });
  };
  const standing = (step: string) => observe.standing({ changes: [], tried: [{ action: 'applyPricing', key: key(step) }] });
  const ask = (call: object = {}) => billing.applyPricing(reviewed, { key: key('Correct pricing configuration'), ...call });
  const approved = async () => ask({ approved: planned(await ask({ dryRun: true })).digest });
  return { billing, of, select, ask, approved, undo, standing, now: async () => (await prices.prices()).version };
}

test('finance reads which plans and how many customers get another price, and what is not known of Stripe', async () => {
  const { ask } = await platformWith('pricing-json');
  const outcome = await ask();
  assert.equal(because(outcome), 'approval');
  const { summary, consequences, changes } = planned(outcome);
  assert.equal(summary, 'The platform charges by the reviewed price list entitlements.');
  assert.deepEqual(consequences.slice(0, 3), [
    'business: usd 1500.00 a month becomes usd 299.00 (7 customers).',
    'premium: usd 5000.00 a month becomes usd 999.00 (4 customers).',
    'luxury: usd 150000.00 a month becomes usd 2999.00 (1 customer).',
  ]);
  assert.match(consequences.join(' '), /It changes nothing at Stripe\. .*STRIPE_API_KEY/);
  assert.deepEqual(changes, [{ target: 'Price list in force', field: 'version', before: 'pricing-json', after: 'entitlements' }]);
});

test('it is put in force once approved, is measured by its prices, and is no change the second time', async () => {
  const { ask, approved, now } = await platformWith('pricing-json');
  const { effect, takeBack } = done(await approved());
  assert.deepEqual(
    [effect.measured, effect.text, await now()],
    ['whole', 'The platform charges by entitlements: each plan has its reviewed price.', 'entitlements'],
  );
  assert.ok(takeBack);
  const again = done(await ask({ key: key('Correct pricing configuration: again') }));
  assert.match(again.note, /was in force already: nothing was changed/);
});

test('the platform has other prices by the same version: that is no whole effect', async () => {
  const { approved } = await platformWith('pricing-json', { described: reviewedAs({ version: 'payment-document' }) });
  const { effect } = done(await approved());
  assert.equal(effect.measured, 'part');
  assert.match(effect.text, /by payment-document, but there business, premium, luxury differ from the reviewed list/);
});

test('the platform has them in another currency: that is no whole effect', async () => {
  const { approved } = await platformWith('pricing-json', { described: reviewedAs({}, 'eur') });
  const { effect } = done(await approved());
  assert.equal(effect.measured, 'part');
  assert.match(effect.text, /by entitlements, but its prices are in usd, and the reviewed ones in eur/);
});

test('an approval of a list is not used once its version stands for another amount', async () => {
  const { ask, of, now } = await platformWith('pricing-json');
  const { digest } = planned(await ask({ dryRun: true }));
  const described = reviewedAs({ plans: { ...billingOf(aPlatform).prices[0]?.plans, premium: 99_901 } });
  const call = { key: key('Correct pricing configuration'), approved: digest };
  assert.equal(because(await of(described).billing.applyPricing(reviewed, call)), 'moved');
  assert.equal(await now(), 'pricing-json');
});

test('an approval for other amounts in force is not used, though their version is the same', async t => {
  const { ask, now } = await platformWith('pricing-json');
  const { digest } = planned(await ask({ dryRun: true }));
  const { 'pricing-json': before = {} } = priceLists;
  t.after(() => Object.assign(priceLists, { 'pricing-json': before }));
  Object.assign(priceLists, { 'pricing-json': { ...before, premium: 500_001 } });
  assert.equal(because(await ask({ approved: digest })), 'moved');
  assert.equal(await now(), 'pricing-json');
});

test('an approval for other prices than those in force is not used', async () => {
  const { ask, select, now } = await platformWith('pricing-json');
  const { digest } = planned(await ask({ dryRun: true }));
  await select('payment-document');
  assert.equal(because(await ask({ approved: digest })), 'moved');
  assert.equal(await now(), 'payment-document');
});

test('someone is faster: the old approval is not used, nothing stands, and undo restores what they put in force', async () => {
  const { ask, approved, undo, standing, now } = await platformWith('pricing-json', { meanwhile: 'payment-document' });
  const outcome = await approved();
  assert.equal(because(outcome), 'moved');
  assert.equal((await standing('Correct pricing configuration')).evidence, 'No change of this incident is still in effect.');
  const receipt = done(await ask({ approved: planned(outcome).digest }));
  const back = planned(await undo(receipt, { dryRun: true }));
  assert.deepEqual(back.changes, [
    { target: 'Price list in force', field: 'version', before: 'entitlements', after: 'payment-document' },
  ]);
  done(await undo(receipt));
  assert.equal(await now(), 'payment-document');
});

test('a version that was not reviewed is refused, and changes nothing', async () => {
  const { billing, now } = await platformWith('pricing-json');
  await assert.rejects(billing.applyPricing({ version: 'spring' }, { key: key('x') }), /no reviewed price list “spring”/);
  assert.equal(await now(), 'pricing-json');
});

test('where customers cannot be counted the plan says so', async () => {
  const { ask } = await platformWith('pricing-json', { state: 'unsupported' });
  const { consequences } = planned(await ask());
  assert.match(consequences[0] ?? '', /becomes usd 299\.00 \(how many customers have it is not known\)/);
});

test('a platform that does not offer it gets the version to put in force by hand', async () => {
  const { ask } = await platformWith('entitlements', { lacks: '/v1/billing/prices' });
  const outcome = await ask();
  assert.ok('byHand' in outcome, JSON.stringify(outcome));
  assert.match(outcome.byHand.paste, /price list “reviewed” of platform\.json/);
  assert.match(outcome.byHand.because ?? '', /does not offer GET \/v1\/billing\/prices/);
});
