/** Jobs that charge while charging is paused: found by a check, and suspended once people approve, on a real API server. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { done, planned } from '../outcomes.ts';
import { at, stage, type Stage } from '../stage.ts';
import { freeze as frozenAs } from '../../../activities/engine/frozen-list.ts';
import { charging, completed, jobAt, withoutPod } from './charging-jobs.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());
beforeEach(async () => {
  await on.reset();
  await on.you.patch(at.charging, { spec: { suspend: true } });
});

const incident = () => {
  const folder = crypto.randomUUID();
  return { folder, worker: on.worker({ folder, connected: ['kubernetes'] }) };
};
const freeze = 'Jobs that charge';

test('without a Job that runs there is nothing to stop; another Job of the namespace is none of them', async () => {
  await charging(on, ['reports'], false);
  const { verdict, facts } = await incident().worker.billing.chargingRuns({ freeze });
  assert.deepEqual([verdict, facts], ['healthy', { running: 0 }]);
});

test('one whose pod is still to come runs, too; one that is suspended does not', async () => {
  await withoutPod(on, 'charge-6');
  assert.deepEqual((await incident().worker.billing.chargingRuns({})).facts, { running: 1 });
  await on.you.patch(`${at.jobs}/charge-6`, { spec: { suspend: true } });
  assert.equal((await incident().worker.billing.chargingRuns({})).verdict, 'healthy');
});

test('those that run are named, and suspended once finance approves the plan; their pods are gone, and they are kept', async () => {
  await charging(on, ['charge-1', 'charge-2']);
  const { folder, worker } = incident();
  const { verdict, evidence, facts, frozen } = await worker.billing.chargingRuns({ freeze });
  assert.deepEqual([verdict, facts], ['faulty', { running: 2 }]);
  assert.match(evidence, /charge-1 since 2\d{3}-.*: kubectl -n nqba-platform patch job charge-1 .*charge-2 since/);
  assert.ok(frozen);

  const call = { key: `${folder}/Phase/Step/1` };
  const plan = planned(await worker.billing.stopRuns({ list: frozen }, call));
  assert.match(JSON.stringify(plan), /one that does begins again, and may charge the same customers twice/);
  assert.deepEqual((await jobAt(on, 'charge-1')).spec.suspend, false);
  const receipt = done(await worker.billing.stopRuns({ list: frozen }, { ...call, approved: plan.digest }));
  assert.equal(receipt.effect.measured, 'whole');
  for (const name of ['charge-1', 'charge-2']) {
    const { spec, status } = await jobAt(on, name);
    assert.deepEqual([spec.suspend, status.active], [true, 0]);
  }
  assert.equal((await worker.billing.chargingRuns({})).verdict, 'healthy');
});

test('while the CronJob is not suspended its Jobs may run', async () => {
  await on.you.patch(at.charging, { spec: { suspend: false } });
  await charging(on, ['charge-7']);
  const { verdict, facts, frozen } = await incident().worker.billing.chargingRuns({ freeze });
  assert.deepEqual([verdict, facts, frozen], ['healthy', { running: 1 }, undefined]);
});

test('one that has ended is none that runs; ended since it was frozen, it is named as one that may have charged everyone', async () => {
  const over = await completed(on, 'charge-3');
  const [running = over] = await charging(on, ['charge-4']);
  const { folder, worker } = incident();
  assert.deepEqual((await worker.billing.chargingRuns({})).facts, { running: 1 });
  const list = await frozenAs(on.artifacts(folder), freeze, [over, running, { ...running, uid: 'another' }]);
  const call = { key: `${folder}/Phase/Step/1` };
  const { digest } = planned(await worker.billing.stopRuns({ list }, call));
  const { effect } = done(await worker.billing.stopRuns({ list }, { ...call, approved: digest }));
  const text = '1 Job is suspended. Ended before, and may have charged everyone: charge-3, charge-4.';
  assert.deepEqual(effect, { measured: 'whole', text });
  assert.deepEqual([(await jobAt(on, 'charge-3')).spec.suspend, (await jobAt(on, 'charge-4')).spec.suspend], [false, true]);
});
