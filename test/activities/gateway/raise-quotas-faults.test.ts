/** Quotas that are raised while the platform refuses, breaks down or lies: what stands then, and whether its record stands with it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byHand, done, planned } from '../outcomes.ts';
import { type Between } from './before-platform-api.ts';
import { incident, near, raised } from './raising.ts';

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

test('an API without these calls: people get them to paste', async () => {
  const without: Between = (request, to) =>
    request.url.includes('/v1/entitlements') ? Response.json({ detail: 'Not Found' }, { status: 404 }) : to(request);
  const { paste, because: why } = byHand(await incident(without).raise(near));
  assert.match(why ?? '', /does not offer GET \/v1\/entitlements/);
  assert.match(paste, /curl -X PUT "\$NQBA_API_URL\/v1\/entitlements\/user\/CUSTOMER\/override"/);
  assert.doesNotMatch(paste, /customer-\d/);
});

/** Refuses these calls (a method and a customer) once that customer is raised, as long as it is told to. */
function refusingFrom(last: string, calls: RegExp, status: number, still = () => true): Between {
  let begun = false;
  return async (request, to) => {
    const { pathname } = new URL(request.url);
    if (begun && still() && calls.test(`${request.method} ${pathname}`)) return Response.json({ detail: 'enough' }, { status });
    const answer = await to(request);
    if (request.method === 'PUT' && pathname.includes(last)) begun = true;
    return answer;
  };
}

for (const status of [401, 403, 429])
  test(`two are raised, and the third is not even read (${status}): both are put back, and nothing stands`, async () => {
    const { raise, inForce, standing } = incident(refusingFrom('customer-8', /^GET .*customer-9$/, status));
    const { digest } = planned(await raise(near, { dryRun: true }));
    await assert.rejects(raise(near, { approved: digest }), { message: /enough/, details: [{ nothingDone: true }] });
    for (const { customer } of near) assert.equal(await inForce(customer), null);
    assert.equal(await standing(), 'No change of this incident is still in effect.');
  });

for (const [what, last, calls, stands] of [
  ['nothing may be put back either', 'customer-8', /^GET .*customer-9$|^DELETE/, ['customer-7', 'customer-8']],
  ['one of two may not be put back', 'customer-8', /^PUT .*customer-9|^DELETE .*customer-7/, ['customer-7']],
  ['all are raised, and none may be read', 'customer-9', /^GET .*customer-\d$/, ['customer-7', 'customer-8', 'customer-9']],
] as const)
  test(`${what}: what stands keeps its record, and the same step goes on once the platform takes it`, async () => {
    let refuses = true;
    const key = 'run-1/Phase/Again/1';
    const { raise, inForce, undo } = incident(refusingFrom(last, calls, 403, () => refuses));
    const { digest } = planned(await raise(near, { dryRun: true, key }));
    const message = stands.length === 3 ? /The change was made/ : new RegExp(`Raised already: ${stands.length} of 3\\.`);
    await assert.rejects(raise(near, { approved: digest, key }), { message, details: [{ nothingDone: false }] });
    for (const { customer } of near)
      assert.equal(
        (await inForce(customer)) !== null,
        stands.some(one => one === customer),
      );
    refuses = false;
    const receipt = done(await raise(near, { approved: digest, key }));
    for (const { customer } of near) assert.deepEqual(await inForce(customer), raised({ jobs_per_month: 1500 }));
    done(await undo(receipt));
    for (const { customer } of near) assert.equal(await inForce(customer), null);
  });

for (const method of ['GET', 'PUT', 'DELETE'])
  test(`a refusal of ${method} that quotes its customer tells no one who it was`, async () => {
    let refuses = false;
    const quoting: Between = (request, to) =>
      refuses && request.method === method && /customer-\d/.test(request.url)
        ? Response.json({ detail: 'CUSTOMER-7 at /user/customer-7/override: contract' }, { status: 422 })
        : to(request);
    const { raise, approved, undo } = incident(quoting);
    const one = near.slice(0, 1);
    const receipt = method === 'DELETE' ? await approved(one) : undefined;
    const { digest } = method === 'DELETE' ? { digest: '' } : planned(await raise(one, { dryRun: true }));
    refuses = true;
    const error = await (receipt ? undo(receipt) : raise(one, { approved: digest })).catch(failed => failed);
    assert.match(error.message, /answered 422: quota of customer [0-9a-f]{16} at .*: contract/);
    assert.doesNotMatch(JSON.stringify([error, error.message, error.stack, error.cause]), /customer-7/i);
  });

test('an earlier try has raised one, and the next is refused: nothing says that nothing was done, and its record stays', async () => {
  const key = 'run-1/Phase/Again/1';
  let status = 502;
  const failing: Between = (request, to) =>
    request.method === 'PUT' && request.url.includes('customer-8') ? Response.json({ detail: 'no' }, { status }) : to(request);
  const { raise } = incident(failing);
  const { digest } = planned(await raise(near, { dryRun: true, key }));
  await assert.rejects(raise(near, { approved: digest, key }));
  status = 403;
  const message = /Raised already: 1 of 3\./;
  await assert.rejects(raise(near, { approved: digest, key }), { message, details: [{ nothingDone: false }] });
});

test('undone in part, and then refused: nothing says that nothing was done', async () => {
  let refuses = false;
  const refusing: Between = (request, to) =>
    refuses && request.method === 'DELETE' && request.url.includes('customer-8')
      ? Response.json({ detail: 'no' }, { status: 403 })
      : to(request);
  const { approved, undo, inForce } = incident(refusing);
  const receipt = await approved(near);
  refuses = true;
  await assert.rejects(undo(receipt), { message: /Ended already: 1 of 3\./, details: [{ nothingDone: false }] });
  refuses = false;
  done(await undo(receipt));
  for (const { customer } of near) assert.equal(await inForce(customer), null);
});
