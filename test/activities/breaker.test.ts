/** The circuit breaker on a real API server: what was planned is what was written, and it is written once. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { connectAll } from '../../activities/connectors/index.ts';
import { kubernetesFetch } from '../../activities/connectors/kubeconfig.ts';
import { connectKubernetes } from '../../activities/connectors/kubernetes.ts';
import { recordName } from '../../activities/engine/holders.ts';
import { restartStamp } from '../../activities/engine/templates.ts';
import { look } from '../../activities/quantum/breaker/view.ts';
import { metricsText } from '../../worker/metrics.ts';
import type { Outcome } from '../../workflows/contract/index.ts';
import { eventually } from '../support/eventually.ts';
import { at, clock, type Stage, stage } from './stage.ts';
import { done, planned, worldOf } from './outcomes.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const close = 'run-1/Recovery/Gradual Rollback: 100%25/1';
const alone = { connected: ['kubernetes', 'dynex'] };

/** Each test its own artifacts, and a Dynex that was healthy once and is down now. */
async function outage(options: Parameters<Stage['worker']>[0] = alone) {
  const folder = crypto.randomUUID();
  const worker = on.worker({ folder, ...options });
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  const before = (await on.writes()).length;
  return { worker, folder, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
}

const both = ['patch configmaps/nqba-config', 'patch deployments/nqba-worker'];

test('what was planned is what has changed, and who holds it stands on the objects', async () => {
  const { worker, written } = await outage();
  const was = await worldOf(on);
  const plan = planned(await worker.quantum.setFallback({ enabled: true }, { key: open, dryRun: true }));
  assert.deepEqual(await worldOf(on), was);
  const { changes, takeBack } = done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  assert.deepEqual(changes, plan.changes);

  const now = await worldOf(on);
  const fields = plan.changes.filter(({ target }) => target === 'ConfigMap nqba-platform/nqba-config');
  assert.deepEqual(now.data, { ...was.data, ...Object.fromEntries(fields.map(({ field, after }) => [field, after])) });
  assert.deepEqual(now.templates, was.templates);
  assert.equal(now.stamps.worker, open);
  assert.equal(now.stamps.batch, undefined);
  assert.deepEqual(takeBack, {
    action: 'setFallback',
    key: open,
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
    words: 'Every quantum job runs on a classical solver.',
  });
  const record = JSON.parse((await on.you.get(at.config)).metadata.annotations[recordName(open)] ?? '');
  assert.deepEqual([record.incident, record.key, record.before.QUANTUM_BACKEND], ['run-1', open, 'dynex']);
  assert.equal(record.before.FALLBACK_SOLVER, null);
  assert.deepEqual(await written(), both);
});

test('the effect is measured on the jobs: the workload that did not move is named, and why', async () => {
  const { worker } = await outage({});
  const { effect } = done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  assert.equal(effect.measured, 'part');
  assert.match(effect.text, /\d+ of \d+ jobs started since ran on classical_dimod/);
  assert.match(effect.text, /nqba-worker-batch did not move: it does not read ConfigMap nqba-platform\/nqba-config/);
});

test('where nothing can be measured nothing is claimed: no effect, and why', async () => {
  const { worker } = await outage();
  const { effect } = done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  assert.equal(effect.measured, 'none');
  assert.match(effect.text, /^Nothing could be measured, so the step does not count as done\. No job was seen to start since\./);
  assert.match(
    effect.text,
    /nqba-worker could not be measured\. Prometheus is not connected\. No canary: the NQBA API is not connected/,
  );
});

test('the same key and another key of the incident write nothing more', async () => {
  const { worker, written } = await outage();
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  const again = done(await worker.quantum.setFallback({ enabled: true }, { key: `${open}2` }));
  assert.deepEqual(again.changes, []);
  assert.deepEqual(await written(), both);
});

test('one key for two different things is an error', async () => {
  const { worker } = await outage();
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  await assert.rejects(worker.quantum.setFallback({ enabled: false }, { key: open }), { type: 'BadInput' });
});

test('closing asks, and gives back exactly what was before', async () => {
  const { worker } = await outage();
  const was = await worldOf(on);
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  on.set('dynex', 'healthy');
  const asked = await worker.quantum.setFallback({ enabled: false }, { key: close });
  assert.equal('planned' in asked && asked.because.reason, 'approval');
  done(await worker.quantum.setFallback({ enabled: false }, { key: close, approved: planned(asked).digest }));
  const { stamps, ...now } = await worldOf(on);
  assert.deepEqual({ ...now, stamps: {} }, { ...was, stamps: {} });
  assert.equal(stamps.worker, close);
});

test("an autoscaler's step does not kill an approval, a changed image does, and the new plan is asked", async () => {
  const { worker, written } = await outage();
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  on.set('dynex', 'healthy');
  const { digest } = planned(await worker.quantum.setFallback({ enabled: false }, { key: close }));
  await on.bob.patch(at.worker, { spec: { replicas: 3 } });
  assert.equal(planned(await worker.quantum.setFallback({ enabled: false }, { key: close })).digest, digest);

  await on.bob.patch(at.worker, image('nqba/worker:2'));
  const moved = await worker.quantum.setFallback({ enabled: false }, { key: close, approved: digest });
  assert.equal('planned' in moved && moved.because.reason, 'moved');
  assert.notEqual(planned(moved).digest, digest);
  assert.deepEqual(await written(), both);
  done(await worker.quantum.setFallback({ enabled: false }, { key: close, approved: planned(moved).digest }));
  assert.deepEqual(await written(), [...both, ...both]);
});

test('two incidents on one setting: the last to let go restores it', async () => {
  const { worker } = await outage();
  const was = await worldOf(on);
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  await worker.quantum.setFallback({ enabled: true }, { key: 'run-2/a/b/1' });
  on.set('dynex', 'healthy');
  await approved(key => worker.quantum.setFallback({ enabled: false }, key), close);
  assert.equal((await worldOf(on)).data.QUANTUM_BACKEND, 'classical');
  await approved(key => worker.quantum.setFallback({ enabled: false }, key), 'run-2/a/c/1');
  const { stamps: _, ...now } = await worldOf(on);
  assert.deepEqual({ ...now, stamps: {} }, { ...was, stamps: {} });
});

test('set by hand without a restart: the pods are restarted, nothing is recorded, and going back is left to people', async () => {
  const { worker, written } = await outage();
  await eventually(changedAfterTheirStart);
  const { takeBack } = done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  assert.equal(takeBack, undefined);
  assert.deepEqual(await written(), ['patch deployments/nqba-worker']);
  await assert.rejects(worker.quantum.setFallback({ enabled: false }, { key: 'run-3/a/b/1' }), {
    type: 'Refused',
    message: /by hand/,
  });
});

/** Kubernetes tells time in seconds: sets it until the change is seen to be later than the pods. */
async function changedAfterTheirStart() {
  const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
  await on.bob.patch(at.config, { data: { ...on.platform.quantum.fallback, LOG_LEVEL: String(Date.now()) } });
  const { configMap, workloads } = await look(kubernetes, on.platform);
  const changed = configMap.metadata.managedFields.map(({ time = '' }) => Date.parse(time));
  const born = workloads.flatMap(({ pods }) => pods).map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
  assert.ok(Math.max(...changed) > Math.max(...born));
}

const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'worker', image: name }] } } } });

/** People approve what they are shown. */
async function approved(act: (call: { key: string; approved?: string }) => Promise<Outcome>, key: string) {
  return done(await act({ key, approved: planned(await act({ key })).digest }));
}

test('restart stamps are the only trace in the pod template', async () => {
  const { worker } = await outage();
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  const { spec } = await on.you.get(at.worker);
  assert.match(JSON.stringify(spec?.template), new RegExp(`"annotations":\\{"${restartStamp}":"run-1/`));
});

test("a colleague's change shows in the review of recent changes, our own restart does not", async () => {
  const { worker } = await outage();
  await on.bob.patch(at.worker, image('nqba/worker:3'));
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  const before = new Date(Date.now() + 1_000).toISOString();
  const { verdict, facts } = await worker.kubernetes.rollouts({ workloads: ['worker', 'batch'], before });
  assert.deepEqual([verdict, facts?.change?.who], ['faulty', 'bob']);
  assert.equal(facts?.change?.what, 'Deployment nqba-platform/nqba-worker: image');
});

test('Prometheus reads whether our breaker is in effect, and nothing of a cluster that cannot be read', async () => {
  const { worker } = await outage();
  const kubernetes = { fetch: kubernetesFetch({ kubeconfig: on.cluster.kubeconfigs.worker }, Date.now) };
  const systems = connectAll({ artifacts: { folder: 'never written' }, kubernetes }, clock);
  const read = () => metricsText({ systems, platform: on.platform });
  assert.match(await read(), /^nqba_runbooks_mitigation_active\{kind="quantum-fallback"\} 0$/m);
  done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  assert.match(await read(), /^nqba_runbooks_mitigation_active\{kind="quantum-fallback"\} 1$/m);
  assert.doesNotMatch(
    await metricsText({ systems: { artifacts: systems.artifacts }, platform: on.platform }),
    /kind="quantum-fallback"/,
  );
});
