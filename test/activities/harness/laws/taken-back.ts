/** Law 8: the way back, planned and tried like any change. */

import assert from 'node:assert/strict';
import { eventually } from '../../../support/eventually.ts';
import type { Receipt } from '../../../../workflows/contract/index.ts';
import { because, done, planned } from '../../outcomes.ts';
import { at } from '../../stage.ts';
import type { SettingCase } from '../case.ts';
import { differences, type Objects, stampPath } from '../objects.ts';
import { approvedDone, type Scene, settingScene, type Theatre } from '../scene.ts';
import type { SettingLaw } from './law.ts';

const undo = 'take-back-1/undo/1';

export const takenBack: SettingLaw = {
  number: 8,
  of: 'setting',
  title: 'taking back is planned, tried for admission, and restores what was before; what somebody else changed is asked',
  async hold(theatre, of) {
    if (of.undo !== undefined) return hasNoWayBack(theatre, of);
    await restoresAll(await settingScene(theatre, of));
    await asksAboutChanges(await settingScene(theatre, of));
    if (of.alone === undefined) await lastRestores(await settingScene(theatre, of));
  },
};

async function hasNoWayBack(theatre: Theatre, of: SettingCase) {
  const { situation, worker, key } = await settingScene(theatre, of);
  assert.equal((await approvedDone(situation.act, worker(), key)).takeBack, undefined);
}

const back = ({ worker }: Scene, { takeBack }: Receipt, call: { key: string; dryRun?: boolean }) => {
  assert.ok(takeBack, 'the receipt offers a way back');
  return worker().kubernetes.takeBack({ takeBack }, call);
};

async function restoresAll(scene: Scene) {
  const { situation, worker, key, objects, written } = scene;
  const was = await objects();
  const receipt = await approvedDone(situation.act, worker(), key);
  const [now, wrote] = [await objects(), await written()];
  await isStanding(scene, receipt);
  await situation.room?.();
  const plan = planned(await back(scene, receipt, { key: undo, dryRun: true }));
  assert.ok(plan.changes.length > 0);
  if (plan.changes.some(({ target }) => target.startsWith('Deployment'))) await isTried(scene, receipt);
  assert.deepEqual([await objects(), await written()], [now, wrote], 'only planned');
  done(await back(scene, receipt, { key: undo }));
  assertRestored(was, await objects());
  assert.deepEqual(await standing(scene, receipt), {
    verdict: 'healthy',
    evidence: 'No change of this incident is still in effect.',
    facts: { standing: [] },
  });
  const count = (await written()).length;
  assert.deepEqual(done(await back(scene, receipt, { key: `${undo}b` })).changes, []);
  assert.equal((await written()).length, count);
}

const standing = ({ worker }: Scene, { takeBack }: Receipt) => worker().observe.standing({ changes: takeBack ? [takeBack] : [] });

/** Named while it stands; what stays until people decide keeps no incident open. */
async function isStanding(scene: Scene, receipt: Receipt) {
  const { verdict, evidence, facts } = await standing(scene, receipt);
  const { key = '', words = '' } = receipt.takeBack ?? {};
  assert.ok(evidence.includes(`“${words}”`), evidence);
  assert.deepEqual([verdict, facts?.standing], scene.of.stays ? ['healthy', []] : ['faulty', [key]]);
}

/** Where no further pod fits the quota, it is refused before anything is written. */
async function isTried(scene: Scene, receipt: Receipt) {
  const { on } = scene;
  const { spec, status } = await on.you.get(at.quota);
  const hard = spec?.['hard'];
  await limited(on, JSON.stringify(status?.['used']), used => ({ pods: used.pods ?? '0' }));
  await assert.rejects(back(scene, receipt, { key: undo }), { type: 'NotAdmitted', message: /Nothing was changed/ });
  await on.you.patch(at.quota, { spec: { hard } });
  await eventually(async () => assert.deepEqual((await on.you.get(at.quota)).status?.['hard'], hard));
}

/** The quota, once it is in force. */
async function limited(on: Scene['on'], used: string, hard: (used: Record<string, string>) => Record<string, string>) {
  const wanted = hard(JSON.parse(used));
  await on.you.patch(at.quota, { spec: { hard: wanted } });
  await eventually(async () => {
    const inForce = (await on.you.get(at.quota)).status?.['hard'];
    assert.deepEqual({ ...JSON.parse(JSON.stringify(inForce)), ...wanted }, inForce);
  });
}

async function asksAboutChanges(scene: Scene) {
  const { situation, worker, key, written } = scene;
  const receipt = await approvedDone(situation.act, worker(), key);
  const wrote = await written();
  await situation.room?.();
  await situation.meddle();
  const outcome = await back(scene, receipt, { key: undo });
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /Someone else has changed/);
  assert.deepEqual(await written(), wrote);
}

async function lastRestores(scene: Scene) {
  const { situation, worker, key, objects } = scene;
  const was = await objects();
  const one = await approvedDone(situation.act, worker(), key);
  await situation.second?.();
  const other = await approvedDone(situation.act, worker(), `${scene.incident}-2/Phase/Step/1`);
  const held = await objects();
  await situation.room?.();
  done(await back(scene, one, { key: undo }));
  assertRestored(held, await objects(), 'the other still holds it');
  done(await back(scene, other, { key: 'take-back-2/undo/1' }));
  assertRestored(was, await objects());
}

/** Byte for byte but for restart stamps; records are part of it only where everything was let go. */
function assertRestored(was: Objects, now: Objects, message?: string) {
  const isRecord = (path: string) => path.startsWith('/metadata/annotations/nqba-runbooks/');
  const left = differences(was, now).filter(({ path }) => path !== stampPath && !(message !== undefined && isRecord(path)));
  assert.deepEqual(left, [], message);
}
