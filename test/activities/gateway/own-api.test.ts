/** Limits and blocks by the platform's own API: what it has in force, and what callers get by its access log. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block } from '../../../activities/connectors/operator-api/limits.ts';
import { because, done, planned } from '../outcomes.ts';
import { incident, limitOf, limits, low, platform } from './api-incident.ts';
import { type Between, straight } from './before-platform-api.ts';
import { noon } from './platform-api.ts';

const nothingStands = 'No change of this incident is still in effect.';
const inAnHour = new Date(noon + 3_600_000).toISOString();

for (const kind of ['abuse', 'proxied'] as const)
  test(`without approval half of the reviewed limit for half an hour (${kind}): its access log shows who is refused`, async () => {
    const { limit, undo, inForce, orders } = incident(kind);
    const receipt = done(await limit('essential only'));
    assert.deepEqual(await inForce(), { [low]: limitOf(10, { reason: 'nqba-runbooks: incident run-1' }) });
    assert.equal(receipt.effect.measured, 'whole', receipt.effect.text);
    assert.match(receipt.effect.text, / of low priority since, [1-9]\d* were refused; .* calls of essential routes 0 were/);
    assert.equal(Date.parse(orders[0]?.at ?? ''), noon + 1_800_000);
    done(await undo(receipt));
    assert.deepEqual(await inForce(), {});
  });

test('a limit that a change of ours set is named as ours and is no evidence, until someone else changes it', async () => {
  const { limit, limitsFound, set } = incident('abuse');
  await set('route:login', limitOf(2));
  done(await limit('essential only'));
  const { verdict, evidence, facts } = await limitsFound();
  const ours = 'class:low-priority is 10 a minute, for incident run-1';
  assert.deepEqual([verdict, facts?.ours, evidence.includes(`Ours: ${ours}.`)], ['healthy', [ours], true]);
  await set(low, limitOf(5));
  assert.deepEqual((await limitsFound()).facts?.differing, [low]);
});

test('undone, a limit of before is back with its end and its reason; one that would have ended is gone', async () => {
  const before = limitOf(20, { until: inAnHour, reason: `By ann, because ${'they call and call. '.repeat(30)}` });
  const { limit, undo, set, inForce, clock } = incident('abuse');
  await set(low, before);
  const first = done(await limit('essential only'));
  assert.equal((await inForce())[low]?.until, null);
  done(await undo(first));
  assert.deepEqual(await inForce(), { [low]: before });
  const { digest } = planned(await limit('essential only', { dryRun: true }));
  const second = done(await limit('essential only', { approved: digest }));
  await clock.sleep(3_600_000);
  done(await undo(second));
  assert.deepEqual(await inForce(), {});
});

test('a stricter limit of someone else stays; one that no one has reviewed is asked about', async () => {
  const stricter = incident('abuse');
  await stricter.set(low, limitOf(5));
  assert.deepEqual(done(await stricter.limit('essential only')).changes, []);
  const strange = incident('abuse');
  await strange.set(low, limitOf(500));
  assert.equal(because(await strange.limit('essential only')), 'approval');
  assert.deepEqual(await strange.inForce(), { [low]: limitOf(500) });
});

test('someone is faster: the API refuses the old version, and people are asked about what is there now', async () => {
  let own: ReturnType<typeof incident> | undefined;
  const outrun: Between = async (request, to) => {
    const mine = own;
    own = undefined;
    if (request.method === 'PUT' && mine) await mine.set(low, limitOf(500));
    else own = mine;
    return to(request);
  };
  const { limit, inForce } = (own = incident('abuse', outrun));
  const outcome = await limit('essential only');
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /limits 500 a minute, which no one has reviewed/);
  assert.deepEqual(await inForce(), { [low]: limitOf(500) });
});

test('an API that takes a limit and lets everything pass is no effect', async () => {
  const unlimited: Between = async (request, to) => {
    const answer = await to(request);
    if (!request.url.includes('/v1/access-log')) return answer;
    return new Response((await answer.text()).replaceAll('"status":429', '"status":200').replaceAll('"rate"', 'null'));
  };
  const { effect } = done(await incident('abuse', unlimited).limit('essential only'));
  assert.equal(effect.measured, 'none', effect.text);
  assert.match(effect.text, /yet one caller got \d+ through, and the limit lets pass 20/);
});

test('calls that were refused for another reason did not get through', async () => {
  for (const [as, by] of Object.entries({ 429: '"quota"', 403: 'null', 401: 'null', 405: 'null' })) {
    const otherwise: Between = async (request, to) => {
      if (!request.url.includes('/v1/access-log')) return to(request);
      const text = await (await to(request)).text();
      return new Response(text.replaceAll('"status":429', `"status":${as}`).replaceAll('"rate"', by));
    };
    assert.match(done(await incident('abuse', otherwise).limit('essential only')).effect.text, /No one has called more/);
  }
});

test('an API that says yes and changes nothing is no limit and no block: both are tried again, and then done once', async () => {
  let isDeaf = true;
  const deaf: Between = (request, to) =>
    isDeaf && request.method === 'PUT' ? new Response('<h1>Welcome to nginx!</h1>') : to(request);
  const { limit, block, inForce, blocked } = incident('abuse', deaf);
  const key = 'run-1/Phase/Again/1';
  await assert.rejects(limit('essential only', { key }), { nonRetryable: false, message: /took a change, and does not show it/ });
  const { digest } = planned(await block(['203.0.113.7/32'], { dryRun: true }));
  const approved = { approved: digest, key: 'run-1/Phase/Again/2' };
  await assert.rejects(block(['203.0.113.7/32'], approved), { nonRetryable: false, message: /does not show it/ });
  isDeaf = false;
  done(await limit('essential only', { key }));
  done(await block(['203.0.113.7/32'], approved));
  assert.equal((await inForce())[low]?.per_minute, 10);
  assert.deepEqual(await blocked(), ['203.0.113.7/32']);
});

test('as reviewed: always asked; a tier that is set too low is put right, and one that no one has set is left to the entitlements', async () => {
  const { limit, inForce } = incident('misconfigured');
  const asked = await limit('reviewed');
  assert.equal(because(asked), 'approval');
  done(await limit('reviewed', { approved: planned(asked).digest }));
  const rates = Object.fromEntries(Object.entries(await inForce()).map(([scope, { per_minute }]) => [scope, per_minute]));
  assert.deepEqual(rates, { [low]: 20, 'route:login': 2, 'tier:premium': 300 });
});

test('sources are blocked beside the entries of others, refused from then on, and released alone', async () => {
  const theirs: Block = { cidr: '203.0.113.200/32', how: 'challenge', until: inAnHour, reason: 'by ann' };
  const { block, undo, setBlocks, blocked } = incident('abuse');
  await setBlocks([theirs]);
  const plan = planned(await block(['203.0.113.7/32', '2001:db8:ffff:1::9/128'], { dryRun: true }));
  assert.doesNotMatch(JSON.stringify(plan), /203\.0\.113|2001:db8/);
  const approved = plan.digest;
  const receipt = done(await block(['203.0.113.7/32', '2001:db8:ffff:1::9/128'], { approved }));
  assert.deepEqual(await blocked(), ['2001:db8:ffff:1::/64', '203.0.113.200/32', '203.0.113.7/32']);
  assert.equal(receipt.effect.measured, 'whole', receipt.effect.text);
  done(await undo(receipt));
  assert.deepEqual(await blocked(), ['203.0.113.200/32']);
});

test('entries of others are written back whole, with long reasons and with fields of the platform', async () => {
  const reason = `By ann, because ${'it calls and calls. '.repeat(30)}`;
  const more = { reason, ticket: 'SEC-7' };
  const theirs: Block = { cidr: '203.0.113.200/32', how: 'challenge', until: inAnHour, ...more };
  const { block, undo, setBlocks, entries } = incident('abuse');
  await setBlocks([theirs]);
  const { digest } = planned(await block(['203.0.113.7/32'], { dryRun: true }));
  const receipt = done(await block(['203.0.113.7/32'], { approved: digest }));
  assert.deepEqual((await entries())[0], theirs);
  done(await undo(receipt));
  assert.deepEqual(await entries(), [theirs]);
});

test('entries end at the API itself after a day: then nothing is left to undo, and no one is asked', async () => {
  const { block, undo, blocked, clock } = incident('abuse');
  const { digest } = planned(await block(['203.0.113.7/32'], { dryRun: true }));
  const receipt = done(await block(['203.0.113.7/32'], { approved: digest }));
  await clock.sleep(86_400_000);
  assert.deepEqual(await blocked(), []);
  assert.deepEqual(done(await undo(receipt)).changes, []);
});

test('what is never blocked is refused before a call, and a list that the API cannot take as well', async () => {
  const { block, setBlocks, blocked, standing } = incident('abuse');
  for (const cidr of ['0.0.0.0/0', '10.0.0.0/8', '3.18.12.63/32'])
    await assert.rejects(block([cidr], { approved: 'whatever' }), { type: 'Refused', message: /has what is never blocked/ });
  const full = Array.from({ length: 1000 }, (_, index): Block => {
    const cidr = `45.${index >> 8}.${index & 255}.1/32`;
    return { cidr, how: 'block', until: inAnHour, reason: 'by hand' };
  });
  await setBlocks(full);
  const { digest } = planned(await block(['203.0.113.7/32'], { dryRun: true }));
  await assert.rejects(block(['203.0.113.7/32'], { approved: digest }), { type: 'Refused', message: /takes 1000\. Nothing was/ });
  assert.equal((await blocked()).length, 1000);
  assert.equal(await standing('blockSources'), nothingStands);
});

test('a limit that the API refuses is no change that stands; the one that it took before stands', async () => {
  const described = {
    ...platform,
    gateway: { ...platform.gateway, limits: { ...limits, 'route:nowhere': { perMinute: 5, burst: 1 } } },
  };
  const { limit, inForce, standing } = incident('misconfigured', straight, described);
  const { digest } = planned(await limit('reviewed'));
  await assert.rejects(limit('reviewed', { approved: digest }), { type: 'BadInput', message: /there is no route nowhere/ });
  assert.ok(!('route:nowhere' in (await inForce())));
  const evidence = await standing('setLimit');
  assert.match(evidence, /Still in effect/);
  assert.doesNotMatch(evidence, /nowhere/);
});

test('where the API fails no one knows whether it took a limit: its record stands', async () => {
  const failing: Between = (request, to) => (request.method === 'PUT' ? new Response('upstream', { status: 502 }) : to(request));
  const { limit, standing } = incident('abuse', failing);
  await assert.rejects(limit('essential only'), { nonRetryable: false });
  assert.match(await standing('setLimit'), /Still in effect/);
});

test('a limit that was taken, and cannot be read afterwards, stands', async () => {
  let isTaken = false;
  const then: Between = (request, to) => {
    if (request.method === 'GET' && isTaken) return Response.json({ detail: 'Too many calls' }, { status: 429 });
    isTaken ||= request.method === 'PUT';
    return to(request);
  };
  const { limit, inForce, standing } = incident('abuse', then);
  await assert.rejects(limit('essential only'), { nonRetryable: false });
  assert.equal((await inForce())[low]?.per_minute, 10);
  assert.match(await standing('setLimit'), /Still in effect/);
});

test('an API without these calls: people get them to paste, with the reason', async () => {
  const without: Between = (request, to) =>
    /v1\/(limits|blocks)/.test(request.url) ? Response.json({ detail: 'Not Found' }, { status: 404 }) : to(request);
  const { limit, block } = incident('abuse', without);
  for (const outcome of [await limit('essential only'), await block(['203.0.113.7/32'])]) {
    assert.ok('byHand' in outcome, JSON.stringify(outcome));
    assert.match(outcome.byHand.because ?? '', /does not offer GET \/v1\/(limits|blocks) to operators \(404\)/);
    assert.match(outcome.byHand.paste, /curl -X PUT "\$NQBA_API_URL\/v1\/(limits|blocks)/);
  }
});
