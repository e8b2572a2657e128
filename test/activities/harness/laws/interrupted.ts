/** Laws 6 and 7: an answer is lost, or the worker dies, and still there is exactly one effect. */

import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { done } from '../../outcomes.ts';
import type { Plan } from '../../../../workflows/contract/index.ts';
import { losing, mortal } from '../between.ts';
import { type Objects } from '../objects.ts';
import { countOf, plannedBy, type Scene, settingScene } from '../scene.ts';
import { assertAsPlanned } from './as-planned.ts';
import type { SettingLaw } from './law.ts';

export const oneEffect: SettingLaw = {
  number: 6,
  of: 'setting',
  title: 'the effect happened and the answer was lost: the retry leaves exactly one effect',
  async hold(theatre, of, extent) {
    for (let count = 1, most = 1; count <= most; count += 1) {
      const scene = await settingScene(theatre, of);
      const writes = await interrupted(scene, async (plan, { situation, worker, key }) => {
        const acting = situation.act(worker({ between: losing(count) }), { key, approved: plan.digest });
        const error = await acting.then(
          () => undefined,
          error => error,
        );
        assert.ok(error instanceof ApplicationFailure && !error.nonRetryable, String(error));
      });
      if (extent === 'every') most = writes;
    }
  },
};

export const deathBetween: SettingLaw = {
  number: 7,
  of: 'setting',
  title: 'the worker dies between any two writes: the next try completes the change',
  async hold(theatre, of, extent) {
    for (let count = 0, most = 1; count <= most; count += 1) {
      const scene = await settingScene(theatre, of);
      const writes = await interrupted(scene, async (plan, { situation, worker, key }) => {
        const { dead, ...dying } = mortal(count);
        const acting = situation.act(worker(dying), { key, approved: plan.digest });
        await Promise.race([acting.then(outcome => assert.fail(JSON.stringify(outcome))), dead]);
      });
      if (extent === 'every') most = writes;
    }
  },
};

/** However it ended, the retry completes what was planned and writes each object once. */
async function interrupted(scene: Scene, end: (plan: Plan, scene: Scene) => Promise<void>): Promise<number> {
  const { situation, worker, key, objects, written } = scene;
  const was: Objects = await objects();
  const plan = await plannedBy(situation.act, worker(), key);
  await end(plan, scene);
  const { changes } = done(await situation.act(worker(), { key, approved: plan.digest }));
  assert.deepEqual(changes, plan.changes);
  assertAsPlanned(was, await objects(), plan.changes);
  assert.equal((await written()).length, countOf(plan), (await written()).join(', '));
  return countOf(plan);
}
