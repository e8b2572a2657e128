/** Jobs that charge while charging is paused: found by a check, and suspended once people approve, on a real API server. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { done, planned } from '../outcomes.ts';
import { at, stage, type Stage } from '../stage.ts';
import { charging, jobAt, withoutPod } from './charging-jobs.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());
beforeEach(() => on.reset());

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
  assert.match(evidence, /charge-1 since 2\d{3}-.*charge-2 since/);
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

test('one that has ended meanwhile, and another of its name, are left alone', async () => {
  await charging(on, ['charge-3', 'charge-4']);
  const { folder, worker } = incident();
  const { frozen } = await worker.billing.chargingRuns({ freeze });
  assert.ok(frozen);
  await on.reset();
  await charging(on, ['charge-4', 'charge-5']);
  const call = { key: `${folder}/Phase/Step/1` };
  const { digest } = planned(await worker.billing.stopRuns({ list: frozen }, call));
  assert.equal(done(await worker.billing.stopRuns({ list: frozen }, { ...call, approved: digest })).effect.measured, 'whole');
  for (const name of ['charge-4', 'charge-5']) assert.equal((await jobAt(on, name)).spec.suspend, false);
});
