import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { z } from 'zod';
import { course, pinning } from '../../../lab/stand-ins/pinning.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { json, type Row, serving } from './serving.ts';

const auth = { Authorization: 'Bearer practice' };
const cids = ['a', 'b', 'c'].map(letter => `bafkrei${letter.repeat(52)}`);
const [one = '', two = '', three = ''] = cids;
const pin = (cid: string, more: object = {}) => json({ cid, ...more }, auth);
const get = { headers: auth };

const Status = z.strictObject({
  requestid: z.string(),
  status: z.enum(['queued', 'pinning', 'pinned', 'failed']),
  created: z.iso.datetime(),
  pin: z.looseObject({ cid: z.string() }),
  delegates: z.array(z.string()).min(1).max(20),
  info: z.record(z.string(), z.string()),
});
const Results = z.strictObject({ count: z.number(), results: z.array(Status).max(1000) });

/** A service at a time, and in a state, that the test decides; nothing provides what it has lost. */
async function service(t: TestContext) {
  const set: { now: number; state: State; lost: string[] } = { now: 1_800_000_000_000, state: 'healthy', lost: [] };
  const around = surroundings({ now: () => set.now, state: () => set.state });
  const ipfs = { provides: async (cid: string) => !set.lost.includes(cid) };
  const ask = await serving(
    t,
    pinning(around, () => ({ ipfs })),
  );
  const list = async (query: string) => Results.parse((await ask(`/pins?${query}`, get)).body);
  const add = async (cid: string, more: object = {}) => Status.parse((await ask('/pins', pin(cid, more))).body);
  const read = async (id: string) => Status.parse((await ask(`/pins/${id}`, get)).body);
  return { set, ask, list, add, read };
}

test('a pin is queued, then looked for, then pinned, on the clock of the service', async t => {
  const { set, ask, add, read } = await service(t);
  const answered = await ask('/pins', pin(one, { name: 'a record', meta: { run: '7' } }));
  const { requestid, ...first } = Status.parse(answered.body);
  assert.deepEqual([answered.status, first.status, first.info], [202, 'queued', { status_details: 'Queue position: 1' }]);
  assert.equal((await add(two)).info['status_details'], 'Queue position: 2');
  set.now += course.queued;
  assert.deepEqual([(await read(requestid)).status, (await read(requestid)).created], ['pinning', first.created]);
  set.now += course.found;
  const { status, pin: kept, info } = await read(requestid);
  assert.deepEqual([status, kept, info], ['pinned', { cid: one, name: 'a record', meta: { run: '7' } }, {}]);
});

test('content that no one provides is looked for, and fails at last; what was pinned stays pinned', async t => {
  const { set, add, read } = await service(t);
  const pinned = await add(two);
  set.now += course.found;
  assert.equal((await read(pinned.requestid)).status, 'pinned');
  set.lost = [one, two];
  const { requestid } = await add(one);
  set.now += course.found;
  assert.equal((await read(requestid)).status, 'pinning');
  set.now += course.givenUp;
  const { status, info } = await read(requestid);
  assert.deepEqual([status, info], ['failed', { status_details: 'No provider of the content was found' }]);
  assert.equal((await read(pinned.requestid)).status, 'pinned');
});

test('the same content again is another request; one ends without the other, and nothing ends twice', async t => {
  const { ask, add, list } = await service(t);
  const [first, second] = [await add(one), await add(one)];
  assert.notEqual(first.requestid, second.requestid);
  const removed = await ask(`/pins/${first.requestid}`, { ...get, method: 'DELETE' });
  assert.deepEqual([removed.status, removed.body], [202, '']);
  const left = await list(`cid=${one}&status=queued`);
  assert.deepEqual(
    left.results.map(({ requestid }) => requestid),
    [second.requestid],
  );
  assert.equal((await ask(`/pins/${first.requestid}`, { ...get, method: 'DELETE' })).status, 404);
});

test('a pin is replaced by another request, and is gone', async t => {
  const { ask, add, list } = await service(t);
  const { requestid } = await add(one);
  const replaced = await ask(`/pins/${requestid}`, pin(two));
  assert.equal(replaced.status, 202);
  assert.notEqual(Status.parse(replaced.body).requestid, requestid);
  assert.equal((await ask(`/pins/${requestid}`, get)).status, 404);
  assert.equal((await list('status=queued')).count, 1);
});

test('pages of the newest first are told apart by the time of each, however many come at one moment', async t => {
  const { set, add, list } = await service(t);
  for (let count = 0; count < 25; count += 1) await add(cids[count % 3] ?? '');
  assert.equal((await list('')).count, 0, 'pinned only, where no status is asked for');
  set.now += course.found + 25;
  const first = await list('');
  assert.deepEqual([first.count, first.results.length], [25, 10]);
  const seen = new Set<string>();
  for (let before = '', left = true; left; ) {
    const { count, results } = await list(`limit=7${before}`);
    for (const { requestid } of results) seen.add(requestid);
    before = `&before=${results.at(-1)?.created}`;
    left = count > results.length;
  }
  assert.equal(seen.size, 25);
  assert.equal((await list(`after=${first.results[9]?.created}&limit=1000`)).count, 9);
});

test('pins are found by content, name and metadata', async t => {
  const { add, list } = await service(t);
  await add(one, { name: 'Record 1', meta: { run: '7', by: 'us' } });
  await add(two, { name: 'record 2', meta: { run: '8' } });
  await add(three);
  const found = async (query: string) => (await list(`status=queued&${query}`)).results.map(({ pin: { cid } }) => cid);
  assert.deepEqual(await found(`cid=${one},${three}`), [three, one]);
  assert.deepEqual(await found('name=record 1'), []);
  assert.deepEqual(await found('name=record 1&match=iexact'), [one]);
  assert.deepEqual(await found('name=ecord&match=partial'), [two, one]);
  assert.deepEqual(await found(`meta=${encodeURIComponent('{"run":"7"}')}`), [one]);
});

const bad = (details: string) => ({ error: { reason: 'BAD_REQUEST', details } });
const missing = { error: { reason: 'UNAUTHORIZED', details: 'Access token is missing or invalid' } };
const absent = { error: { reason: 'NOT_FOUND', details: 'The specified resource was not found' } };
const rows: Record<string, Row> = {
  'a call without a token': { path: '/pins', status: 401, body: missing },
  'a token that was revoked': {
    path: '/pins',
    init: { headers: { Authorization: 'Bearer revoked-1' } },
    status: 401,
    body: missing,
  },
  'basic authentication': { path: '/pins', init: { headers: { Authorization: 'Basic YTpi' } }, status: 401, body: missing },
  'a page of none': { path: '/pins?limit=0', init: get, status: 400, body: bad('limit: Too small: expected number to be >=1') },
  'a page of 1001': {
    path: '/pins?limit=1001',
    init: get,
    status: 400,
    body: bad('limit: Too big: expected number to be <=1000'),
  },
  'a time that is none': { path: '/pins?before=yesterday', init: get, status: 400, body: bad('before: Invalid ISO datetime') },
  'the same status twice': { path: '/pins?status=pinned,pinned', init: get, status: 400, body: bad('status: not unique') },
  'metadata that is no JSON': { path: '/pins?meta=x', init: get, status: 400, body: bad('meta: not JSON') },
  'a pin of no content': { path: '/pins', init: pin('no cid'), status: 400, body: bad('cid: not a CID') },
  'a request that is not there': { path: '/pins/none', init: get, status: 404, body: absent },
  'a path that is not there': { path: '/api/v0/add', init: get, status: 404, body: absent },
};
for (const [what, { path, init, status, body }] of Object.entries(rows))
  test(`a pinning service refuses ${what}`, async t => {
    const { ask } = await service(t);
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body], [status, body]);
  });

test('one that is full takes no more, keeps what it has, and lets it go', async t => {
  const { set, ask, add } = await service(t);
  const { requestid } = await add(one);
  set.state = 'full';
  for (const path of ['/pins', `/pins/${requestid}`]) {
    const { status, body } = await ask(path, pin(two));
    assert.equal(status, 409);
    assert.partialDeepStrictEqual(body, { error: { reason: 'INSUFFICIENT_FUNDS' } });
  }
  assert.equal((await ask(`/pins/${requestid}`, get)).status, 200);
  assert.equal((await ask(`/pins/${requestid}`, { ...get, method: 'DELETE' })).status, 202);
});

test('one that misreports answers 200 with an error inside, and does nothing', async t => {
  const { set, ask, list } = await service(t);
  set.state = 'misreporting';
  const { status, body } = await ask('/pins', pin(one));
  assert.equal(status, 200);
  assert.partialDeepStrictEqual(body, { error: { reason: 'INTERNAL_SERVER_ERROR' } });
  set.state = 'healthy';
  assert.equal((await list('status=queued')).count, 0);
});
