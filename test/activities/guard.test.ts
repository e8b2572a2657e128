/** What stops a change, when it stops it, and how it goes on: hold, observe, approval, and a worker that dies between two writes. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { type Kubernetes, connectKubernetes, type Named, type Patch } from '../../activities/connectors/kubernetes.ts';
import type { Resource } from '../../activities/connectors/resources.ts';
import { judge, slugOf } from '../../activities/guard.ts';
import { because, done, planned, worldOf } from './outcomes.ts';
import { at, clock, type Stage, stage } from './stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const close = 'run-1/Recovery/Gradual Rollback/1';
const configPatch = 'patch configmaps/nqba-config';
const restart = 'patch deployments/nqba-worker';

async function outage(options: Parameters<Stage['worker']>[0] = {}) {
  const folder = options.folder ?? crypto.randomUUID();
  const with_ = (more: Parameters<Stage['worker']>[0] = {}) =>
    on.worker({ folder, connected: ['kubernetes', 'dynex'], ...options, ...more });
  await with_().quantum.probeDynex({});
  on.set('dynex', 'down');
  const before = (await on.writes()).length;
  return { worker: with_, folder, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
}

/** Kubernetes as our worker has it, but something happens right after a write. */
function after1st(what: (write: string) => Promise<void>): { kubernetes: Kubernetes } {
  const real = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  return {
    kubernetes: {
      ...real,
      async patch<T>(resource: Resource<T>, object: Named, patch: Patch) {
        const answer = await real.patch(resource, object, patch);
        if (!patch.dryRun) await what(`patch ${resource.plural}/${object.name}`);
        return answer;
      },
    },
  };
}

const hold = (data: Record<string, string | null>) => on.you.patch(at.hold, { data });
const dies = (after: string) => async (write: string) => {
  if (write === after) throw new Error('SIGKILL');
};

for (const [name, data] of [
  ['everything', { hold: 'deploy freeze' }],
  ['this incident', { 'hold.run-1': 'wait for me' }],
] as const)
  test(`a hold on ${name} is found before the first write, and says why`, async () => {
    const { worker, written } = await outage();
    await hold(data);
    const outcome = await worker().quantum.setFallback({ enabled: true }, { key: open });
    assert.equal(because(outcome), 'held');
    assert.match(JSON.stringify(outcome), /deploy freeze|wait for me/);
    assert.deepEqual(await written(), []);
  });

test('a hold on another incident stops nothing', async () => {
  const { worker } = await outage();
  await hold({ 'hold.run-2': 'not this one' });
  done(await worker().quantum.setFallback({ enabled: true }, { key: open }));
});

test('without its ConfigMap everything is held', async () => {
  const { worker, written } = await outage();
  await on.you.remove(at.hold);
  assert.equal(because(await worker().quantum.setFallback({ enabled: true }, { key: open })), 'held');
  assert.deepEqual(await written(), []);
});

test('a hold between the two writes stops the second; released, only that one is done', async () => {
  const { worker, written } = await outage();
  const systems = after1st(async write => {
    if (write === configPatch) await hold({ hold: 'stop' });
  });
  const stopped = await worker({ systems }).quantum.setFallback({ enabled: true }, { key: open });
  assert.equal(because(stopped), 'held');
  assert.deepEqual(await written(), [configPatch]);
  assert.equal(because(await worker().quantum.setFallback({ enabled: true }, { key: open })), 'held');
  await hold({ hold: null });
  done(await worker().quantum.setFallback({ enabled: true }, { key: open }));
  assert.deepEqual(await written(), [configPatch, restart]);
});

test('a runbook that is not armed only says what it would have done', async () => {
  const { worker, written } = await outage({ workflowType: 'ipfsPinFailures' });
  const outcome = await worker().quantum.setFallback({ enabled: true }, { key: open });
  assert.equal(because(outcome), 'observe');
  assert.equal(planned(outcome).changes.length, 5);
  assert.deepEqual(await written(), []);
});

test('a runbook that was disarmed meanwhile still restores what it has changed, and changes nothing else', async () => {
  const { worker, written } = await outage();
  done(await worker().quantum.setFallback({ enabled: true }, { key: open }));
  on.set('dynex', 'healthy');
  await hold({ 'mode.dynex-outage': 'observe' });
  const asked = await worker().quantum.setFallback({ enabled: false }, { key: close });
  assert.equal(because(asked), 'approval', 'people are asked, as they would be armed');
  done(await worker().quantum.setFallback({ enabled: false }, { key: close, approved: planned(asked).digest }));
  assert.deepEqual(await written(), [configPatch, restart, configPatch, restart]);
  on.set('dynex', 'down');
  assert.equal(because(await worker().quantum.setFallback({ enabled: true }, { key: `${open}b` })), 'observe');
});

test('a worker that dies between the writes: the next one does what is missing, once', async () => {
  const { worker, written } = await outage();
  const dying = worker({ systems: after1st(dies(configPatch)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: true }, { key: open }), /SIGKILL/);
  const { changes } = done(await worker().quantum.setFallback({ enabled: true }, { key: open }));
  assert.equal(changes.length, 5, 'the receipt tells all that this key has changed');
  assert.deepEqual(await written(), [configPatch, restart]);
});

test('what goes on after an interruption is admitted again: refused, nothing restarts, and a retry does what is missing', async () => {
  const { worker, written } = await outage();
  const remedialActions = [{ title: 'Give back a replica', type: 'giveBackReplica', input: { for: ['worker'] } }];
  const dying = worker({ systems: after1st(dies(configPatch)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: true }, { key: open }), /SIGKILL/);
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '23' } } });
  await assert.rejects(worker().quantum.setFallback({ enabled: true }, { key: open }), {
    type: 'NotAdmitted',
    message: /nqba-worker would be refused.*What was changed before stays, and nothing restarts/,
    details: [{ nothingDone: false, remedialActions }],
  });
  assert.deepEqual(await written(), [configPatch]);
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '100' } } });
  done(await worker().quantum.setFallback({ enabled: true }, { key: open }));
  assert.deepEqual(await written(), [configPatch, restart]);
});

test('a rollout that has begun is not asked about again', async () => {
  const { worker, written } = await outage();
  const dying = worker({ systems: after1st(dies(restart)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: true }, { key: open }), /SIGKILL/);
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '1' } } });
  const pods: string[] = [];
  const real = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  const watched: Kubernetes = {
    ...real,
    async tryCreate(resource, namespace, body) {
      pods.push(namespace);
      return real.tryCreate(resource, namespace, body);
    },
  };
  done(await worker({ systems: { kubernetes: watched } }).quantum.setFallback({ enabled: true }, { key: open }));
  assert.deepEqual(pods, []);
  assert.deepEqual(await written(), [configPatch, restart]);
});

test('a worker that dies after the restart: the rollout is not begun again', async () => {
  const { worker, written } = await outage();
  const dying = worker({ systems: after1st(dies(restart)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: true }, { key: open }), /SIGKILL/);
  done(await worker().quantum.setFallback({ enabled: true }, { key: open }));
  assert.deepEqual(await written(), [configPatch, restart]);
});

test('even with the artifact store lost, an opening that was begun is finished', async () => {
  const { worker, written } = await outage();
  const dying = worker({ systems: after1st(dies(configPatch)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: true }, { key: open }), /SIGKILL/);
  const elsewhere = on.worker({ folder: crypto.randomUUID(), connected: ['kubernetes'] });
  const { digest } = planned(await elsewhere.quantum.setFallback({ enabled: true }, { key: open }));
  done(await elsewhere.quantum.setFallback({ enabled: true }, { key: open, approved: digest }));
  assert.deepEqual(await written(), [configPatch, restart]);
});

test('an approved way back that was begun is finished without asking again', async () => {
  const { worker, written } = await outage();
  const was = await worldOf(on);
  await worker().quantum.setFallback({ enabled: true }, { key: open });
  on.set('dynex', 'healthy');
  const approved = planned(await worker().quantum.setFallback({ enabled: false }, { key: close })).digest;
  const dying = worker({ systems: after1st(dies(configPatch)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: false }, { key: close, approved }), /SIGKILL/);
  done(await worker().quantum.setFallback({ enabled: false }, { key: close, approved }));
  assert.deepEqual(await written(), [configPatch, restart, configPatch, restart]);
  const { stamps: _, ...now } = await worldOf(on);
  assert.deepEqual({ ...now, stamps: {} }, { ...was, stamps: {} });
});

test('with the artifact store lost, the rest of a way back is asked again, and then done', async () => {
  const { worker, written } = await outage();
  await worker().quantum.setFallback({ enabled: true }, { key: open });
  on.set('dynex', 'healthy');
  const approved = planned(await worker().quantum.setFallback({ enabled: false }, { key: close })).digest;
  const dying = worker({ systems: after1st(dies(configPatch)) });
  await assert.rejects(dying.quantum.setFallback({ enabled: false }, { key: close, approved }), /SIGKILL/);
  const elsewhere = on.worker({ folder: crypto.randomUUID(), connected: ['kubernetes'] });
  const rest = await elsewhere.quantum.setFallback({ enabled: false }, { key: close, approved });
  assert.equal(because(rest), 'moved');
  assert.deepEqual(
    planned(rest).changes.map(({ field }) => field),
    ['restartedAt'],
  );
  done(await elsewhere.quantum.setFallback({ enabled: false }, { key: close, approved: planned(rest).digest }));
  assert.deepEqual(await written(), [configPatch, restart, configPatch, restart]);
});

test('a Dynex that answers, or was never seen healthy, is not cut off without a person', async () => {
  const { worker, written } = await outage();
  on.set('dynex', 'healthy');
  const healthy = await worker().quantum.setFallback({ enabled: true }, { key: open });
  assert.equal(because(healthy), 'not confirmed');
  assert.match(
    JSON.stringify(healthy),
    /Dynex answers and accepts the key, so there may be nothing to fix: .*Dynex accepts the key/,
  );
  on.set('dynex', 'down');
  const never = await worker({ folder: crypto.randomUUID() }).quantum.setFallback({ enabled: true }, { key: open });
  assert.equal(because(never), 'not confirmed');
  assert.match(JSON.stringify(never), /has never been healthy on this installation/);
  assert.deepEqual(await written(), []);
  done(await worker().quantum.setFallback({ enabled: true }, { key: open, approved: planned(never).digest }));
});

test('a key that is refused is told as what it is, and asks', async () => {
  const { worker, written } = await outage();
  const asked = async () => {
    const outcome = await worker().quantum.setFallback({ enabled: true }, { key: open });
    assert.equal(because(outcome), 'not confirmed');
    return 'planned' in outcome ? outcome.because.text : '';
  };
  on.set('dynex', 'unauthorised');
  assert.match(
    await asked(),
    /^The probe without a key succeeds; whether the key is accepted is not known: .*refuses the key: 403/,
  );
  on.set('dynex', 'healthy');
  await worker().quantum.dynexKey({});
  on.set('dynex', 'unauthorised');
  assert.match(await asked(), /^The key fails, while the probe without a key succeeds: .*Dynex refuses the key: 403/);
  assert.deepEqual(await written(), []);
});

test('a hold comes before a mode, and an unknown mode is observe', () => {
  const authority = { incidents: ['run-1'], runbook: slugOf('dynexOutage') };
  assert.equal(judge({ 'mode.dynex-outage': 'supervised' }, authority), undefined);
  assert.equal(judge({ 'mode.dynex-outage': 'Supervised' }, authority)?.reason, 'observe');
  assert.equal(judge({ hold: 'x', 'mode.dynex-outage': 'supervised' }, authority)?.reason, 'held');
  assert.equal(judge({ hold: '' }, { incidents: ['run-1'] }), undefined);
});
