/** Settings that pods read are changed with the pods, and put back with them; what no pod reads is refused. On a real API server. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { because, done, planned, worldOf } from '../outcomes.ts';
import { type Activities, at, type Stage, stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const key = 'run-1/Resolution Steps/Cut long runners/1';
const undo = 'take-back-1/undo/1';
const shorter = { configMap: 'quantum', values: { QUANTUM_TIMEOUT: '300' } } as const;

async function acting() {
  const worker = on.worker({ folder: crypto.randomUUID() });
  const before = (await on.writes()).length;
  return { worker, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
}

async function approved(by: Activities, input: Parameters<Activities['kubernetes']['setConfigMap']>[0], as = key) {
  const asked = await by.kubernetes.setConfigMap(input, { key: as });
  assert.equal(because(asked), 'approval');
  const { digest, ...plan } = planned(asked);
  return { plan, receipt: done(await by.kubernetes.setConfigMap(input, { key: as, approved: digest })) };
}

test('asked with old and new values; written with the restart of who reads them; put back with a restart', async () => {
  const { worker, written } = await acting();
  const was = await worldOf(on);
  const { plan, receipt } = await approved(worker, shorter);
  assert.deepEqual(receipt.changes, plan.changes);
  assert.deepEqual(
    plan.changes.map(({ target, field, before, after }) => `${target} ${field} ${before} ${after}`)[0],
    'ConfigMap nqba-platform/nqba-config QUANTUM_TIMEOUT 600 300',
  );
  const told = plan.consequences.join(' ');
  assert.match(told, /nqba-worker-batch is not affected: it does not read them\..*Restarts nqba-worker: 2 pods/);
  assert.deepEqual(receipt.effect, {
    measured: 'whole',
    text: 'QUANTUM_TIMEOUT=300. 2 of 2 pods of nqba-worker are new and ready.',
  });
  assert.deepEqual(await written(), ['patch configmaps/nqba-config', 'patch deployments/nqba-worker']);
  done(await worker.kubernetes.setConfigMap(shorter, { key }));
  assert.equal((await written()).length, 2);

  const { takeBack } = receipt;
  assert.ok(takeBack);
  const { effect } = done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.deepEqual(effect, { measured: 'whole', text: 'ConfigMap nqba-platform/nqba-config QUANTUM_TIMEOUT is 600.' });
  const now = await worldOf(on);
  assert.deepEqual({ ...now, stamps: {} }, { ...was, stamps: {} });
  assert.equal(now.stamps.worker, undo);
});

test('a restart that somebody else has followed with another is not repeated', async () => {
  const { worker, written } = await acting();
  await approved(worker, shorter);
  done(await worker.kubernetes.restart({ workload: 'worker' }, { key: 'run-2/a/b/1' }));
  done(await worker.kubernetes.setConfigMap(shorter, { key }));
  assert.equal((await written()).length, 3);
});

test('a key that no pod reads is refused, and so is one that a variable of the same name hides', async () => {
  const { worker, written } = await acting();
  await on.bob.patch(at.worker, {
    spec: { template: { spec: { containers: [{ name: 'worker', env: [{ name: 'QUANTUM_TIMEOUT', value: '900' }] }] } } },
  });
  await assert.rejects(worker.kubernetes.setConfigMap(shorter, { key }), {
    type: 'NotConsumed',
    message: /No pod of nqba-api, nqba-worker, nqba-worker-batch reads QUANTUM_TIMEOUT of ConfigMap nqba-platform\/nqba-config/,
  });
  await assert.rejects(worker.kubernetes.setConfigMap({ configMap: 'quantum', values: {} }, { key }), { type: 'BadInput' });
  assert.deepEqual(await written(), []);
});

test('a new key is told as new, and undo takes it away', async () => {
  const { worker } = await acting();
  const { plan, receipt } = await approved(worker, { configMap: 'quantum', values: { QUANTUM_BATCH_SIZE: '5' } });
  assert.match(plan.consequences.join(' '), /New in it: QUANTUM_BATCH_SIZE\. Whether the code reads them/);
  const { takeBack } = receipt;
  assert.ok(takeBack);
  done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.equal((await on.you.get(at.config)).data?.['QUANTUM_BATCH_SIZE'], undefined);
});

test('a file that is mounted follows without a restart', async () => {
  const { worker, written } = await acting();
  const volumes = [{ name: 'settings', configMap: { name: 'nqba-config' } }];
  const mounted = { name: 'worker', envFrom: null, volumeMounts: [{ name: 'settings', mountPath: '/etc/nqba' }] };
  await on.bob.patch(at.worker, { spec: { template: { spec: { volumes, containers: [mounted] } } } });
  const { plan, receipt } = await approved(worker, shorter);
  assert.match(plan.consequences.join(' '), /nqba-worker has it mounted: no pod restarts/);
  assert.equal(receipt.effect.measured, 'part');
  assert.deepEqual(await written(), ['patch configmaps/nqba-config']);
});

test('where somebody has changed the value since, undo asks', async () => {
  const { worker } = await acting();
  const { receipt } = await approved(worker, shorter);
  const { takeBack } = receipt;
  assert.ok(takeBack);
  await on.bob.patch(at.config, { data: { QUANTUM_TIMEOUT: '450' } });
  const asked = await worker.kubernetes.takeBack({ takeBack }, { key: undo });
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /was set to ..300.. and is ..450/);
});
