/** A new key on a real API server: the canary first, back where it fails, and what was before when it is taken back. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { because, done, planned } from '../activities/outcomes.ts';
import { approved, approvedDone, keysOf, newKey, next, revoked, step } from '../activities/rotation.ts';
import { at, type Stage, stage } from '../activities/stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(async () => {
  await on.reset();
  await on.you.remove(`${at.secrets}/${next}`).catch(() => undefined);
});
after(() => on.stop());

const inTurn = ['nqba-worker', 'nqba-worker-batch', 'nqba-api'];
const former = ['nqba-secrets', 'nqba-secrets', 'nqba-secrets'];

test('it is always planned first: who restarts, in which order, from which Secret to which, and never a value', async () => {
  const { worker, written } = await revoked(on);
  const outcome = await worker.kubernetes.useSecret({ secret: next }, { key: step });
  assert.equal(because(outcome), 'approval');
  const { changes, consequences } = planned(outcome);
  assert.deepEqual(
    changes.map(({ target, before, after }) => [target, before, after]),
    inTurn.map(name => [`Deployment nqba-platform/${name}`, 'nqba-secrets/dynex-api-key', `${next}/dynex-api-key`]),
  );
  assert.match(consequences.join(' '), /One after the other: nqba-worker, nqba-worker-batch, nqba-api\./);
  assert.match(consequences.join(' '), /Restarts nqba-worker: 2 pods, 1 more at a time\..*Jobs in flight on them: \d/);
  assert.ok(!JSON.stringify(outcome).includes(newKey));
  assert.deepEqual(await written(), []);
});

test('approved it reaches the worker first, then batch, then the API, each measured; again it writes nothing; undone all is as before', async () => {
  const { worker, written } = await revoked(on);
  const was = await keysOf(on);
  const { effect, changes, takeBack } = await approvedDone(call => worker.kubernetes.useSecret({ secret: next }, call));
  assert.equal(effect.measured, 'whole', effect.text);
  assert.match(effect.text, /Canary of nqba-worker: quantum_dynex solved the canary\. .*Canary of nqba-worker-batch/);
  assert.equal(changes.length, 3);
  assert.deepEqual(await written(), inTurn);
  const now = await keysOf(on);
  assert.deepEqual(
    [now.secrets, now.records],
    [
      [next, next, next],
      [1, 1, 1],
    ],
  );
  assert.equal((await worker.quantum.dynexKey({})).verdict, 'healthy');

  done(await worker.kubernetes.useSecret({ secret: next }, { key: step }));
  assert.deepEqual(done(await worker.kubernetes.useSecret({ secret: next }, { key: `${step}2` })).changes, []);
  assert.deepEqual(await written(), inTurn);

  assert.ok(takeBack);
  const undo = { key: 'undo-1/Take back/1' };
  done(await worker.kubernetes.takeBack({ takeBack }, undo));
  assert.deepEqual(await keysOf(on), was);
  done(await worker.kubernetes.takeBack({ takeBack }, undo));
  assert.deepEqual(done(await worker.kubernetes.takeBack({ takeBack }, { key: 'undo-2/Take back/1' })).changes, []);
  assert.deepEqual(await written(), [...inTurn, ...inTurn]);
});

test('a canary that fails points the worker back before the next is touched, and a retry is planned again', async () => {
  const { worker, written } = await revoked(on);
  const was = await keysOf(on);
  on.set('dynex', 'mock');
  const failure = {
    type: 'Refused',
    message: /the answer is a mock.*All workloads were switched back/,
    details: [{ nothingDone: true }],
  };
  await assert.rejects(
    approved(call => worker.kubernetes.useSecret({ secret: next }, call)),
    failure,
  );
  assert.deepEqual(await keysOf(on), was);
  assert.deepEqual(await written(), ['nqba-worker', 'nqba-worker']);
  assert.equal(because(await worker.kubernetes.useSecret({ secret: next }, { key: `${step}b` })), 'approval');
});

test('where the second fails the first goes back too, and the third is never touched', async () => {
  const { after, written } = await revoked(on);
  const worker = after(write => {
    if (write === 'nqba-worker-batch') on.set('dynex', 'mock');
  });
  await assert.rejects(
    approved(call => worker.kubernetes.useSecret({ secret: next }, call)),
    { type: 'Refused' },
  );
  assert.deepEqual((await keysOf(on)).secrets, former);
  assert.deepEqual(await written(), ['nqba-worker', 'nqba-worker-batch', 'nqba-worker', 'nqba-worker-batch']);
});

const dies = (at: number) => (_: string, count: number) => {
  if (count === at) throw new Error('SIGKILL');
};

test('a worker that dies after its first write is followed by one that writes only the rest', async () => {
  const { worker, after, written } = await revoked(on);
  await assert.rejects(
    approved(call => after(dies(1)).kubernetes.useSecret({ secret: next }, call)),
    /SIGKILL/,
  );
  done(await worker.kubernetes.useSecret({ secret: next }, { key: step }));
  assert.deepEqual(await written(), inTurn);
});

test('a worker that dies on the way back is followed by one that goes back too', async () => {
  const { worker, after, written } = await revoked(on);
  const { secrets } = await keysOf(on);
  const { digest } = planned(await worker.kubernetes.useSecret({ secret: next }, { key: step }));
  on.set('dynex', 'mock');
  const call = { key: step, approved: digest };
  await assert.rejects(after(dies(2)).kubernetes.useSecret({ secret: next }, call), /SIGKILL/);
  on.set('dynex', 'unauthorised');
  await assert.rejects(worker.kubernetes.useSecret({ secret: next }, call), { type: 'Refused', message: /the answer is a mock/ });
  assert.deepEqual((await keysOf(on)).secrets, secrets);
  assert.deepEqual(await written(), ['nqba-worker', 'nqba-worker']);
});

test('a hold between two workloads stops the next; released, only the rest is done', async () => {
  const { worker, after, written } = await revoked(on);
  const held = after(async write => {
    if (write === 'nqba-worker') await on.you.patch(at.hold, { data: { hold: 'wait' } });
  });
  assert.equal(because(await approved(call => held.kubernetes.useSecret({ secret: next }, call))), 'held');
  assert.deepEqual(await written(), ['nqba-worker']);
  await on.you.patch(at.hold, { data: { hold: null } });
  done(await worker.kubernetes.useSecret({ secret: next }, { key: step }));
  assert.deepEqual(await written(), inTurn);
});

test('a Secret that is not there, not for keys, empty, or whose key Dynex refuses changes nothing, and the message says what to do', async () => {
  const { worker, written } = await revoked(on, 'dnx_expired_1');
  const use = (secret: string) => worker.kubernetes.useSecret({ secret }, { key: `${step} ${secret}` });
  await assert.rejects(use(next), { type: 'Refused', message: /Dynex refuses the key: 403.*Nothing was changed/ });
  await assert.rejects(use('kube-root'), { type: 'BadInput', message: /not for keys. Put the key into one of nqba-secrets,/ });
  const missing = {
    type: 'NotFound',
    message: /kubectl -n nqba-platform create secret generic nqba-secrets-dynex-b --from-file=/,
  };
  await assert.rejects(use('nqba-secrets-dynex-b'), missing);
  await on.you.patch(`${at.secrets}/${next}`, { data: { 'dynex-api-key': '' } });
  await assert.rejects(use(next), { type: 'BadInput', message: /is empty/ });
  assert.deepEqual(await written(), []);
});

test('without the right to read the Secret it is refused, and the right is named', async () => {
  await revoked(on);
  const bob = on.worker({ kubeconfig: on.cluster.kubeconfigs.bob, folder: crypto.randomUUID() });
  const forbidden = { type: 'Forbidden', message: /secrets "nqba-secrets-dynex-a" is forbidden.*Grant the permission/ };
  await assert.rejects(bob.kubernetes.useSecret({ secret: next }, { key: step }), forbidden);
});

test('where the quota refuses the surge of one of them, none is touched', async () => {
  const { worker, written } = await revoked(on);
  await on.you.patch(at.quota, { spec: { hard: { pods: '7' } } });
  await assert.rejects(worker.kubernetes.useSecret({ secret: next }, { key: step }), {
    type: 'NotAdmitted',
    message: /Nothing was changed/,
  });
  assert.deepEqual(await written(), []);
});

test('going back asks where somebody else has pointed a workload elsewhere since', async () => {
  const { worker } = await revoked(on);
  const { takeBack } = await approvedDone(call => worker.kubernetes.useSecret({ secret: next }, call));
  assert.ok(takeBack);
  const env = [{ name: 'DYNEX_API_KEY', valueFrom: { secretKeyRef: { name: 'bobs', key: 'dynex-api-key', optional: true } } }];
  await on.bob.patch(at.batch, { spec: { template: { spec: { containers: [{ name: 'worker', env }] } } } });
  const outcome = await worker.kubernetes.takeBack({ takeBack }, { key: 'undo-1/Take back/1' });
  assert.equal(because(outcome), 'approval');
  assert.match(
    JSON.stringify(outcome),
    /DYNEX_API_KEY of worker of Deployment nqba-platform\/nqba-worker-batch since: .*bobs\/dynex-api-key/,
  );
});

test('the breaker and the key are two records: closing the one leaves the other, and our rollout is nobody’s change', async () => {
  const { worker } = await revoked(on);
  on.set('dynex', 'healthy');
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  done(await worker.quantum.setFallback({ enabled: true }, { key: 'run-7/a/b/1' }));
  on.set('dynex', 'unauthorised');
  await approvedDone(call => worker.kubernetes.useSecret({ secret: next }, call), 'run-7/a/c/1');
  await approvedDone(call => worker.quantum.setFallback({ enabled: false }, call), 'run-7/a/d/1');
  const { secrets, records } = await keysOf(on);
  assert.deepEqual(
    [secrets, records],
    [
      [next, next, next],
      [1, 1, 1],
    ],
  );
  const before = new Date(Date.now() + 1_000).toISOString();
  const { evidence } = await worker.kubernetes.rollouts({ workloads: ['worker', 'api'], before });
  assert.doesNotMatch(evidence, /new pod template|nqba-runbooks changed/);
});

test('a Secret that the workloads use already is no change', async () => {
  const { worker, written } = await revoked(on);
  on.set('dynex', 'healthy');
  const { changes, effect } = done(await worker.kubernetes.useSecret({ secret: 'nqba-secrets' }, { key: step }));
  assert.deepEqual([changes, effect.measured], [[], 'whole']);
  assert.deepEqual(await written(), []);
});
