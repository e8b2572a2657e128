/** A list of 10,000 charges is corrected whole: the memory stays flat, progress is shown, and what was done is not done again. */

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { freeze } from '../../activities/engine/frozen-list.ts';
import { createActivities } from '../../activities/index.ts';
import { aPlatform, armed, connected, running } from '../activities/bare.ts';
import { done } from '../activities/outcomes.ts';
import { aKey, approved } from '../activities/billing/paid-world.ts';

const charges = 10_000;
/** So much faster than the world: Stripe takes 100 calls a second of its own time, here as there. Calls have real time to be answered. */
const speed = 60;
const aPause = 1_000;
const clock = {
  now: () => Date.now() * speed,
  sleep: async (ms: number, signal?: AbortSignal) => {
    await pause(ms > aPause ? ms : ms / speed, undefined, signal && { signal });
  },
};

setFlagsFromString('--expose_gc');
const collect: unknown = runInNewContext('gc');

/** In MB. */
function heap(): number {
  assert.ok(typeof collect === 'function');
  Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed / 1_000_000;
}

async function stripeInAProcess() {
  const served = fork(join(import.meta.dirname, '../support/stripe-in-a-process.ts'), [String(charges), String(speed)]);
  const said = async <T>(schema: z.ZodType<T>) => schema.parse((await once(served, 'message'))[0]);
  const { url } = await said(z.object({ url: z.string() }));
  const refunds = async () => {
    served.send('record');
    return (await said(z.object({ record: z.array(z.string()) }))).record;
  };
  return { url, refunds, stop: () => served.kill() };
}

test('10,000 charges are refunded once each in one activity, with flat memory and progress', { timeout: 3_600_000 }, async t => {
  const { url, refunds, stop } = await stripeInAProcess();
  t.after(stop);
  const systems = connected({ kubernetes: { fetch: armed }, stripe: { url, key: 'sk_test_x', fetch: globalThis.fetch } }, clock);
  const item = { customer: 'cus_many', amount: 29_900, refunded: 0, excess: 100, currency: 'usd', rule: 'price' };
  const items = Array.from({ length: charges }, (_, index) => ({ ...item, charge: `ch_${index}` }));
  const list = await freeze(systems.artifacts, 'wrong charges', items);
  items.length = 0;

  const seen: { done: number; heap: number }[] = [];
  const heartbeat = (details?: unknown) => {
    const { data } = z.object({ done: z.number(), of: z.literal(charges) }).safeParse(details);
    if (data && data.done % 1_000 === 0) seen.push({ done: data.done, heap: heap() });
  };
  const { billing } = createActivities({ platform: aPlatform, systems, ...clock, running: () => ({ ...running(), heartbeat }) });
  const act = (call: { key: string }) => billing.correctCharges({ list, as: 'refund' }, call);
  const call = await approved(act, aKey());
  const { effect } = done(await act(call));

  assert.equal(effect.text, `${charges} of ${charges} charges are refunded as the list says, usd 10000.00.`);
  const made = await refunds();
  assert.equal(made.length, charges);
  assert.equal(new Set(made.map(text => text.split(' of ').at(-1))).size, charges, 'each once');
  assert.deepEqual(
    seen.map(one => one.done),
    Array.from({ length: 10 }, (_, index) => index * 1_000),
  );
  const heaps = seen.map(one => one.heap);
  const spread = Math.max(...heaps) - Math.min(...heaps);
  t.diagnostic(`heap ${heaps.map(Math.round).join(', ')} MB`);
  assert.ok(spread < 50, `the heap moved by ${spread} MB`);
  done(await act(call));
  assert.equal((await refunds()).length, charges, 'a second run refunds nothing');
});
