/** Blocks on a real API server: from a reviewed list alone, never what is ours, for a day at most; in a real nginx who is refused, and who is not. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { connectAll } from '../../../activities/connectors/index.ts';
import type { Deps } from '../../../activities/deps.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import type { SourceItem } from '../../../activities/gateway/items.ts';
import { incidentOf } from '../../../activities/guard.ts';
import { createActivities } from '../../../activities/index.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { nginx, servedBy } from '../../support/nginx.ts';
import { because, done, planned } from '../outcomes.ts';
import { at, clock, type Stage, stage } from '../stage.ts';
import { ingressesOn, operatorApiWith, since } from './edge.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
beforeEach(() => on.reset());
after(() => on.stop());

const both = [at.ingress, at.lowPriority];
const name = 'nginx.ingress.kubernetes.io/denylist-source-range';
type Order = Parameters<NonNullable<Deps['takeBackLater']>>[0];

const itemOf = (cidr: string): SourceItem => ({
  cidr,
  rule: 'more than half of its calls are errors',
  calls: 600,
  accepted: 0,
  accounts: 0,
  sample: '2026-11-24T13:50:02Z GET /api/v1/exports 401 bad_token, client python-requests/2.32.3',
});

/** Of one incident, over a log that shows clients unless told. */
function incident(given: Parameters<typeof operatorApiWith>[0] = {}, edge = on.edge, time = clock) {
  const folder = crypto.randomUUID();
  const orders: Order[] = [];
  const takeBackLater = async (order: Order) => void orders.push(order);
  const product = { connectAll, createActivities: (deps: Deps) => createActivities({ ...deps, takeBackLater }) };
  const { operatorApi } = operatorApiWith(given, edge);
  const worker = on.worker({ folder, product, connected: ['kubernetes'], systems: { operatorApi }, clock: time });
  let step = 0;
  const block = async (cidrs: string[], call: Partial<Call> = {}) => {
    const list = await freeze(on.artifacts(folder), 'abusive sources', cidrs.map(itemOf));
    return worker.gateway.blockSources({ list }, { key: `${folder}/Resolution/Block/${(step += 1)}`, ...call });
  };
  const approved = async (cidrs: string[], call: Partial<Call> = {}) => {
    const { digest } = planned(await block(cidrs, { dryRun: true }));
    return done(await block(cidrs, { approved: digest, ...call }));
  };
  const undo = ({ takeBack }: ReturnType<typeof done>) => {
    assert.ok(takeBack);
    return worker.kubernetes.takeBack({ takeBack }, { key: `${folder}/undo/${(step += 1)}` });
  };
  return { name: incidentOf(`${folder}/`), worker, block, approved, undo, orders };
}

/** The recorder sees a change a moment later, as a controller does. */
const patient = { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(12 * ms, signal) };

const blockedNow = async () => (await ingressesOn(on, both)).map(({ metadata }) => metadata.annotations[name]);
const written = async () => (await on.writes()).filter(({ what }) => what.includes('ingresses/')).length;
const refuses = async (cidrs: string[], message: RegExp, given: Parameters<typeof operatorApiWith>[0] = {}) => {
  const before = await written();
  await assert.rejects(incident(given).block(cidrs, { approved: 'whatever' }), { type: 'Refused', message });
  assert.equal(await written(), before);
};

test('a list is blocked at every Ingress once security has approved it; IPv6 as a /64, and each source once', async () => {
  const { block, approved } = incident();
  const cidrs = ['203.0.113.7/32', '2001:db8:ffff:1::9/128', '2001:db8:ffff:1::a/128'];
  const asked = await block(cidrs);
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /Security confirms every entry/);
  const { changes, effect, note } = await approved(cidrs);
  const list = '2001:db8:ffff:1::/64,203.0.113.7/32';
  assert.deepEqual(await blockedNow(), [list, list]);
  for (const said of [planned(asked).changes, changes]) {
    const counts = said.map(({ field, before, after }) => [field, before, after?.split(' (')[0]]);
    assert.deepEqual(
      counts,
      both.map(() => [`sources in ${name}`, null, `${list.split(',').length} sources`]),
    );
  }
  assert.equal(effect.measured, 'whole', effect.text);
  assert.match(note, /2 sources of the list “abusive sources” are refused/);
});

test('a plan shows evidence, the list by its digest, and how many good calls the largest has; never an address', async () => {
  const { block } = incident({ density: 10 });
  const plan = planned(await block(['198.51.100.10/32', '203.0.113.7/32'], { dryRun: true }));
  const text = JSON.stringify(plan);
  assert.match(text, /Evidence: 2 because more than half of its calls are errors.*bodies\/[0-9a-f]{2}\/[0-9a-f]{64}/);
  assert.match(
    text,
    /The largest of them had \d+\.\d% of the good calls, \d+ of 1 accounts: from \d+ lines of .*, all of 10 min, within/,
  );
  assert.doesNotMatch(text, /203\.0\.113|198\.51\.100/);
});

/** A measurement of a minute and a half that no one waits for, in the last minutes; what answers has its own time. */
function passing(): typeof clock {
  let passed = -300_000;
  const sleep: typeof clock.sleep = async (ms, signal) => (ms < 5_000 ? void (passed += 80 * ms) : clock.sleep(ms, signal));
  return { ...clock, now: () => Date.now() + passed, sleep };
}

test('of a platform whose log is too long to read, a plan and its effect say that they rest on a sample', async () => {
  const { block, approved } = incident({ density: 400 }, on.edge, passing());
  const { consequences } = planned(await block(['198.51.100.10/32'], { dryRun: true }));
  assert.match(consequences.join(' '), /of the good calls, .*: from 6000 lines of the access log, a sample of /);
  const { effect } = await approved(['203.0.113.99/32']);
  assert.deepEqual([effect.measured, /none came .* a sample of /.test(effect.text)], ['part', true], effect.text);
});

test('what others block stays, what is blocked already is no second entry, and undone it is as it was', async () => {
  await on.bob.patch(at.ingress, { metadata: { annotations: { [name]: '203.0.113.200, 203.0.113.0/28' } } });
  const { approved, undo } = incident();
  const receipt = await approved(['203.0.113.7/32', '203.0.113.99/32']);
  const wanted = ['203.0.113.0/28,203.0.113.200,203.0.113.99/32', '203.0.113.7/32,203.0.113.99/32'];
  assert.deepEqual(await blockedNow(), wanted);
  done(await undo(receipt));
  assert.deepEqual(await blockedNow(), ['203.0.113.200, 203.0.113.0/28', undefined]);
});

test('it lasts a day at most, whatever the step says, and its timer takes it back', async () => {
  const { approved, orders, worker } = incident();
  const began = Date.now();
  await approved(['203.0.113.7/32'], { until: new Date(began + 7 * 86_400_000).toISOString() });
  const [order] = orders;
  assert.ok(order);
  const lasts = Date.parse(order.at) - began;
  assert.ok(lasts >= 86_400_000 && lasts < 86_410_000, order.at);
  done(await worker.kubernetes.takeBack({ takeBack: order.takeBack }, { key: 'take-back/Undo/1' }));
  assert.deepEqual(await blockedNow(), [undefined, undefined]);
});

test('another incident blocks nothing while one does: its name, and what to do; once that is undone, it may', async () => {
  const [one, other] = [incident(), incident()];
  const receipt = await one.approved(['203.0.113.7/32']);
  const before = await written();
  const named = new RegExp(`Incident ${one.name} blocks sources at Ingress .* until .*runbooks undo ${one.name}\\) or wait`);
  for (const given of [{ dryRun: true }, { approved: 'whatever' }])
    await assert.rejects(other.block(['203.0.113.99/32'], given), { type: 'Refused', message: named });
  assert.equal(await written(), before);
  done(await one.undo(receipt));
  await other.approved(['203.0.113.99/32']);
  assert.deepEqual(await blockedNow(), ['203.0.113.99/32', '203.0.113.99/32']);
});

test('what an incident adds later ends with its first block, and is undone with it', async () => {
  const { approved, undo, orders } = incident();
  const first = await approved(['203.0.113.7/32']);
  const later = await approved(['203.0.113.99/32']);
  const list = '203.0.113.7/32,203.0.113.99/32';
  assert.deepEqual(await blockedNow(), [list, list]);
  assert.deepEqual(later.takeBack?.key, first.takeBack?.key);
  assert.equal(new Set(orders.map(({ at, takeBack: { key } }) => `${key} ${at}`)).size, 1);
  done(await undo(first));
  assert.deepEqual(await blockedNow(), [undefined, undefined]);
});

test('someone else has changed the entries since: undo asks first', async () => {
  const { approved, undo } = incident();
  const receipt = await approved(['203.0.113.7/32']);
  await on.bob.patch(at.ingress, { metadata: { annotations: { [name]: '203.0.113.7/32,203.0.113.66/32' } } });
  const outcome = await undo(receipt);
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /Someone else has changed sources in/);
});

test('a scraper that the edge refuses from then on is measured as such', async () => {
  const { effect } = await incident(since('abuse'), on.edge, patient).approved(['203.0.113.7/32']);
  assert.equal(effect.measured, 'whole', effect.text);
  assert.match(
    effect.text,
    /Of [1-9]\d* calls that were answered since, none came from these sources\. From \d+ lines of the access log, all of /,
  );
});

test('a scraper that goes on being answered is no effect, whatever its Ingress says', async () => {
  const { effect } = await incident(since('abuse'), () => [], patient).approved(['203.0.113.7/32']);
  assert.equal(effect.measured, 'none', effect.text);
  assert.match(effect.text, /calls of these sources were answered since: its controller does not refuse them/);
});

test('one entry that covers ourselves, or what was agreed on, refuses the whole list', async () => {
  const good = '203.0.113.7/32';
  for (const [cidr, reason] of [
    ['0.0.0.0/0', 'the platform itself'],
    ['::/0', 'private or reserved'],
    ['10.0.0.0/8', 'the platform itself'],
    ['::ffff:10.1.2.3', 'the platform itself'],
    ['192.168.4.0/24', 'private or reserved'],
    ['192.0.2.7/32', 'our monitoring'],
    ['192.0.2.241/32', 'our own calls come from'],
    ['3.18.12.63/32', 'a payment provider'],
    ['203.0.113.0/24', 'wider than what one customer has'],
    ['2001:db8::/48', 'wider than what one customer has'],
    ['nowhere', 'no address'],
  ] as const)
    await refuses(
      [good, cidr],
      new RegExp(`has what is never blocked: entry 2: it (is|covers) .*${reason}.*Nothing was changed`),
    );
});

test('ranges of a CDN and of customers that were agreed on are never blocked', async () => {
  const { gateway } = on.platform;
  assert.ok(gateway);
  const never = { ...gateway.never, cdn: ['198.51.100.0/28'], allowed: ['203.0.113.40/29'] };
  const worker = on.worker({ folder: 'agreed', platform: { ...on.platform, gateway: { ...gateway, never } } });
  const list = await freeze(on.artifacts('agreed'), 'sources', ['198.51.100.10/32', '203.0.113.44/32'].map(itemOf));
  await assert.rejects(worker.gateway.blockSources({ list }, { key: 'run-1/a/1' }), {
    message: /entry 1: it covers a CDN, .*; entry 2: it covers customers or partners/,
  });
});

test('the address at which an Ingress is reached is ours, whatever is described', async () => {
  const status = { loadBalancer: { ingress: [{ ip: '203.0.113.250' }] } };
  await on.you.patch(`${at.ingress}/status`, { status });
  await refuses(['203.0.113.250/32'], /Ingress nqba-platform-ingress is reached by an address of the list/);
  await on.you.patch(`${at.ingress}/status`, { status: { loadBalancer: { ingress: null } } });
});

test('a list of 101, and one of 10,001, are refused and not cut', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `45.${index >> 8}.${index & 255}.1/32`);
  await refuses(many(101), /has 101 entries, and no one reviews more than 100/);
  await refuses(many(10_001), /has 10001 entries/);
  assert.equal(planned(await incident().block(many(100), { dryRun: true })).changes.length, 2);
});

test('where the access log shows no clients nothing is blocked, whoever has approved it', async () => {
  await refuses(['203.0.113.7/32'], /does not show those of clients: an address stands for many clients/, since('proxied'));
  const worker = on.worker({ folder: 'unread', connected: ['kubernetes'] });
  const list = await freeze(on.artifacts('unread'), 'sources', [itemOf('203.0.113.7/32')]);
  await assert.rejects(
    worker.gateway.blockSources({ list }, { key: 'run-2/a/1' }),
    /no one can say whether those are of clients/,
  );
});

test('an annotation that its controller cannot read is not added to', async () => {
  await on.bob.patch(at.lowPriority, { metadata: { annotations: { [name]: '203.0.113.7;203.0.113.8' } } });
  await refuses(['203.0.113.7/32'], /blocks what is no address, so that its controller answers everyone with 503/);
});

test('a list that is gone, and one of other things, are refused', async () => {
  const { worker } = incident();
  const gone = { name: 'abusive sources', digest: 'a'.repeat(64), count: 1 };
  await assert.rejects(worker.gateway.blockSources({ list: gone }, { key: 'run-3/a/1' }), { type: 'NotFound' });
  const list = await freeze(on.artifacts('others'), 'customers', [{ customer: 'customer-1' }]);
  const other = on.worker({ folder: 'others', connected: ['kubernetes'] });
  await assert.rejects(other.gateway.blockSources({ list }, { key: 'run-4/a/1' }), { type: 'BadInput' });
});

test('an Ingress that Helm owns: the plan says who will put it back', async () => {
  await on.bob.patch(at.ingress, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } });
  const { consequences } = planned(await incident().block(['203.0.113.7/32'], { dryRun: true }));
  assert.ok(
    consequences.some(one => /Helm owns Ingress .*nqba-platform-ingress/.test(one)),
    consequences.join('\n'),
  );
});

test('in a real nginx the sources are refused at every route, and no one else is', {
  skip: nginx === undefined && 'nginx is not installed',
}, async () => {
  await incident().approved(['203.0.113.7/32', '2001:db8:ffff:1::/64']);
  await servedBy(await ingressesOn(on, both), async ({ calls }) => {
    for (const path of ['/api/v1/auth/login', '/api/v1/exports', '/api/v1/exports/daily', '/health'])
      for (const client of ['203.0.113.7', '2001:db8:ffff:1::77']) assert.deepEqual(await calls(client, path, 5), { 403: 5 });
    for (const client of ['203.0.113.8', '2001:db8:ffff:2::77', '198.51.100.10'])
      assert.deepEqual(await calls(client, '/api/v1/exports', 5), { 200: 5 });
  });
});
