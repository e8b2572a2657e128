/** A second IPFS provider as we call it, at a service that speaks the API of pinning services. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { connectPinning } from '../../../activities/connectors/pinning-service.ts';
import { course, pinning } from '../../../lab/stand-ins/pinning.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { cidOf } from '../../../lab/stand-ins/platform/ltc.ts';
import { virtualClock } from '../bare.ts';

const [one, other] = [cidOf('one'), cidOf('other')];

function service({ token = 'ours', through = (fetch: Fetch): Fetch => fetch } = {}) {
  const clock = virtualClock();
  const set: { state: State; lost: boolean } = { state: 'healthy', lost: false };
  const ipfs = { provides: async () => !set.lost };
  const app = pinning(surroundings({ ...clock, state: () => set.state }), () => ({ ipfs }));
  const ours = connectPinning({ url: 'http://pinning', token }, { ...clock, fetch: through(app.fetch) });
  return { set, clock, ours };
}

test('a request is queued, pinned on the clock of the service, counted, and let go; twice is no fault', async () => {
  const { clock, ours } = service();
  assert.equal(await ours.find(one), undefined);
  const asked = await ours.pin(one, 'a record');
  assert.deepEqual([asked.status, asked.cid, await ours.count()], ['queued', one, 0]);
  await clock.sleep(course.found);
  assert.deepEqual([(await ours.find(one))?.status, await ours.count()], ['pinned', 1]);
  await ours.unpin(asked.id);
  await ours.unpin(asked.id);
  assert.deepEqual([await ours.find(one), await ours.count()], [undefined, 0]);
});

test('content that is pinned stays found, whatever a later request for it comes to', async () => {
  const { set, clock, ours } = service();
  const { id } = await ours.pin(one, 'first');
  await clock.sleep(course.found);
  await ours.find(one);
  set.lost = true;
  await ours.pin(one, 'second');
  await clock.sleep(course.givenUp);
  assert.deepEqual(await ours.find(one), { id, cid: one, status: 'pinned', says: undefined });
});

test('a request that fails says why', async () => {
  const { set, clock, ours } = service();
  set.lost = true;
  await ours.pin(one, 'lost');
  await clock.sleep(course.givenUp);
  const { status, says } = (await ours.find(one)) ?? {};
  assert.deepEqual([status, says], ['failed', 'No provider of the content was found']);
});

test('what is answered about other content is no answer', async () => {
  const withoutQuery = (fetch: Fetch) => (request: Request) =>
    request.method === 'GET' ? fetch(new Request(request.url.replace(/cid=[^&]*&/, ''), request)) : fetch(request);
  const { clock, ours } = service({ through: withoutQuery });
  await ours.pin(other, 'of somebody else');
  await clock.sleep(course.found);
  assert.equal(await ours.find(one), undefined);
  assert.equal((await ours.find(other))?.status, 'pinned');
});

const faults: [State, object][] = [
  ['full', { fault: 'answered', status: 402, message: /answered 409: INSUFFICIENT_FUNDS/ }],
  ['unauthorised', { fault: 'answered', status: 401, message: /UNAUTHORIZED/ }],
  ['down', { fault: 'answered', status: 503, message: /INTERNAL_SERVER_ERROR/ }],
  ['refused', { fault: 'unreachable' }],
  ['garbage', { fault: 'garbled' }],
  ['misreporting', { fault: 'garbled', message: /answered 200 with an error inside: INTERNAL_SERVER_ERROR/ }],
];
for (const [state, says] of faults)
  test(`nothing is pinned at a service that is ${state}, and its words come along`, async () => {
    const { set, clock, ours } = service();
    set.state = state;
    await assert.rejects(ours.pin(one, 'a record'), says);
    set.state = 'healthy';
    await clock.sleep(course.found);
    assert.equal(await ours.count(), 0);
  });

test('signing in is what the service answers to our token, and no success that holds an error', async () => {
  const { set, ours } = service();
  assert.equal(await ours.signIn(), 200);
  assert.equal(await service({ token: 'revoked-1' }).ours.signIn(), 401);
  set.state = 'misreporting';
  await assert.rejects(ours.signIn(), { fault: 'garbled' });
});
