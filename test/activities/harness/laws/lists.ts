/** Law 10, and laws 2 and 3 as they are for lists: exactly what was frozen, each item once, and no further than the first surprise. */

import assert from 'node:assert/strict';
import type { Outcome } from '../../../../workflows/contract/index.ts';
import { because, done, planned } from '../../outcomes.ts';
import { at } from '../../stage.ts';
import { answering, aroundWrites, hurried, isWrite, losing, mortal } from '../between.ts';
import { approvedCall, listScene, type ListScene, plannedBy } from '../scene.ts';
import type { ListLaw } from './law.ts';

/** Each item was written once, in their order. */
const assertAllOnce = async ({ situation, written }: ListScene) => assertWritten(await written(), situation.items);

const assertWritten = (written: string[], items: string[]) =>
  assert.deepEqual(
    written.map(what => what.split('/').at(-1)),
    items,
  );

export const listOnceByItsKey: ListLaw = {
  number: 2,
  of: 'list',
  title: 'a second run with the same key writes nothing; the same key with other input is an error',
  async hold(theatre, of) {
    const scene = await listScene(theatre, of);
    const { situation, worker, key } = scene;
    const call = await approvedCall(situation.act, worker(), key);
    for (const again of [call, call, { key }]) done(await situation.act(worker(), again));
    await assert.rejects(situation.otherwise(worker(), { key }), { type: 'BadInput', message: /belongs to another/ });
    await assertAllOnce(scene);
  },
};

export const listPlannedOnly: ListLaw = {
  number: 3,
  of: 'list',
  title: 'dry run, hold and observe: not one write, and the plan comes back with the reason',
  async hold(theatre, of) {
    const { situation, worker, key, on, written } = await listScene(theatre, of);
    const plan = await plannedBy(situation.act, worker(), key);
    const isRefused = async (reason: string, call: { approved?: string }) => {
      const outcome = await situation.act(worker(), { key, ...call });
      assert.equal(because(outcome), reason);
      assert.deepEqual(planned(outcome), plan);
    };
    if (!of.unasked) await isRefused('approval', {});
    await isRefused('moved', { approved: 'another' });
    for (const [reason, data] of Object.entries({ held: { hold: 'wait' }, observe: { hold: null, [mode]: 'observe' } })) {
      await on.you.patch(at.hold, { data });
      for (const call of [{}, { approved: plan.digest }]) await isRefused(reason, call);
    }
    assert.deepEqual(await written(), []);
  },
};

const mode = 'mode.dynex-outage';

export const eachItemOnce: ListLaw = {
  number: 10,
  of: 'list',
  title: 'killed after item k, item k is not done twice; the cap refuses k + 1; the first unexpected answer stops the rest',
  async hold(theatre, of, extent) {
    const scene = await listScene(theatre, of);
    await isCapped(scene);
    await stopsAtASurprise(scene);
    await goesOnAfter(await listScene(theatre, of), lostAnswer);
    await goesOnAfter(await listScene(theatre, of), heldBetween);
    const every = scene.situation.items.map((_, index) => index + 1);
    for (const count of extent === 'every' ? every : [1]) await goesOnAfter(await listScene(theatre, of), killedAfter(count));
  },
};

async function isCapped({ of, situation, worker, key, written }: ListScene) {
  const message = /has \d+1 items, and \d+0 are the most.*Nothing was changed/;
  const asked = situation.tooMany(worker(), { key: `${key}b` });
  if (of.asksAgain) {
    const outcome = await asked;
    assert.ok('byHand' in outcome);
    assert.match(outcome.byHand.because ?? '', message);
  } else await assert.rejects(asked, { type: 'Refused', message });
  assert.deepEqual(await written(), []);
}

/** What was done is on the record: people look at it, and the retry does the others. */
async function stopsAtASurprise(scene: ListScene) {
  const { situation, worker, key, written } = scene;
  const [first = '', second = ''] = situation.items;
  const forbidden = () => Response.json({ kind: 'Status', message: 'no evictions today' }, { status: 403 });
  const between = answering(async request => isWrite(request) && (await namesIn(request)).includes(second), forbidden);
  const call = await approvedCall(situation.act, worker(), key);
  const said = `1 of ${situation.items.length} are done. Then .*${second}: .*no evictions today.*The rest was not touched`;
  const halting = situation.act(worker({ between, clock: hurried }), call);
  await assertHalted(scene, halting, { type: 'Refused', message: new RegExp(said) });
  assertWritten(await written(), [first]);
  done(await situation.act(worker(), call));
  await assertAllOnce(scene);
}

/** It fails, or asks people with the same words. */
async function assertHalted({ of }: ListScene, acting: Promise<Outcome>, failed: { type: string; message: RegExp }) {
  if (!of.asksAgain) return assert.rejects(acting, failed);
  const outcome = await acting;
  assert.equal(because(outcome), 'approval');
  assert.ok('planned' in outcome);
  return assert.match(outcome.because.text, failed.message);
}

/** An item is named in the address of a write, or in what it says. */
const namesIn = async (request: Request) => `${request.url} ${await request.clone().text()}`;

type Ending = (scene: ListScene, call: { key: string; approved?: string }) => Promise<unknown>;

async function goesOnAfter(scene: ListScene, ends: Ending) {
  const { situation, worker, key } = scene;
  const call = await approvedCall(situation.act, worker(), key);
  await ends(scene, call);
  done(await situation.act(worker(), call));
  await assertAllOnce(scene);
}

const lostAnswer: Ending = (scene, call) => {
  const halting = scene.situation.act(scene.worker({ between: losing(1) }), call);
  return assertHalted(scene, halting, { type: 'Unreachable', message: /^0 of \d+ are done\. Then / });
};

const heldBetween: Ending = async ({ situation, worker, on, written }, call) => {
  const after = async (count: number) => count === 1 && (await on.you.patch(at.hold, { data: { hold: 'wait' } }));
  assert.equal(because(await situation.act(worker({ between: aroundWrites({ after }) }), call)), 'held');
  assertWritten(await written(), situation.items.slice(0, 1));
  await on.you.patch(at.hold, { data: { hold: null } });
};

const killedAfter =
  (count: number): Ending =>
  async ({ situation, worker }, call) => {
    const { dead, ...dying } = mortal(count);
    const acting = situation.act(worker(dying), call);
    await Promise.race([acting.then(outcome => assert.fail(JSON.stringify(outcome))), dead]);
  };
