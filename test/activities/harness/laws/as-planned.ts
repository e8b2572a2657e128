/** Laws 1 to 3: what is planned is what is written, once, and nothing at all where nothing may be. */

import assert from 'node:assert/strict';
import { because, done, planned } from '../../outcomes.ts';
import { at } from '../../stage.ts';
import type { Change, Plan } from '../../../../workflows/contract/index.ts';
import { differences, isTrace, type Objects, placeOf, shown } from '../objects.ts';
import { approvedCall, countOf, plannedBy, settingScene } from '../scene.ts';
import type { SettingLaw } from './law.ts';

export const planIsWhatChanges: SettingLaw = {
  number: 1,
  of: 'setting',
  title: 'the first run writes at least once, and the plan equals what then changed, field by field',
  async hold(theatre, of) {
    const { situation, worker, key, objects, written } = await settingScene(theatre, of);
    const was = await objects();
    const plan = await plannedBy(situation.act, worker(), key);
    const { changes } = done(await situation.act(worker(), { key, approved: plan.digest }));
    assert.deepEqual(changes, plan.changes);
    assertAsPlanned(was, await objects(), changes);
    assert.equal((await written()).length, countOf(plan), (await written()).join(', '));
    assert.ok(countOf(plan) > 0);
  },
};

/** Each planned field went from its value before to the one after, and no other leaf has changed. */
export function assertAsPlanned(was: Objects, now: Objects, changes: Change[]) {
  for (const change of changes) {
    assert.notEqual(change.before, change.after, `${change.target} ${change.field} does not change`);
    const seen = [shown(was, change), shown(now, change)];
    if (seen.every(value => value !== undefined)) assert.deepEqual(seen, [change.before, change.after], placeOf(change));
  }
  const places = changes.map(change => ({ target: change.target, path: placeOf(change) }));
  const isPlanned = ({ target, path }: { target: string; path: string }) =>
    places.some(place => place.target === target && (path === place.path || path.startsWith(`${place.path}/`)));
  const unplanned = differences(was, now).filter(one => !isTrace(one) && !isPlanned(one));
  assert.deepEqual(unplanned, [], 'changed, but not planned');
}

export const onceByItsKey: SettingLaw = {
  number: 2,
  of: 'setting',
  title: 'a second run with the same key writes nothing; the same key with other input is an error',
  async hold(theatre, of) {
    const { situation, worker, key, objects, written } = await settingScene(theatre, of);
    const call = await approvedCall(situation.act, worker(), key);
    const first = done(await situation.act(worker(), call));
    const [was, wrote] = [await objects(), await written()];
    for (const again of [call, { key }]) assert.deepEqual(done(await situation.act(worker(), again)).changes, first.changes);
    await assert.rejects(situation.otherwise(worker(), { key }), { type: 'BadInput', message: /belongs to another/ });
    assert.deepEqual([await objects(), await written()], [was, wrote]);
  },
};

export const plannedOnly: SettingLaw = {
  number: 3,
  of: 'setting',
  title: 'dry run, hold and observe: not one write, and the plan comes back with the reason',
  async hold(theatre, of) {
    const { situation, worker, key, objects, written, on } = await settingScene(theatre, of);
    const was = await objects();
    const plan = await plannedBy(situation.act, worker(), key);
    const approved = { key, approved: plan.digest };
    const isRefused = async (reason: string) => {
      for (const call of [approved, { key }]) {
        const outcome = await situation.act(worker(), call);
        assert.equal(because(outcome), reason);
        assert.deepEqual(boundIn(planned(outcome)), boundIn(plan));
      }
      assert.equal(because(await situation.act(worker(), { ...approved, dryRun: true })), 'dry run');
    };
    await on.you.patch(at.hold, { data: { hold: 'wait' } });
    await isRefused('held');
    await on.you.patch(at.hold, { data: { hold: null, 'mode.dynex-outage': 'observe' } });
    if (!of.restores) await isRefused('observe');
    await on.you.patch(at.hold, { data: { 'mode.dynex-outage': 'supervised' } });
    assert.deepEqual([await objects(), await written()], [was, []]);
  },
};

/** What an approval is bound to; consequences may tell of a status, which moves. */
const boundIn = ({ consequences: _, ...bound }: Plan) => bound;
