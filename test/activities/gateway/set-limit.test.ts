/** Limits on a real API server: half an hour without approval, loudly; never where an essential route shares the Ingress; and the way back. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { connectAll } from '../../../activities/connectors/index.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createActivities } from '../../../activities/index.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { because, done, planned } from '../outcomes.ts';
import { at, clock, type Stage, stage } from '../stage.ts';
import { calm, operatorApiWith, since } from './edge.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
beforeEach(async () => {
  await on.reset();
  await on.you.patch(at.hold, { data: { 'mode.api-rate-limit-exceeded': 'supervised' } });
});
after(() => on.stop());

/** Half an hour at the pace of the practice platform. */
const halfAnHour = 30_000;
const prefix = 'nginx.ingress.kubernetes.io';
type Order = Parameters<NonNullable<Deps['takeBackLater']>>[0];

/** Of one incident, over a log that shows clients unless told. */
function incident(given: Parameters<typeof operatorApiWith>[0] = {}) {
  const folder = crypto.randomUUID();
  const orders: Order[] = [];
  const takeBackLater = async (order: Order) => void orders.push(order);
  const product = { connectAll, createActivities: (deps: Deps) => createActivities({ ...deps, takeBackLater }) };
  const { operatorApi, customers } = operatorApiWith({ ...calm, ...given });
  const options = { folder, product, connected: ['kubernetes', 'pagerduty'], systems: { operatorApi } };
  let step = 0;
  const limit = (to: 'essential only' | 'reviewed', call: Partial<Call> = {}, now = clock.now) =>
    on
      .worker({ ...options, workflowType: 'apiRateLimitExceeded', clock: { ...clock, now } })
      .gateway.setLimit({ limit: to }, { key: `${folder}/Phase/Step/${(step += 1)}`, ...call });
  const approved = async (to: 'essential only' | 'reviewed') => {
    const { digest } = planned(await limit(to, { dryRun: true }));
    return done(await limit(to, { approved: digest }));
  };
  const undo = ({ takeBack }: ReturnType<typeof done>) => {
    assert.ok(takeBack);
    return on.worker(options).kubernetes.takeBack({ takeBack }, { key: `${folder}/undo/${(step += 1)}` });
  };
  return { limit, approved, undo, orders, customers };
}

async function limitsNow() {
  const { annotations } = (await on.you.get(at.lowPriority)).metadata;
  return [annotations[`${prefix}/limit-rpm`], annotations[`${prefix}/limit-burst-multiplier`]];
}
const recordsNow = async () =>
  Object.keys((await on.you.get(at.lowPriority)).metadata.annotations).filter(name => name.startsWith('nqba-runbooks/'));
const pages = () => on.messages.filter(({ system }) => system === 'pagerduty').map(({ text }) => text);
const written = async () => (await on.writes()).filter(({ what }) => what.includes('ingresses/')).length;

test('without approval it ends half an hour after the incident first limited, whichever of its steps asks again, and then people decide', async () => {
  const { limit, orders } = incident();
  const began = Date.now();
  done(await limit('essential only'));
  assert.deepEqual(await limitsNow(), ['60', '2']);
  const [first] = orders;
  assert.ok(first);
  const lasts = Date.parse(first.at) - began;
  assert.ok(lasts >= halfAnHour && lasts < halfAnHour + 10_000, first.at);
  assert.ok(JSON.stringify((await on.you.get(at.lowPriority)).metadata.annotations).includes(first.at), 'the record says so too');

  done(await limit('essential only', {}, () => Date.now() + halfAnHour / 2));
  assert.deepEqual(orders, [first], 'nothing is longer');
  const taking = on.worker({ folder: 'taker', connected: ['kubernetes'] });
  done(await taking.kubernetes.takeBack({ takeBack: first.takeBack }, { key: 'take-back/Undo/1' }));
  assert.deepEqual(await limitsNow(), [undefined, undefined]);
  const again = await limit('essential only', {}, () => Date.now() + halfAnHour);
  assert.equal(because(again), 'approval');
  assert.match(JSON.stringify(again), /has limited calls for half an hour without approval/);
  assert.deepEqual(await limitsNow(), [undefined, undefined]);
});

test('with approval it lasts a day, and no one is woken', async () => {
  const { approved, orders } = incident();
  const told = pages().length;
  const began = Date.now();
  await approved('essential only');
  const lasts = Date.parse(orders[0]?.at ?? '') - began;
  assert.ok(lasts >= 86_400_000 && lasts < 86_410_000, orders[0]?.at);
  assert.equal(pages().length, told);
});

test('without approval it pages the primary on-call, once for an incident', async () => {
  const { limit } = incident();
  const told = pages().length;
  done(await limit('essential only'));
  done(await limit('essential only'));
  assert.equal(pages().length, told + 1);
  assert.match(pages().at(-1) ?? '', /routes of low priority are limited without approval/);
});

test('where the access log shows no clients nothing is limited, neither to half nor as reviewed, whoever has approved it', async () => {
  const before = await written();
  const hidden = incident(since('proxied'));
  for (const to of ['essential only', 'reviewed'] as const)
    for (const given of [{}, { dryRun: true }, { approved: 'whatever' }])
      await assert.rejects(hidden.limit(to, given), {
        type: 'Refused',
        message: /does not show those of clients: an address stands for many clients .*Nothing was changed/,
      });
  const unread = on.worker({ folder: 'unread', connected: ['kubernetes'] });
  await assert.rejects(
    unread.gateway.setLimit({ limit: 'reviewed' }, { key: 'run-8/a/1' }),
    /no one can say whether those are of clients/,
  );
  assert.equal(await written(), before);
});

test('a limit that began while clients were seen is not prolonged once they are not, and is undone all the same', async () => {
  const { limit, undo, customers } = incident();
  const half = done(await limit('essential only'));
  assert.deepEqual(await limitsNow(), ['60', '2']);
  customers.change(since('proxied'));
  assert.deepEqual(done(await limit('essential only', { approved: 'whatever' })).changes, []);
  await assert.rejects(limit('reviewed', { approved: 'whatever' }), { type: 'Refused', message: /runbooks undo/ });
  done(await undo(half));
  assert.deepEqual(await limitsNow(), [undefined, undefined]);
});

test('the plan says how much of the good calls the largest address has, to half and as reviewed', async () => {
  for (const to of ['essential only', 'reviewed'] as const) {
    const { consequences } = planned(await incident().limit(to, { dryRun: true }));
    const share =
      /The largest address had \d+\.\d% of the good calls, \d+ of [1-9]\d* accounts: from \d+ lines of the access log/;
    assert.match(consequences.join(' '), share);
    assert.doesNotMatch(consequences.join(' '), /\d+\.\d+\.\d+\.\d+/, 'addresses stay out of histories');
  }
});

test('an Ingress that an essential route shares is refused, whoever has approved it', async () => {
  const before = await written();
  const { spec } = await on.you.get(at.lowPriority);
  const [rule] = JSON.parse(JSON.stringify(spec)).rules;
  for (const path of ['/', '/api/v1', '/api/v1/auth/login']) {
    const paths = [...rule.http.paths, { ...rule.http.paths[0], path }];
    await on.bob.patch(at.lowPriority, { spec: { rules: [{ ...rule, http: { paths } }] } });
    for (const given of [{}, { approved: 'whatever' }])
      await assert.rejects(incident().limit('essential only', given), ({ type, message }: Error & { type: string }) => {
        assert.ok(message.includes(`has ${path} too, and an annotation limits all that it has. Nothing was changed`), message);
        return type === 'Refused';
      });
  }
  assert.equal(await written(), before);
});

test('a platform whose routes of low priority have no Ingress of their own is told to give them one', async () => {
  const { gateway } = on.platform;
  assert.ok(gateway?.ingress);
  const platform = {
    ...on.platform,
    gateway: { ...gateway, ingress: { ...gateway.ingress, objects: { all: 'nqba-platform-ingress' } } },
  };
  const worker = on.worker({ folder: crypto.randomUUID(), platform, systems: operatorApiWith() });
  await assert.rejects(worker.gateway.setLimit({ limit: 'essential only' }, { key: 'run-9/Phase/Step/1' }), {
    type: 'Refused',
    message: /give them an Ingress of their own, and describe it in platform\.json/,
  });
});

test('an Ingress that Helm or Argo CD owns is limited, and the plan says who will put it back and what keeps it', async () => {
  const owned = [
    { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, says: /Helm owns Ingress .*the next helm upgrade does it/ },
    { annotations: { 'argocd.argoproj.io/tracking-id': 'nqba:x' }, says: /Argo CD owns Ingress .*suspend the automatic sync/ },
  ];
  for (const { says, ...metadata } of owned) {
    await on.bob.patch(at.lowPriority, { metadata });
    const { consequences } = planned(await incident().limit('essential only', { dryRun: true }));
    assert.ok(
      consequences.some(one => says.test(one)),
      consequences.join('\n'),
    );
    await on.reset();
  }
});

test('as reviewed after half: always asked, the record is let go, and nothing is left to undo', async () => {
  const { limit, approved, undo } = incident();
  const half = done(await limit('essential only'));
  assert.equal(because(await limit('reviewed')), 'approval');
  await approved('reviewed');
  assert.deepEqual(await limitsNow(), ['120', '2']);
  assert.deepEqual(await recordsNow(), []);
  assert.equal(done(await undo(half)).note, 'Nothing was left to undo.');
  assert.deepEqual(await limitsNow(), ['120', '2']);
});

test('undone, the limit is what it was before; a stricter one of someone else stays as it is', async () => {
  await on.bob.patch(at.lowPriority, { metadata: { annotations: { [`${prefix}/limit-rpm`]: '120' } } });
  const { limit, undo } = incident();
  const half = done(await limit('essential only'));
  assert.deepEqual(await limitsNow(), ['60', '2']);
  done(await undo(half));
  assert.deepEqual(await limitsNow(), ['120', undefined]);

  await on.bob.patch(at.lowPriority, { metadata: { annotations: { [`${prefix}/limit-rpm`]: '30' } } });
  const outcome = await incident().limit('essential only');
  assert.match(JSON.stringify(outcome), /limits each address to 60 calls|limits 30 a minute/);
  assert.deepEqual(await limitsNow(), ['30', undefined]);
});

test('someone else has changed the limit since: undo asks first', async () => {
  const { limit, undo } = incident();
  const half = done(await limit('essential only'));
  await on.bob.patch(at.lowPriority, { metadata: { annotations: { [`${prefix}/limit-rpm`]: '500' } } });
  const outcome = await undo(half);
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /Someone else has changed .*limit-rpm/);
  assert.deepEqual(await limitsNow(), ['500', '2']);
});
