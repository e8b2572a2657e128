/** Quotas of customers that a list names, raised for 30 days: what the platform says afterwards, to another client. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import type { Override } from '../../../activities/connectors/operator-api/entitlements.ts';
import type { Deps } from '../../../activities/deps.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { createActivities } from '../../../activities/index.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn } from '../../../lab/world/customers.ts';
import type { World } from '../../../lab/world.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { answers, aPlatform, connected, running, virtualClock } from '../bare.ts';
import { because, byHand, done, planned } from '../outcomes.ts';

const noon = Date.parse('2026-03-02T12:00:00Z');
const aDay = 86_400_000;
const api = [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }];
const mode = answers(200, { metadata: { name: 'nqba-runbooks' }, data: { 'mode.quota-exhaustion': 'supervised' } });
type Order = Parameters<NonNullable<Deps['takeBackLater']>>[0];
type Between = (request: Request, to: Fetch) => Response | Promise<Response>;

interface Item {
  customer: string;
  of?: 'jobs_per_month' | 'calls_per_day' | 'calls_per_minute';
}

/** Three customers of the tier business have come near to their quota. */
function incident(between: Between = (request, to) => to(request)) {
  const clock = virtualClock(noon);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, noon, { density: 1, troubles: [{ kind: 'legitimate', from: noon - 600_000 }] });
  const world: World = { pods: [], systems: [], api, customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => world);
  const operatorApi = { url: 'http://api', token: tokens.operator, fetch: (request: Request) => between(request, stand.fetch) };
  const systems = connected({ operatorApi, kubernetes: { fetch: mode } }, clock);
  const orders: Order[] = [];
  const takeBackLater = async (order: Order) => void orders.push(order);
  const own = () => ({ ...running(), workflowType: 'quotaExhaustion' });
  const by = createActivities({ platform: aPlatform, systems, ...clock, takeBackLater, running: own });
  let step = 0;
  const raise = async (items: Item[], call: Partial<Call> = {}, part = 0.5) => {
    const all = items.map(item => ({ of: 'jobs_per_month', used: 1000, allowed: 1000, ...item }));
    const list = await freeze(systems.artifacts, 'customers near their quota', all);
    return by.gateway.raiseQuotas({ list, by: part }, { key: `run-1/Phase/Step/${(step += 1)}`, ...call });
  };
  const approved = async (items: Item[], call: Partial<Call> = {}) => {
    const { digest } = planned(await raise(items, { ...call, dryRun: true }));
    return done(await raise(items, { ...call, approved: digest }));
  };
  /** As another operator. */
  const { entitlements } = connectOperatorApi({ url: 'http://api', token: tokens.operator }, { ...clock, fetch: stand.fetch });
  const inForce = async (customer: string) => (await entitlements.of(customer)).override;
  const undo = ({ takeBack }: ReturnType<typeof done>) => {
    assert.ok(takeBack);
    return by.kubernetes.takeBack({ takeBack }, { key: `undo/${(step += 1)}` });
  };
  const standing = async () =>
    (await by.observe.standing({ changes: [], tried: [{ action: 'raiseQuotas', key: `run-1/Phase/Step/${step}` }] })).evidence;
  return { raise, approved, undo, inForce, standing, entitlements, orders, clock, systems, quotas: by.gateway.quotas };
}

const near = ['customer-7', 'customer-8', 'customer-9'].map(customer => ({ customer }));
const in30Days = new Date(noon + 30 * aDay).toISOString();
const raised = (more: Partial<Override>): Override => ({ until: in30Days, ...more });

test('always asked; approved, the platform allows half as much again for 30 days, and no one near the quota is left', async () => {
  const { raise, approved, inForce, orders, quotas } = incident();
  const asked = await raise(near);
  assert.equal(because(asked), 'approval');
  assert.equal(await inForce('customer-7'), null);
  assert.equal((await quotas({})).verdict, 'faulty');
  const receipt = await approved(near, { until: in30Days });
  const after = await quotas({});
  for (const { customer } of near) assert.deepEqual(await inForce(customer), raised({ jobs_per_month: 1500 }));
  assert.equal(receipt.effect.measured, 'whole', receipt.effect.text);
  assert.match(after.evidence, /the highest is 1000 of 1500 jobs this month/);
  assert.deepEqual(
    orders.map(({ at }) => at),
    [in30Days],
  );
});

test('the plan names values, and no customer', async () => {
  const { raise } = incident();
  const plan = planned(await raise(near));
  assert.doesNotMatch(JSON.stringify(plan), /customer-\d/);
  assert.equal(plan.changes.length, 3);
  assert.deepEqual(new Set(plan.changes.map(({ after }) => after)), new Set(['1500 jobs a month']));
  assert.match(plan.summary, /3 customers/);
});

test('never above the next tier, and not at all above the highest', async () => {
  const { raise, inForce, entitlements } = incident();
  await entitlements.setTier('customer-8', 'free');
  const all: Item[] = [
    { customer: 'customer-8', of: 'jobs_per_month' },
    { customer: 'customer-8', of: 'calls_per_day' },
    { customer: 'customer-8', of: 'calls_per_minute' },
  ];
  const plan = planned(await raise(all, {}, 1000));
  assert.deepEqual(
    plan.changes.map(({ after }) => after),
    ['1000 jobs a month, 10000 calls a day, 100 calls a minute'],
  );
  await entitlements.setTier('customer-9', 'luxury');
  const { changes, note } = done(await raise([{ customer: 'customer-9' }]));
  assert.deepEqual(changes, []);
  assert.match(note, /1 of the highest tier/);
  assert.equal(await inForce('customer-9'), null);
});

test('two spellings of one customer are one raise; one that the platform does not know is counted', async () => {
  const { approved, inForce } = incident();
  const receipt = await approved([
    { customer: ' Customer-7' },
    { customer: 'ｃustomer-7', of: 'calls_per_day' },
    { customer: 'x' },
  ]);
  assert.equal(receipt.changes.length, 1);
  assert.deepEqual(await inForce('customer-7'), raised({ jobs_per_month: 1500, calls_per_day: 15_000 }));
});

test('what was raised before stays as it is, with its end', async () => {
  const { raise, approved, entitlements, inForce } = incident();
  const theirs: Override = { jobs_per_month: 1200, until: '2026-12-31T00:00:00Z' };
  await entitlements.setOverride('customer-7', theirs);
  assert.match(JSON.stringify(planned(await raise(near)).summary), /1 with a raised quota already/);
  await approved(near);
  assert.deepEqual(await inForce('customer-7'), theirs);
});

test('undone, nothing is raised any more; what someone has changed since is asked about', async () => {
  const first = incident();
  const receipt = await first.approved(near);
  assert.match(await first.standing(), /stays until its end/);
  done(await first.undo(receipt));
  for (const { customer } of near) assert.equal(await first.inForce(customer), null);
  const second = incident();
  const other = await second.approved(near);
  await second.entitlements.setOverride('customer-8', { jobs_per_month: 5000, until: in30Days });
  const asked = await second.undo(other);
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /Someone else has changed/);
  assert.equal((await second.inForce('customer-8'))?.jobs_per_month, 5000);
});

test('it ends at the platform itself after 30 days: then nothing is left to undo, and no one is asked', async () => {
  const { approved, undo, inForce, clock } = incident();
  const receipt = await approved(near, { until: new Date(noon + 90 * aDay).toISOString() });
  assert.equal((await inForce('customer-7'))?.until, in30Days);
  await clock.sleep(30 * aDay);
  assert.equal(await inForce('customer-7'), null);
  assert.deepEqual(done(await undo(receipt)).changes, []);
});

test('it fails at the second of three: the retry raises the others, and each once', async () => {
  const puts: string[] = [];
  let fails = true;
  const failing: Between = (request, to) => {
    if (request.method !== 'PUT') return to(request);
    if (fails && request.url.includes('customer-8')) return new Response('upstream', { status: 502 });
    puts.push(request.url);
    return to(request);
  };
  const { raise, inForce } = incident(failing);
  const key = 'run-1/Phase/Again/1';
  const { digest } = planned(await raise(near, { dryRun: true, key }));
  await assert.rejects(raise(near, { approved: digest, key }), { nonRetryable: false });
  fails = false;
  done(await raise(near, { approved: digest, key }));
  for (const { customer } of near) assert.deepEqual(await inForce(customer), raised({ jobs_per_month: 1500 }));
  assert.equal(puts.length, 3);
});

test('the second of three is refused: the first is put back, and nothing stands', async () => {
  const refusing: Between = (request, to) =>
    request.method === 'PUT' && request.url.includes('customer-8')
      ? Response.json({ detail: 'contract' }, { status: 422 })
      : to(request);
  const { raise, inForce, standing } = incident(refusing);
  const { digest } = planned(await raise(near, { dryRun: true }));
  await assert.rejects(raise(near, { approved: digest }), { nonRetryable: true, message: /contract/ });
  for (const { customer } of near) assert.equal(await inForce(customer), null);
  assert.equal(await standing(), 'No change of this incident is still in effect.');
});

test('one that customer success has prolonged is not ended with the others unless people say so', async () => {
  const { approved, undo, entitlements, inForce, clock } = incident();
  const receipt = await approved(near);
  const longer = { jobs_per_month: 1500, until: new Date(noon + 60 * aDay).toISOString() };
  await entitlements.setOverride('customer-9', longer);
  await clock.sleep(30 * aDay);
  assert.equal(because(await undo(receipt)), 'approval');
  assert.deepEqual(await inForce('customer-9'), longer);
});

test('two incidents raise the same: the first to let go ends nothing, the last does, and no one is asked', async () => {
  const { approved, undo, inForce, clock } = incident();
  const first = await approved(near);
  await clock.sleep(aDay);
  const second = await approved(near, { key: 'run-2/Phase/Step/1' });
  done(await undo(first));
  assert.deepEqual(await inForce('customer-8'), raised({ jobs_per_month: 1500 }));
  done(await undo(second));
  assert.equal(await inForce('customer-8'), null);
});

test('a platform that shows the raise and refuses by the quota all the same is no effect', async () => {
  const refusing: Between = async (request, to) => {
    const answer = await to(request);
    if (!request.url.includes('/v1/access-log')) return answer;
    return new Response((await answer.text()).replaceAll('"refused_by":null', '"refused_by":"quota"'));
  };
  const { effect } = await incident(refusing).approved(near);
  assert.equal(effect.measured, 'none', effect.text);
});

test('an API that says yes and changes nothing is no raise', async () => {
  const deaf: Between = (request, to) => (request.method === 'PUT' ? Response.json({}) : to(request));
  const { raise } = incident(deaf);
  const { digest } = planned(await raise(near, { dryRun: true }));
  await assert.rejects(raise(near, { approved: digest }), { nonRetryable: false, message: /does not show it/ });
});

test('more than 50 customers are refused, and a part that is none as well', async () => {
  const { raise } = incident();
  const many = Array.from({ length: 51 }, (_, index) => ({ customer: `customer-${index}` }));
  await assert.rejects(raise(many), {
    type: 'Refused',
    message: /51 customers.*no one reviews more than 50.*Nothing was changed/,
  });
  for (const part of [0, -1, Number.NaN]) await assert.rejects(raise(near, {}, part), { type: 'BadInput' });
});

test('an API without these calls: people get them to paste', async () => {
  const without: Between = (request, to) =>
    request.url.includes('/v1/entitlements') ? Response.json({ detail: 'Not Found' }, { status: 404 }) : to(request);
  const { paste, because: why } = byHand(await incident(without).raise(near));
  assert.match(why ?? '', /does not offer GET \/v1\/entitlements/);
  assert.match(paste, /curl -X PUT "\$NQBA_API_URL\/v1\/entitlements\/user\/CUSTOMER\/override"/);
  assert.doesNotMatch(paste, /customer-\d/);
});
