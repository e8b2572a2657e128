/** A restart is one rollout a step, counted on the pods; where memory is lost with it people decide. On a real API server. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { z } from 'zod';
import { restartStamp } from '../../../activities/engine/templates.ts';
import { eventually } from '../../support/eventually.ts';
import { because, done, planned } from '../outcomes.ts';
import { at, type Stage, stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const key = 'run-1/Resolution Steps/Restart the workers/1';

async function acting() {
  const worker = on.worker({ folder: crypto.randomUUID() });
  const before = (await on.writes()).length;
  return { worker, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
}

const template = z.looseObject({ metadata: z.looseObject({ annotations: z.record(z.string(), z.string()) }) });
const stampOf = async (path: string) =>
  template.parse((await on.you.get(path)).spec?.template).metadata.annotations[restartStamp];

test('workers restart without a question: the plan is what changes, the new pods are counted, a second run restarts nothing', async () => {
  const { worker, written } = await acting();
  const { changes, consequences } = planned(await worker.kubernetes.restart({ workload: 'worker' }, { key, dryRun: true }));
  assert.match(consequences.join(' '), /Restarts nqba-worker: 2 pods, 1 more at a time\. Jobs in flight on them: \d+/);
  const receipt = done(await worker.kubernetes.restart({ workload: 'worker' }, { key }));
  assert.deepEqual(receipt.changes, changes);
  assert.deepEqual(receipt.effect, { measured: 'whole', text: '2 of 2 pods of nqba-worker are new and ready.' });
  assert.equal(receipt.takeBack, undefined);
  assert.equal(await stampOf(at.worker), key);

  const again = done(await worker.kubernetes.restart({ workload: 'worker' }, { key }));
  assert.equal(again.effect.measured, 'whole');
  assert.deepEqual(await written(), ['patch deployments/nqba-worker']);
});

test('a draft that is lost restarts nothing twice: the stamp is the key', async () => {
  const { worker, written } = await acting();
  done(await worker.kubernetes.restart({ workload: 'batch' }, { key }));
  const another = on.worker({ folder: crypto.randomUUID() });
  const { note, effect } = done(await another.kubernetes.restart({ workload: 'batch' }, { key }));
  assert.equal(note, 'nqba-worker-batch was restarted by this step already.');
  assert.deepEqual(effect, { measured: 'whole', text: '1 of 1 pods of nqba-worker-batch are new and ready.' });
  assert.equal((await written()).length, 1);
});

test('what serves customers restarts only with an approval of exactly this plan, which says what is lost', async () => {
  const { worker, written } = await acting();
  const asked = await worker.kubernetes.restart({ workload: 'api' }, { key });
  assert.equal(because(asked), 'approval');
  const lost =
    /What the pods of nqba-api keep in memory is lost, such as sessions, lockouts and .*: people must log in again, and locked accounts are open/;
  assert.match(planned(asked).consequences.join(' '), lost);
  assert.deepEqual(await written(), []);
  const { digest } = planned(asked);
  const { effect } = done(await worker.kubernetes.restart({ workload: 'api' }, { key, approved: digest }));
  assert.equal(effect.text, '3 of 3 pods of nqba-api are new and ready.');
});

test('where all pods stop at once people are asked, and a rollout that is under way is told', async () => {
  const { worker } = await acting();
  await on.bob.patch(at.batch, { spec: { minReadySeconds: 500, strategy: { type: 'Recreate', rollingUpdate: null } } });
  await eventually(async () => assert.equal((await on.you.get(at.batch)).status?.availableReplicas, 0));
  const asked = await worker.kubernetes.restart({ workload: 'batch' }, { key });
  assert.equal(because(asked), 'approval');
  const told = planned(asked).consequences.join(' ');
  assert.match(told, /All pods of nqba-worker-batch stop before new ones start/);
  assert.match(told, /not complete \(of 1 pods of nqba-worker-batch 1 are new and 0 available\)/);
});

test('a paused Deployment is refused, with the line that resumes it', async () => {
  const { worker, written } = await acting();
  await on.bob.patch(at.worker, { spec: { paused: true } });
  await assert.rejects(worker.kubernetes.restart({ workload: 'worker' }, { key }), {
    type: 'Refused',
    message: /is paused since .*rollout resume deployment\/nqba-worker/,
  });
  assert.deepEqual(await written(), []);
});

test('nothing restarts what has no pods, and nothing ends by itself', async () => {
  const { worker, written } = await acting();
  await on.bob.patch(at.batch, { spec: { replicas: 0 } });
  const { note } = done(await worker.kubernetes.restart({ workload: 'batch' }, { key }));
  assert.equal(note, 'nqba-worker-batch is scaled to zero: no pod restarts.');
  const until = '2026-11-24T04:00:00Z';
  await assert.rejects(worker.kubernetes.restart({ workload: 'batch' }, { key, until }), { type: 'BadInput' });
  assert.deepEqual(await written(), []);
});
