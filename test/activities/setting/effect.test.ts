/** Green is only what was measured, whole. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { effectOf, type Measured } from '../../../activities/setting/effect.ts';

const solver = 'classical_dimod';
const asked = { solver, excuses: new Map([['batch', 'it does not read the setting']]), remarks: [] };
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
  assert.equal(measured(workload('worker', 0, 0)), 'part');
});

test('none when whatever was seen did not move', () => {
  assert.equal(measured(workload('worker', 0, 7), workload('batch', 0, 2)), 'none');
  assert.equal(measured(workload('worker', 0, 0, { canary: 'quantum_dynex' })), 'none');
  assert.equal(measured(workload('worker', 0, 7), workload('batch', 0, 0)), 'none');
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
