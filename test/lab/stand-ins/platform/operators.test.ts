import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { tokens } from '../../../../lab/stand-ins/platform/served.ts';
import { asking, during, iso, minutes, noon } from './asking.ts';

const guarded = [
  ['GET', '/api/v1/users'],
  ['GET', '/v1/entitlements/user/customer-1'],
  ['GET', '/pods/a/v1/limits'],
  ['PUT', '/v1/blocks'],
  ['GET', '/v1/access-log'],
  ['GET', '/v1/ltc/entries'],
  ['GET', '/v1/billing/prices'],
] as const;

for (const [method, path] of guarded) {
  test(`${method} ${path} is for operators`, async t => {
    const { send } = await asking(t);
    const asked = await send(method, path, undefined, { Authorization: 'Bearer wrong' });
    assert.deepEqual([asked.status, asked.body], [401, { detail: 'Could not validate credentials' }]);
    assert.equal(asked.headers.get('WWW-Authenticate'), 'Bearer');
  });
}

test('an operator who may only read changes nothing', async t => {
  const { send, get } = await asking(t);
  const reader = { Authorization: `Bearer ${tokens.reader}` };
  assert.equal((await get('/v1/limits', reader)).status, 200);
  assert.equal((await send('DELETE', '/v1/limits/tier%3Afree', undefined, reader)).status, 403);
});

test('entitlements answer 500 on the platform as it is', async t => {
  const { get } = await asking(t, {}, 'unsupported');
  assert.deepEqual((await get('/v1/entitlements')).status, 500);
  assert.deepEqual((await get('/v1/entitlements/user/customer-1')).body, 'Internal Server Error');
});

const Entitlement = z.strictObject({
  user_id: z.string(),
  tier: z.string(),
  limits: z.record(z.string(), z.number()),
  used: z.strictObject({ jobs_this_month: z.number(), calls_today: z.number() }),
  override: z.looseObject({ until: z.string() }).nullable(),
});

test('a raised quota lasts until its end, and is replaced as a whole', async t => {
  const { send, get, clock } = await asking(t, during('legitimate'));
  const path = '/v1/entitlements/user/customer-7';
  const seen = async () => Entitlement.parse((await get(path)).body);
  assert.partialDeepStrictEqual(await seen(), { tier: 'business', used: { jobs_this_month: 1_000 }, override: null });
  const until = iso(noon + minutes(60));
  await send('PUT', `${path}/override`, { jobs_per_month: 2_000, until });
  await send('PUT', `${path}/override`, { calls_per_day: 20_000, until });
  assert.deepEqual((await seen()).override, { calls_per_day: 20_000, until });
  clock.now += minutes(61);
  assert.equal((await seen()).override, null);
  const past = await send('PUT', `${path}/override`, { calls_per_day: 1, until: iso(noon) });
  assert.partialDeepStrictEqual(past, { status: 422, body: { detail: [{ loc: ['body', 'until'] }] } });
  assert.equal((await send('POST', `${path}/tier`, { tier: 'gold' })).status, 422);
  assert.equal((await send('POST', '/v1/entitlements/user/customer-99/tier', { tier: 'free' })).status, 404);
  assert.partialDeepStrictEqual((await send('POST', `${path}/tier`, { tier: 'premium' })).body, { tier: 'premium' });
});

test('entitlements come page by page', async t => {
  const { get } = await asking(t);
  const Page = z.strictObject({ entitlements: z.array(Entitlement), total: z.number() });
  const { entitlements, total } = Page.parse((await get('/v1/entitlements?limit=10&offset=20')).body);
  assert.deepEqual([entitlements.length, total], [4, 24]);
  assert.equal((await get('/v1/entitlements?limit=101')).status, 422);
});

const limit = { per_minute: 10, burst: 5, until: iso(noon + minutes(30)), reason: 'test' };
const Limits = z.strictObject({ version: z.number(), limits: z.record(z.string(), z.looseObject({ per_minute: z.number() })) });

test('a limit is set by who has seen the last version, and ends by itself', async t => {
  const { send, get, clock } = await asking(t);
  const path = `/v1/limits/${encodeURIComponent('address:203.0.113.0/24')}`;
  const seen = async () => Limits.parse((await get('/v1/limits')).body);
  const { version } = await seen();
  assert.equal((await send('PUT', path, limit)).status, 412);
  assert.equal((await send('PUT', path, limit, { 'If-Match': String(version) })).status, 200);
  assert.equal((await send('PUT', path, limit, { 'If-Match': String(version) })).status, 412);
  assert.deepEqual(Object.keys((await seen()).limits), ['address:203.0.113.0/24']);
  clock.now += minutes(30);
  assert.deepEqual((await seen()).limits, {});
});

for (const [scope, body] of [
  ['tier:gold', limit],
  ['address:203.0.113.0', limit],
  ['world', limit],
  ['tier:free', { ...limit, until: iso(noon) }],
  ['tier:free', { ...limit, per_minute: -1 }],
] as const) {
  test(`a limit of ${scope} with ${JSON.stringify(body).slice(0, 18)} until ${body.until} is refused`, async t => {
    const { send } = await asking(t);
    assert.equal((await send('PUT', `/v1/limits/${encodeURIComponent(scope)}`, body, { 'If-Match': '1' })).status, 422);
  });
}

test('the list of blocks is replaced as a whole, at most a thousand of them', async t => {
  const { send, get } = await asking(t);
  const block = { cidr: '203.0.113.7/32', how: 'block', until: iso(noon + minutes(60)), reason: 'scraper' };
  const put = (blocks: object[], version: number) => send('PUT', '/v1/blocks', { blocks }, { 'If-Match': String(version) });
  assert.equal((await put([block], 7)).status, 412);
  assert.deepEqual((await put([block], 1)).body, { version: 2, blocks: [block] });
  assert.equal((await put([{ ...block, cidr: 'everyone' }], 2)).status, 422);
  assert.equal(
    (
      await put(
        Array.from({ length: 1_001 }, () => block),
        2,
      )
    ).status,
    422,
  );
  assert.deepEqual((await get('/v1/blocks')).body, { version: 2, blocks: [block] });
});

const Lines = z.looseObject({ lines: z.array(z.looseObject({ address: z.string(), status: z.number() })) });

test('a block shows in the access log from then on', async t => {
  const { send, get, clock } = await asking(t, during('abuse'));
  const blocks = [{ cidr: '203.0.113.0/24', how: 'block', until: iso(noon + minutes(60)), reason: 'scraper' }];
  const statuses = async (since: number, until: number) => {
    const { body } = await get(`/v1/access-log?since=${iso(since)}&until=${iso(until)}&limit=5000`);
    const mine = Lines.parse(body).lines.filter(({ address }) => address === '203.0.113.7');
    return new Set(mine.map(({ status }) => status));
  };
  await send('PUT', '/v1/blocks', { blocks }, { 'If-Match': '1' });
  clock.now += minutes(2);
  assert.deepEqual(await statuses(noon - minutes(1), noon), new Set([401, 404, 429]));
  assert.deepEqual(await statuses(noon, clock.now), new Set([403]));
});

test('taking away a limit below normal use ends its refusals', async t => {
  const { send, get, clock } = await asking(t, during('misconfigured'));
  const { version, limits } = Limits.parse((await get('/v1/limits')).body);
  assert.deepEqual(Object.keys(limits), ['tier:premium']);
  const removed = await send('DELETE', '/v1/limits/tier%3Apremium', undefined, { 'If-Match': String(version) });
  assert.equal(removed.status, 200);
  clock.now += minutes(5);
  const { body } = await get(`/v1/access-log?since=${iso(noon)}&limit=5000`);
  assert.equal(Lines.parse(body).lines.filter(({ status }) => status === 429).length, 0);
});
