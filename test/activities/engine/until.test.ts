/** A step that is to end by itself is refused where its action has no way back, or stays until people decide: nothing else would be true. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { byType, createActivities, undoOf } from '../../../activities/index.ts';
import { activityNames, isAction, isPublic } from '../../../workflows/catalog/activities.ts';
import { aPlatform, running, virtualClock, withoutSystems } from '../bare.ts';

const actions = activityNames.filter(type => (isAction(type) || isPublic(type)) && type !== 'takeBack');
const staying = ['setShare', 'useSecret', 'rollBack'];
const until = '2026-11-29T03:30:00Z';

for (const type of actions.filter(name => typeof undoOf(name) === 'string' || staying.includes(name)))
  test(`${type} with an end is refused before anything is looked at`, async () => {
    const activities = byType(createActivities({ platform: aPlatform, systems: withoutSystems(), ...virtualClock(), running }));
    const act = activities[type];
    assert.ok(act);
    await assert.rejects(Reflect.apply(act, undefined, [{}, { key: 'run-1/a/1', until }]), {
      type: 'BadInput',
      message: /does not end by itself: write this step without `until`/,
    });
  });

test('every action says whether there is a way back', () => {
  assert.deepEqual(
    actions.filter(name => undoOf(name) === undefined),
    [],
  );
});
