/** Laws 4 and 5: people stop it between two writes, and what they change meanwhile is never written over. */

import assert from 'node:assert/strict';
import { because, done, planned } from '../../outcomes.ts';
import { at } from '../../stage.ts';
import type { Outcome } from '../../../../workflows/contract/index.ts';
import { afterHoldRead, aroundWrites } from '../between.ts';
import type { SettingCase } from '../case.ts';
import { differences, isTrace, type Objects } from '../objects.ts';
import { approvedCall, countOf, plannedBy, type Scene, settingScene, type Theatre } from '../scene.ts';
import { assertAsPlanned } from './as-planned.ts';
import type { SettingLaw } from './law.ts';

export const heldBetween: SettingLaw = {
  number: 4,
  of: 'setting',
  title: 'a hold between two writes: the second does not happen, and a release plans again',
  async hold(theatre, of, extent) {
    await heldBeforeTheFirst(await settingScene(theatre, of));
    for (let count = 1, most = 2; count < most; count += 1) {
      const scene = await settingScene(theatre, of);
      const writes = await heldAfter(scene, count);
      if (extent === 'every') most = writes;
    }
  },
};

/** Held once the plan was allowed; what somebody changes during the hold is planned again. */
async function heldBeforeTheFirst({ on, situation, worker, key, written }: Scene) {
  const call = await approvedCall(situation.act, worker(), key);
  const between = afterHoldRead(() => hold(on));
  assert.equal(because(await situation.act(worker({ between }), call)), 'held');
  assert.deepEqual(await written(), []);
  await situation.meddle();
  await release(on);
  await assertRefused(situation.act(worker(), call));
  assert.deepEqual(await written(), []);
}

/** How many writes the plan has; with one there is nothing between. */
async function heldAfter({ on, situation, worker, key, objects, written }: Scene, count: number): Promise<number> {
  const was = await objects();
  const plan = await plannedBy(situation.act, worker(), key);
  if (count >= countOf(plan)) return countOf(plan);
  const call = { key, approved: plan.digest };
  const between = aroundWrites({ after: async number => number === count && (await hold(on)) });
  const held = await situation.act(worker({ between }), call);
  assert.equal(because(held), 'held');
  assert.deepEqual(planned(held).changes, plan.changes);
  assert.equal((await written()).length, count);
  await release(on);
  done(await situation.act(worker(), call));
  assert.equal((await written()).length, countOf(plan));
  assertAsPlanned(was, await objects(), plan.changes);
  return countOf(plan);
}

type On = Theatre['on'];
const hold = (on: On) => on.you.patch(at.hold, { data: { hold: 'wait' } });
const release = (on: On) => on.you.patch(at.hold, { data: { hold: null } });

export const movedMeanwhile: SettingLaw = {
  number: 5,
  of: 'setting',
  title: 'somebody else changes what the plan rests on: refused, with the difference; a step of an autoscaler does not count',
  async hold(theatre, of) {
    const scene = await settingScene(theatre, of);
    await harmlessCounts(scene);
    await movedBy(scene, scene.situation.rests ?? scene.situation.meddle);
    if (scene.situation.rests) await meddled(theatre, of);
    if (of.to === 'kubernetes') await outrun(await settingScene(theatre, of));
  },
};

const meddled = async (theatre: Theatre, of: SettingCase) => {
  const scene = await settingScene(theatre, of);
  await movedBy(scene, scene.situation.meddle);
};

async function harmlessCounts({ situation, worker, key }: Scene) {
  const { digest } = await plannedBy(situation.act, worker(), key);
  await situation.harmless();
  assert.equal((await plannedBy(situation.act, worker(), key)).digest, digest, 'no plan rests on that');
}

async function movedBy({ situation, worker, key, written }: Scene, change: () => Promise<unknown>) {
  const plan = await plannedBy(situation.act, worker(), key);
  await change();
  const outcome = await assertRefused(situation.act(worker(), { key, approved: plan.digest }));
  assert.deepEqual(await written(), []);
  if (!outcome) return;
  const now = planned(outcome);
  assert.notEqual(now.digest, plan.digest);
  assert.notDeepEqual([now.changes, now.restsOn], [plan.changes, plan.restsOn], 'the difference is shown');
}

/** Somebody is faster than our first write: what they wrote stays, and an approval does not cover it. */
async function outrun({ situation, worker, key, objects }: Scene) {
  const call = await approvedCall(situation.act, worker(), key);
  let theirs: { was: Objects; now: Objects } | undefined;
  const before = async (count: number) => {
    if (count !== 1) return;
    const was = await objects();
    await situation.meddle();
    theirs = { was, now: await objects() };
  };
  await assertRefused(situation.act(worker({ between: aroundWrites({ before }) }), call));
  assert.ok(theirs);
  const now = await objects();
  const [wrote, undone] = [differences(theirs.was, theirs.now), differences(theirs.now, now)];
  const isTheirs = (one: { target: string; path: string }) =>
    wrote.some(({ target, path }) => target === one.target && path === one.path);
  assert.deepEqual(
    undone.filter(one => isTheirs(one) && !isTrace(one)),
    [],
    'written over',
  );
}

/** A plan that must be looked at again; or nothing is to be done any more, or can be, and it says why. */
async function assertRefused(acting: Promise<Outcome>): Promise<Outcome | undefined> {
  try {
    const outcome = await acting;
    if ('done' in outcome && outcome.done.changes.length === 0) return undefined;
    assert.equal(because(outcome), 'moved');
    return outcome;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(error instanceof Error && 'type' in error && error.type === 'Refused', String(error));
    return undefined;
  }
}
