/** What is refused is refused before any write, in the words of who refuses it; and what was changed is taken back. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { type Platform, parsePlatform } from '../../activities/platform.ts';
import { because, done, planned, worldOf } from './outcomes.ts';
import { at, type Stage, stage } from './stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const record = {
  action: 'setFallback',
  key: open,
  target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
  words: 'a change',
} as const;

async function outage(options: Parameters<Stage['worker']>[0] = {}) {
  const worker = on.worker({ folder: crypto.randomUUID(), connected: ['kubernetes', 'dynex'], ...options });
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  const before = (await on.writes()).length;
  return { worker, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
}

test('a rollout that the quota would refuse is refused before any write, and the answer is quoted', async () => {
  const { worker, written } = await outage();
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '23' } } });
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotAdmitted',
    message: /nqba-worker would be refused.*exceeded quota: nqba-platform-quota.*Nothing was changed/,
    details: [
      {
        nothingDone: true,
        remedialActions: [{ title: 'Give back a replica', type: 'giveBackReplica', input: { for: ['worker'] } }],
      },
    ],
  });
  assert.deepEqual(await written(), []);
});

test('one pod would fit, but not the whole surge: refused as well', async () => {
  const { worker, written } = await outage();
  await on.you.patch(at.worker, { spec: { strategy: { rollingUpdate: { maxSurge: 2 } } } });
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '27' } } });
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotAdmitted',
    message: /the rollout needs 8 more of limits\.cpu, used: 22, limited: 27/,
  });
  assert.deepEqual(await written(), []);
});

test('a PriorityClass that does not exist is found before any write', async () => {
  const { worker, written } = await outage();
  await on.bob.patch(at.worker, { spec: { template: { spec: { priorityClassName: 'absent' } } } });
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotAdmitted',
    message: /no PriorityClass with name absent was found/,
  });
  assert.deepEqual(await written(), []);
});

test('a ConfigMap that no pod reads is refused', async () => {
  const platform: Platform = { ...on.platform, quantum: { ...on.platform.quantum, workloads: ['batch'] } };
  const { worker, written } = await outage({ platform });
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotConsumed',
    message: /nqba-worker-batch reads ConfigMap nqba-platform\/nqba-config.*add envFrom/,
  });
  assert.deepEqual(await written(), []);
});

test('a right that we lack is named, and nothing is done', async () => {
  const { worker } = await outage({ kubeconfig: on.cluster.kubeconfigs.bob });
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'Forbidden',
    nonRetryable: true,
    message: /cannot create resource "pods".*Grant the permission/,
  });
});

test('a name that does not exist on the cluster is named', async () => {
  const { worker: workload } = on.platform.workloads;
  const workloads = { ...on.platform.workloads, worker: { ...workload, name: 'nqba-wroker' } };
  const { worker } = await outage({ platform: { ...on.platform, workloads } });
  await assert.rejects(worker.quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotFound',
    message: /nqba-wroker.*runbooks doctor/,
  });
});

test('undo restores every byte but the restart stamps, and a second undo finds nothing', async () => {
  const { worker, written } = await outage();
  const was = await worldOf(on);
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  done(await worker.kubernetes.takeBack({ takeBack: record }, { key: 'take-back-1/undo/1' }));
  const { stamps: _, ...now } = await worldOf(on);
  assert.deepEqual({ ...now, stamps: {} }, { ...was, stamps: {} });
  const count = (await written()).length;
  const again = done(await worker.kubernetes.takeBack({ takeBack: record }, { key: 'take-back-1/undo/2' }));
  assert.match(again.note, /[Nn]othing was left to undo/);
  assert.equal((await written()).length, count);
});

test('undo asks where somebody else has changed the setting since, and shows the difference', async () => {
  const { worker, written } = await outage();
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  await on.bob.patch(at.config, { data: { QUANTUM_BACKEND: 'hybrid' } });
  const asked = await worker.kubernetes.takeBack({ takeBack: record }, { key: 'take-back-1/undo/1' });
  assert.equal(because(asked), 'approval');
  assert.match(
    JSON.stringify(asked),
    /QUANTUM_BACKEND of ConfigMap nqba-platform\/nqba-config since: it was set to \\"classical\\" and is \\"hybrid\\"/,
  );
  assert.equal((await written()).length, 2);
  const { digest } = planned(asked);
  done(await worker.kubernetes.takeBack({ takeBack: record }, { key: 'take-back-1/undo/1', approved: digest }));
  assert.equal((await worldOf(on)).data.QUANTUM_BACKEND, 'dynex');
});

test('undo is ordered by a person: a mode does not stop it, a hold on either incident does', async () => {
  const { worker } = await outage();
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  await on.you.patch(at.hold, { data: { 'mode.dynex-outage': 'observe', 'hold.run-1': 'wait' } });
  const undo = () => worker.kubernetes.takeBack({ takeBack: record }, { key: 'take-back-1/undo/1' });
  assert.equal(because(await undo()), 'held');
  await on.you.patch(at.hold, { data: { 'hold.run-1': null } });
  done(await undo());
});

test('undo touches only what the platform description names', async () => {
  const { worker } = await outage();
  const other = { ...record, target: { ...record.target, name: 'kube-root-ca.crt' } };
  await assert.rejects(worker.kubernetes.takeBack({ takeBack: other }, { key: 'take-back-1/undo/1' }), { type: 'BadInput' });
});

test('a platform that is called otherwise in every name is held, changed and given back all the same', async () => {
  const platform = parsePlatform(renamed(on.platform));
  await install();
  const { worker } = await outage({ platform, kubeconfig: on.cluster.kubeconfigs.you, connected: ['kubernetes', 'dynex'] });
  const held = await worker.quantum.setFallback({ enabled: true }, { key: open });
  assert.equal(because(held), 'held');
  await on.you.create('/api/v1/namespaces/q/configmaps', {
    metadata: { name: 'stop' },
    data: { 'mode.dynex-outage': 'supervised' },
  });
  const { changes, takeBack } = done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  assert.deepEqual(
    changes.map(({ target, field, after }) => `${target} ${field} ${after === open ? 'now' : after}`),
    ['ConfigMap q/settings SOLVER local', 'Deployment q/cruncher restartedAt now'],
  );
  assert.deepEqual(takeBack, {
    action: 'setFallback',
    key: open,
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'q', name: 'settings' },
    words: 'Every quantum job runs on a classical solver.',
  });
  on.set('dynex', 'healthy');
  const asked = await worker.quantum.setFallback({ enabled: false }, { key: 'run-1/a/b/1' });
  done(await worker.quantum.setFallback({ enabled: false }, { key: 'run-1/a/b/1', approved: planned(asked).digest }));
  assert.deepEqual((await on.you.get('/api/v1/namespaces/q/configmaps/settings')).data, { SOLVER: 'remote' });
});

const renamed = (nqba: Platform) => ({
  ...nqba,
  name: 'Other',
  cluster: 'other',
  namespaces: { platform: 'q', monitoring: 'm' },
  workloads: {
    api: { ...nqba.workloads.api, name: 'door', selector: { app: 'door' } },
    worker: { ...nqba.workloads.worker, name: 'cruncher', container: 'main', selector: { app: 'cruncher' } },
    batch: { ...nqba.workloads.batch, name: 'night', selector: { app: 'night' } },
  },
  configMaps: { quantum: { namespace: 'platform', name: 'settings' } },
  hold: { namespace: 'platform', name: 'stop' },
  gateway: undefined,
  access: undefined,
  ipfs: undefined,
  billing: undefined,
  quantum: { ...nqba.quantum, workloads: ['worker'], fallback: { SOLVER: 'local' } },
});

async function install() {
  await on.you.create('/api/v1/namespaces', { metadata: { name: 'q' } });
  await on.you.create('/api/v1/namespaces/q/configmaps', { metadata: { name: 'settings' }, data: { SOLVER: 'remote' } });
  const env = [{ name: 'SOLVER', valueFrom: { configMapKeyRef: { name: 'settings', key: 'SOLVER' } } }];
  await on.you.create('/apis/apps/v1/namespaces/q/deployments', {
    metadata: { name: 'cruncher' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'cruncher' } },
      template: { metadata: { labels: { app: 'cruncher' } }, spec: { containers: [{ name: 'main', image: 'crunch:1', env }] } },
    },
  });
}
