import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { z } from 'zod';
import { keys } from '../../../../lab/stand-ins/platform/synthetic.ts';
import { type Asking, asking, minutes, noon } from './asking.ts';

const Entry = z.strictObject({
  id: z.string(),
  at: z.string(),
  operation: z.string(),
  data_hash: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
  ipfs_reference: z.string().nullable(),
});
type Entry = z.infer<typeof Entry>;
const Entries = z.strictObject({ entries: z.array(Entry), next: z.string().nullable() });

async function chain({ get }: Asking): Promise<Entry[]> {
  const all: Entry[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = Entries.parse((await get(`/v1/ltc/entries?limit=500${cursor && `&cursor=${cursor}`}`)).body);
    all.push(...page.entries);
    cursor = page.next;
  }
  return all;
}

const hashOf = ({ id, at, operation, data_hash, previous_hash }: Entry) =>
  createHash('sha256').update([id, at, operation, data_hash, previous_hash].join('|')).digest('hex');

test('entries of the LTC are one chain over seven days, and a changed one breaks it', async t => {
  const asked = await asking(t);
  const entries = await chain(asked);
  assert.ok(entries.length > 1_000);
  assert.deepEqual(
    entries.filter(entry => entry.hash !== hashOf(entry)),
    [],
  );
  assert.deepEqual(
    entries.slice(1).filter((entry, index) => entry.previous_hash !== entries[index]?.hash),
    [],
  );
  const { ltc } = asked.customers.read();
  asked.customers.change({ ltc: { ...ltc, changed: ['ltc-000007'] } });
  assert.deepEqual(
    (await chain(asked)).filter(entry => entry.hash !== hashOf(entry)).map(({ id }) => id),
    ['ltc-000007'],
  );
});

test('an entry that was not pinned takes a reference once, and keeps it', async t => {
  const asked = await asking(t);
  const { customers, send } = asked;
  customers.change({ ltc: { ...customers.read().ltc, unpinnedFrom: noon - minutes(60) } });
  const unpinned = (await chain(asked)).filter(({ ipfs_reference: cid }) => cid === null);
  assert.ok(unpinned.length >= 6 && unpinned.length <= 7);
  const path = `/v1/ltc/entries/${unpinned[0]?.id}/ipfs_reference`;
  const statuses = [];
  for (const cid of ['bafkreia', 'bafkreia', 'bafkreib']) statuses.push((await send('PUT', path, { cid })).status);
  assert.deepEqual(statuses, [200, 200, 409]);
  assert.equal((await send('PUT', '/v1/ltc/entries/none/ipfs_reference', { cid: 'x' })).status, 404);
});

const Usage = z.strictObject({
  usage: z.array(
    z.strictObject({
      customer: z.string(),
      day: z.string(),
      jobs: z.number(),
      qpu_time_ms: z.number(),
      calls: z.number(),
      durable: z.boolean(),
    }),
  ),
  next: z.string().nullable(),
});

test('usage has a row a customer and day, and that of today may still be lost', async t => {
  const { get } = await asking(t);
  const path = '/v1/billing/usage?from=2026-03-01&to=2026-03-09';
  const { usage, next } = Usage.parse((await get(`${path}&limit=40`)).body);
  const rest = Usage.parse((await get(`${path}&limit=40&cursor=${next}`)).body);
  assert.deepEqual([usage.length, rest.usage.length, rest.next], [40, 8, null]);
  const lost = [...usage, ...rest.usage].filter(({ durable }) => !durable);
  assert.deepEqual(new Set(lost.map(({ day }) => day)), new Set(['2026-03-02']));
  assert.equal((await get('/v1/billing/usage?from=March')).status, 422);
});

test('usage of today is durable at once where the platform keeps it so', async t => {
  const { get, customers } = await asking(t);
  customers.change({ billing: { durable: true } });
  const { usage } = Usage.parse((await get('/v1/billing/usage?from=2026-03-02&to=2026-03-02')).body);
  assert.deepEqual([usage.length, usage.every(({ durable }) => durable)], [24, true]);
});

test('prices are one of the known lists, chosen by who has seen the last one', async t => {
  const { get, send } = await asking(t);
  assert.partialDeepStrictEqual((await get('/v1/billing/prices')).body, { version: 'entitlements', plans: { business: 29_900 } });
  const choose = (version: string, seen: string) => send('PUT', '/v1/billing/prices', { version }, { 'If-Match': seen });
  assert.equal((await choose('pricing-json', 'another')).status, 412);
  assert.equal((await choose('none', 'entitlements')).status, 404);
  assert.partialDeepStrictEqual((await choose('pricing-json', '"entitlements"')).body, { version: 'pricing-json' });
});

test('a synthetic customer is refused above the limit in force, and told for how long', async t => {
  const { get, send, clock } = await asking(t);
  const usage = () => get('/api/v1/qih/usage', { 'X-API-Key': keys.free });
  const limit = { per_minute: 3, burst: 0, until: null, reason: 'test' };
  await send('PUT', '/v1/limits/tier%3Afree', limit, { 'If-Match': '1' });
  const answers = [];
  for (let times = 0; times < 4; times++) answers.push(await usage());
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 429],
  );
  const refused = answers.at(-1);
  assert.deepEqual([refused?.body, refused?.headers.get('Retry-After')], [{ detail: 'rate limit exceeded' }, '60']);
  clock.now += minutes(1);
  assert.equal((await usage()).status, 200);
  assert.equal((await get('/api/v1/qih/usage', { 'X-API-Key': 'another' })).status, 401);
});
