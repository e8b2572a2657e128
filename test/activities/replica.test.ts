/** Where the quota refuses a rollout, a replica is given back for it, and returns: on a real API server with a real ResourceQuota. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { because, done, planned } from './outcomes.ts';
import { afterWrite } from './rotation.ts';
import { type Activities, at, type Stage, stage } from './stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const give = `${open}/Give back a replica/activate-circuit-breaker`;
const undo = 'take-back-1/undo/1';
const remedialActions = [{ title: 'Give back a replica', type: 'giveBackReplica', input: { for: ['worker'] } }];
const wish: { for: 'worker'[] } = { for: ['worker'] };

/** Dynex is down, and the quota leaves room for one more CPU: the surge of the worker needs four. */
async function full() {
  const folder = crypto.randomUUID();
  const worker = on.worker({ folder });
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  await limit('23');
  const before = (await on.writes()).length;
  const giving = async (by: Activities, key = give) => {
    const { digest } = planned(await by.kubernetes.giveBackReplica(wish, { key }));
    return by.kubernetes.giveBackReplica(wish, { key, approved: digest });
  };
  const dying = on.worker({ folder, systems: afterWrite(on, dies) });
  return {
    worker,
    give: (key?: string) => giving(worker, key),
    giveAndDie: () => giving(dying),
    written: async () => (await on.writes()).slice(before).map(({ what }) => what),
  };
}

const dies = () => {
  throw new Error('SIGKILL');
};

/** The quota, once it is in force. */
async function limit(cpu: string) {
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': cpu } } });
  await eventually(async () =>
    assert.match(JSON.stringify((await on.you.get(at.quota)).status?.['hard']), new RegExp(`"limits.cpu":"${cpu}"`)),
  );
}

const counts = async () => {
  const [floor, worker] = await Promise.all([on.you.get(at.floor), on.you.get(at.worker)]);
  return { floor: floor.spec?.['minReplicas'], replicas: worker.spec?.replicas };
};
const records = async () => {
  const objects = await Promise.all([on.you.get(at.floor), on.you.get(at.worker)]);
  return objects.map(
    ({ metadata }) => Object.keys(metadata.annotations).filter(name => name.startsWith('nqba-runbooks/')).length,
  );
};

test('refused by the quota, the breaker offers to give back a replica; given, it opens; taken back, the replica returns', async () => {
  const { worker, give: giveOne, written } = await full();
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotAdmitted',
    message: /exceeded quota: nqba-platform-quota.*Nothing was changed/,
    details: [{ nothingDone: true, remedialActions }],
  });
  assert.deepEqual(await written(), []);

  const { changes, effect, takeBack } = done(await giveOne());
  assert.deepEqual(
    changes.map(({ target, field, before, after }) => `${target} ${field} ${before} ${after}`),
    ['HorizontalPodAutoscaler nqba-platform/nqba-worker minReplicas 2 1', 'Deployment nqba-platform/nqba-worker replicas 2 1'],
  );
  assert.deepEqual(effect, { measured: 'whole', text: 'The quota has room for the rollout.' });
  assert.deepEqual(takeBack, {
    action: 'giveBackReplica',
    key: give,
    target: { system: 'kubernetes', kind: 'Deployment', namespace: 'nqba-platform', name: 'nqba-worker' },
    words: 'nqba-worker gives one replica back, so that the rollout of nqba-worker fits the quota.',
  });
  const wrote = ['patch horizontalpodautoscalers/nqba-worker', 'patch deployments/nqba-worker'];
  assert.deepEqual(await written(), wrote);

  const { effect: opened } = done(await worker.quantum.setFallback({ enabled: true }, { key: `${open}b` }));
  assert.match(opened.text, /nqba-worker-batch did not move/);
  assert.doesNotMatch(opened.text, /nqba-worker (did not move|moved in part)/);
  assert.equal((await written()).length, 4);

  assert.match(done(await worker.kubernetes.takeBack({ takeBack }, { key: undo })).note, /has returned/);
  assert.deepEqual(await counts(), { floor: 2, replicas: 2 });
  assert.equal((await records())[0], 0);
  const again = done(await worker.kubernetes.takeBack({ takeBack }, { key: 'take-back-1/undo/2' }));
  assert.deepEqual(again.changes, []);
  assert.equal((await written()).length, 6);
});

test('it is always planned first: what jobs are in flight, who else gives none and why', async () => {
  const { worker, written } = await full();
  const outcome = await worker.kubernetes.giveBackReplica(wish, { key: give });
  assert.equal(because(outcome), 'approval');
  const { summary, consequences } = planned(outcome);
  assert.equal(summary, 'nqba-worker gives one replica back, so that the rollout of nqba-worker fits the quota.');
  const told = consequences.join(' ');
  assert.match(told, /needs 4 more of limits\.cpu, used: 22, limited: 23\./);
  assert.match(told, /Jobs in flight on the 2 pods of nqba-worker: \d+\./);
  assert.match(told, /nqba-worker-batch not chosen: it has no second replica\./);
  assert.deepEqual(await written(), []);
});

test('the same key again writes nothing and says the same', async () => {
  const { worker, give: giveOne, written } = await full();
  const first = done(await giveOne());
  const second = done(await worker.kubernetes.giveBackReplica(wish, { key: give }));
  assert.deepEqual([second.changes, second.takeBack], [first.changes, first.takeBack]);
  assert.equal((await written()).length, 2);
  const other = { for: ['batch' as const] };
  await assert.rejects(worker.kubernetes.giveBackReplica(other, { key: give }), {
    type: 'BadInput',
    message: /belongs to another/,
  });
});

test('a worker that dies after the floor is followed by one that writes only the replicas', async () => {
  const { worker, giveAndDie, written } = await full();
  await assert.rejects(giveAndDie(), /SIGKILL/);
  assert.deepEqual(await counts(), { floor: 1, replicas: 2 });
  assert.equal(done(await worker.kubernetes.giveBackReplica(wish, { key: give })).effect.measured, 'whole');
  assert.deepEqual(await counts(), { floor: 1, replicas: 1 });
  assert.equal((await written()).length, 2);
});

test('where somebody has scaled meanwhile, what was begun is put back, and people are asked again', async () => {
  const { worker, giveAndDie } = await full();
  await assert.rejects(giveAndDie(), /SIGKILL/);
  await on.bob.patch(at.batch, { spec: { replicas: 0 } });
  await on.bob.patch(at.worker, { spec: { replicas: 3 } });
  await eventually(async () => assert.equal((await on.you.get(at.worker)).status?.availableReplicas, 3));
  await limit('19');
  await assert.rejects(worker.kubernetes.giveBackReplica(wish, { key: give }), {
    message: /its autoscaler wants its 3 replicas/,
  });
  assert.deepEqual(await counts(), { floor: 2, replicas: 3 });
  assert.deepEqual(await records(), [0, 0]);
});

test('held, nothing is written; only observed, it is a plan', async () => {
  const { give: giveOne, written } = await full();
  await on.you.patch(at.hold, { data: { hold: 'wait' } });
  assert.equal(because(await giveOne()), 'held');
  await on.you.patch(at.hold, { data: { hold: null, 'mode.dynex-outage': 'observe' } });
  assert.equal(because(await giveOne()), 'observe');
  assert.deepEqual(await written(), []);
});

test('where no replica would make room nothing is offered, and asking for it says why', async () => {
  const { worker } = await full();
  await on.you.patch(at.floor, { spec: { minReplicas: 1 } });
  const details = [{ nothingDone: true, remedialActions: [] }];
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), { type: 'NotAdmitted', details });
  await assert.rejects(worker.kubernetes.giveBackReplica(wish, { key: give }), {
    type: 'Refused',
    message: /nqba-worker not chosen: its autoscaler wants its 2 replicas\. .*Nothing was changed/,
  });
});

test('where there is room already nothing is given', async () => {
  const { worker, written } = await full();
  await limit('40');
  const { note, changes } = done(await worker.kubernetes.giveBackReplica(wish, { key: give }));
  assert.deepEqual([note, changes], ['The quota has room for the rollout already: nothing was changed.', []]);
  assert.deepEqual(await written(), []);
});

test('a replica returns only where the quota has room for it', async () => {
  const { worker, give: giveOne } = await full();
  const { takeBack } = done(await giveOne());
  assert.ok(takeBack);
  await limit('20');
  await assert.rejects(worker.kubernetes.takeBack({ takeBack }, { key: undo }), {
    type: 'NotAdmitted',
    message:
      /New pods of Deployment nqba-platform\/nqba-worker would be refused\. .*exceeded quota: nqba-platform-quota.*Nothing was changed/,
  });
  assert.deepEqual(await counts(), { floor: 1, replicas: 1 });
});

test('undo asks where somebody has taken the rest of it too, and leaves alone what somebody has added', async () => {
  const { worker, give: giveOne } = await full();
  const { takeBack } = done(await giveOne());
  assert.ok(takeBack);
  await limit('100');
  await on.bob.patch(at.worker, { spec: { replicas: 0 } });
  const asked = await worker.kubernetes.takeBack({ takeBack }, { key: undo });
  assert.equal(because(asked), 'approval');
  assert.match(
    JSON.stringify(asked),
    /changed replicas of Deployment nqba-platform\/nqba-worker since: it was set to ..1.. and is ..0/,
  );
  await on.bob.patch(at.worker, { spec: { replicas: 4 } });
  done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.deepEqual(await counts(), { floor: 2, replicas: 4 });
  assert.deepEqual(await records(), [0, 0]);
});

test('two incidents take one each: the last to let go restores', async () => {
  const { worker, give: giveOne } = await full();
  await on.you.patch(at.worker, { spec: { replicas: 3 } });
  await on.you.patch(at.floor, { spec: { minReplicas: 3 } });
  await limit('27');
  await eventually(async () => assert.equal((await on.you.get(at.worker)).status?.availableReplicas, 3));
  const one = done(await giveOne());
  await limit('23');
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }));
  const other = done(await giveOne('run-2/a/b/1'));
  assert.ok(one.takeBack && other.takeBack);
  await limit('100');
  done(await worker.kubernetes.takeBack({ takeBack: one.takeBack }, { key: undo }));
  assert.deepEqual(await counts(), { floor: 1, replicas: 1 });
  done(await worker.kubernetes.takeBack({ takeBack: other.takeBack }, { key: 'take-back-2/undo/1' }));
  assert.deepEqual(await counts(), { floor: 3, replicas: 3 });
});
