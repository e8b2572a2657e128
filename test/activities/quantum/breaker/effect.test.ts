/** Green is only what was measured, whole. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { effectOf, haveMoved, type Measured } from '../../../../activities/quantum/breaker/effect.ts';

const solver = 'classical_dimod';
const share = { from: 0, to: 1, within: 0 };
const asked = { solver, share, atLeast: 5, excuses: new Map([['batch', 'it does not read the setting']]), remarks: [] };
const workload = (name: string, wanted: number, all: number, more: Partial<Measured> = {}): Measured => ({
  role: name,
  name,
  pods: 1,
  counted: { wanted, all },
  solvers: [...(wanted > 0 ? [solver] : []), ...(all > wanted ? ['quantum_dynex'] : [])],
  ...more,
});
const measured = (...workloads: Measured[]) => effectOf(workloads, asked).measured;

test('whole when every workload was seen and all its jobs moved', () => {
  assert.equal(measured(workload('worker', 7, 7), workload('batch', 2, 2)), 'whole');
  assert.equal(measured(workload('worker', 7, 7), workload('batch', 0, 0, { canary: solver })), 'whole');
  assert.equal(measured(workload('worker', 7, 7), workload('batch', 0, 0, { pods: 0 })), 'whole');
});

test('part when a workload did not move, moved in part, or could not be measured', () => {
  assert.equal(measured(workload('worker', 7, 7), workload('batch', 0, 2)), 'part');
  assert.equal(measured(workload('worker', 3, 7)), 'part');
  assert.equal(measured(workload('worker', 7, 7), workload('batch', 0, 0)), 'part');
});

test('none when whatever was seen did not move', () => {
  assert.equal(measured(workload('worker', 0, 7), workload('batch', 0, 2)), 'none');
  assert.equal(measured(workload('worker', 0, 0, { canary: 'quantum_dynex' })), 'none');
  assert.equal(measured(workload('worker', 0, 7), workload('batch', 0, 0)), 'none');
});

test('fewer jobs than count as a measurement prove nothing by themselves, and weigh beside a canary', () => {
  assert.equal(measured(workload('worker', 2, 2), workload('batch', 1, 1)), 'none');
  assert.equal(measured(workload('worker', 2, 2, { canary: solver }), workload('batch', 1, 1, { canary: solver })), 'whole');
  assert.equal(measured(workload('worker', 1, 2, { canary: solver })), 'part');
  assert.equal(measured(workload('worker', 0, 2, { canary: 'quantum_dynex' })), 'none');
});

test('what could not be measured at all is never green or amber, and says that it was not measured', () => {
  const remark = 'No canary: the NQBA API is not connected.';
  const { measured, text } = effectOf([workload('worker', 2, 2, { remark }), workload('batch', 0, 0, { pods: 0 })], asked);
  assert.equal(measured, 'none');
  assert.equal(
    text,
    'Nothing could be measured, so the step does not count as done. 2 of 2 jobs started since ran on classical_dimod: fewer than 5 are too few to judge by. worker could not be measured. No canary: the NQBA API is not connected. batch has no pods.',
  );
  assert.match(
    effectOf([workload('worker', 0, 0, { pods: 0 })], asked).text,
    /^Nothing could be measured.* worker has no pods\.$/,
  );
});

test('the sentence has the numbers, rounded down, and the reason', () => {
  const { text } = effectOf([workload('worker', 5, 5), workload('batch', 0, 1)], asked);
  assert.equal(
    text,
    '5 of 6 jobs started since ran on classical_dimod (83%). batch did not move: it does not read the setting; 1 of its 1 jobs ran on quantum_dynex.',
  );
});

test('a rollout that did not complete is never green', () => {
  const remarks = ['The rollout of worker is not complete.'];
  const { measured, text } = effectOf([workload('worker', 7, 7)], { ...asked, remarks });
  assert.equal(measured, 'part');
  assert.match(text, /not complete/);
});

const at = (wanted: number, all: number, target: Partial<typeof share>) =>
  effectOf([workload('worker', wanted, all)], { ...asked, share: { from: 0.1, to: 0.25, within: 0.05, ...target } });

test('a share is whole within five points of what is wanted, and says what that is', () => {
  assert.deepEqual(
    [20, 25, 30].map(wanted => at(wanted, 100, {}).measured),
    ['whole', 'whole', 'whole'],
  );
  assert.equal(at(22, 100, {}).text, '22 of 100 jobs started since ran on classical_dimod (22%, 25% wanted).');
});

test('a share that has left where it was is part, and one that has not is none', () => {
  assert.deepEqual([at(18, 100, {}).measured, at(40, 100, {}).measured], ['part', 'part']);
  assert.equal(at(12, 100, {}).measured, 'none');
  assert.equal(at(26, 100, { from: 0.25, to: 0 }).measured, 'none');
  assert.equal(at(3, 100, { from: 0.25, to: 0 }).measured, 'whole');
});

test('nothing is left to wait for when every workload that can move has', () => {
  const ask = { ...asked, share: { from: 0, to: 1, within: 0.05 } };
  assert.equal(haveMoved([workload('worker', 19, 20), workload('batch', 0, 9)], ask), true);
  assert.equal(haveMoved([workload('worker', 18, 20), workload('batch', 0, 9)], ask), false);
  assert.equal(haveMoved([workload('worker', 4, 4)], ask), false);
});
