/** Law 9: however a system fails, it crosses as one of three, in words that say what to do and never tell a secret. */

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../../../workflows/contract/index.ts';
import type { Clock } from '../../../../activities/connectors/http.ts';
import { limits } from '../../../../activities/limits.ts';
import { done } from '../../outcomes.ts';
import { clock } from '../../stage.ts';
import { answering, isWrite, reset } from '../between.ts';
import { countOf, plannedBy, type Scene, settingScene } from '../scene.ts';
import { assertAsPlanned } from './as-planned.ts';
import type { SettingLaw } from './law.ts';

type Crossing = 'again' | 'again at a time' | 'stop';

interface Fault {
  crosses: Crossing;
  /** It does not end by itself. */
  endless?: true;
  answer: (request: Request) => Response | Promise<Response>;
}

const secret = 's3cr3t-t0ken';
const status = (code: number, message: string, headers = {}) => ({
  answer: () => Response.json({ kind: 'Status', message, error: message }, { status: code, headers }),
});
const chunk = (text: string) => new TextEncoder().encode(text);

/** What a proxy, a network or a tired server do. */
const faults: Record<string, Fault> = {
  timeout: { crosses: 'again', endless: true, answer: ({ signal }) => silence(signal) },
  'reset in mid-answer': {
    crosses: 'again',
    answer: () => streaming(controller => (controller.enqueue(chunk('{"kind":')), controller.error(reset()))),
  },
  'an address that is told': {
    crosses: 'again',
    answer: () => {
      const told = `request to https://bot:${secret}@kubernetes/api?token=${secret} failed, reason: socket hang up`;
      throw new TypeError('fetch failed', { cause: new Error(told) });
    },
  },
  401: { crosses: 'stop', ...status(401, 'Unauthorized') },
  403: { crosses: 'stop', ...status(403, 'is forbidden') },
  404: { crosses: 'stop', ...status(404, 'not found') },
  409: { crosses: 'again', ...status(409, 'the object has been modified') },
  '422 of a policy': { crosses: 'stop', ...status(422, 'ValidatingAdmissionPolicy denied request: no Fridays') },
  429: { crosses: 'again at a time', ...status(429, 'too many requests', { 'retry-after': '7' }) },
  503: { crosses: 'again', ...status(503, 'etcd leader changed') },
  garbage: { crosses: 'again', answer: () => new Response('<h1>Welcome to nginx!</h1>') },
  'half a body': { crosses: 'again', answer: () => new Response('{"kind":"ConfigMap","metadata":{"name":"nq') },
  'slow drip': { crosses: 'again', endless: true, answer: ({ signal }) => dripping(signal) },
};

export const crossesAsOneOfThree: SettingLaw = {
  number: 9,
  of: 'setting',
  title: 'each fault crosses as one of three, with a sentence that says what to do and no secret of an address',
  async hold(theatre, of) {
    const scene = await settingScene(theatre, of);
    const { situation, worker, key, objects, written } = scene;
    const was = await objects();
    const plan = await plannedBy(situation.act, worker(), key);
    for (const [name, fault] of Object.entries(faults)) {
      if (of.notOffered?.includes(name)) continue;
      await assertCrosses(scene, name, fault, () => true, {});
      await assertCrosses(scene, `${name} at a write`, fault, isWrite, { approved: plan.digest });
      assert.deepEqual(await written(), [], name);
    }
    done(await situation.act(worker(), { key, approved: plan.digest }));
    assertAsPlanned(was, await objects(), plan.changes);
    assert.equal((await written()).length, countOf(plan));
  },
};

async function assertCrosses(
  { situation, worker, key, of }: Scene,
  name: string,
  { crosses, endless, answer }: Fault,
  isMeant: (request: Request) => boolean,
  approved: { approved?: string },
) {
  const { clock, begins } = impatient();
  const between = answering(isMeant, request => (endless && begins(), answer(request)));
  const own: typeof between = (system, fetch) => (system === of.to ? between(system, fetch) : fetch);
  const error = await situation.act(worker({ between: own, clock }), { key, ...approved }).then(
    outcome => assert.fail(`${name}: ${JSON.stringify(outcome)}`),
    error => error,
  );
  assert.ok(error instanceof ApplicationFailure, `${name}: ${inspect(error)}`);
  assert.ok(
    failureTypes.some(type => type === error.type),
    `${name}: ${error.type}`,
  );
  const at = error.nextRetryDelay === undefined ? 'again' : 'again at a time';
  assert.equal(error.nonRetryable ? 'stop' : at, crosses, `${name}: ${error.message}`);
  assert.match(error.message, /(retry|by hand)[^.]*\.$/i, name);
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(secret), `${name}: ${error.message}`);
}

const limitsOfCalls: number[] = [limits.call, limits.clusterWrite];

/** Once an endless fault has begun, the time of each call is over at once. */
function impatient(): { clock: Clock; begins: () => void } {
  const begun = Promise.withResolvers<void>();
  const sleep: Clock['sleep'] = (ms, signal) =>
    limitsOfCalls.includes(ms) ? Promise.race([clock.sleep(ms, signal), begun.promise]) : clock.sleep(ms, signal);
  return { clock: { ...clock, sleep }, begins: () => setImmediate(begun.resolve) };
}

const silence = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

const streaming = (start: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
  new Response(new ReadableStream({ start }));

/** A byte now and then, for as long as anybody listens. */
const dripping = (signal: AbortSignal) =>
  streaming(controller => {
    const timer = setInterval(() => controller.enqueue(chunk(' ')), 20);
    signal.addEventListener('abort', () => (clearInterval(timer), controller.error(signal.reason)), { once: true });
  });
