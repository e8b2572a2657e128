/** An approval covers a plan and what it was given for: measured again right before the write, a contradiction refuses it. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import type { Call, Outcome } from '../../workflows/contract/index.ts';
import { because, done, planned } from './outcomes.ts';
import { at, type Stage, stage } from './stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const close = 'run-1/Recovery/Gradual Rollback: 100%25/1';

type Act = (call: Call) => Promise<Outcome>;

/** The breaker was opened by a Dynex that was down, and is well again. */
async function opened(connected = ['kubernetes', 'dynex', 'api']) {
  const worker = on.worker({ folder: crypto.randomUUID(), connected });
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  await worker.quantum.setFallback({ enabled: true }, { key: open });
  on.set('dynex', 'healthy');
  const former = (await on.writes()).length;
  const closing: Act = call => worker.quantum.setFallback({ enabled: false }, call);
  return { closing, written: async () => (await on.writes()).length - former };
}

const approved = async (act: Act, key: string) => {
  const asked = await act({ key });
  assert.equal(because(asked), 'approval');
  return { key, approved: planned(asked).digest };
};

test('the question says when Dynex was measured; approved after it is down again, nothing is written and people are asked', async () => {
  const { closing, written } = await opened();
  const asked = planned(await closing({ key: close }));
  assert.match(asked.consequences.join('\n'), /Measured at \d{4}-\d\d-\d\dT.*Dynex answered.*Canary: quantum_dynex solved/);
  on.set('dynex', 'down');
  const call = { key: close, approved: asked.digest };
  const refused = await closing(call);
  assert.equal(because(refused), 'moved');
  assert.match(JSON.stringify(refused), /Measured again after the approval: .*HTTP 503 fails.*Nothing was changed/);
  assert.equal(await written(), 0);
  on.set('dynex', 'healthy');
  done(await closing(call));
  assert.equal(await written(), 2);
});

test('what cannot be measured refuses no approval: the question and the receipt say so', async () => {
  const { closing } = await opened(['kubernetes', 'dynex']);
  const asked = planned(await closing({ key: close }));
  assert.match(asked.consequences.join('\n'), /No canary ran: the NQBA API is not connected/);
  const { note } = done(await closing({ key: close, approved: asked.digest }));
  assert.match(note, /Not measured before it: No canary ran: the NQBA API is not connected/);
});

test('a way back whose pods the quota would refuse by now is refused after its approval, with the answer', async () => {
  const { closing, written } = await opened();
  const call = await approved(closing, close);
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '1' } } });
  await assert.rejects(closing(call), { type: 'NotAdmitted', message: /would be refused.*Nothing was changed/ });
  assert.equal(await written(), 0);
});

test('a floor that no longer fits the quota after its approval is planned again', async () => {
  const worker = on.worker({ folder: crypto.randomUUID() });
  const raising: Act = call => worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 5 }, call);
  const call = await approved(raising, 'run-1/a/1');
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '1' } } });
  const former = (await on.writes()).length;
  await assert.rejects(raising(call), { type: 'Refused', message: /Nothing was changed/ });
  assert.equal((await on.writes()).length, former);
});

test('a replica is not given back once the quota has room without it', async () => {
  const worker = on.worker({ folder: crypto.randomUUID() });
  const giving: Act = call => worker.kubernetes.giveBackReplica({ for: ['worker'] }, call);
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '23' } } });
  const call = await approved(giving, 'run-1/a/1');
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '100' } } });
  const former = (await on.writes()).length;
  assert.deepEqual(done(await giving(call)).changes, []);
  assert.equal((await on.writes()).length, former);
});
