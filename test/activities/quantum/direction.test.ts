/** Where too few jobs have started to tell where the workloads send theirs, each is asked by a canary of its own. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { World } from '../../../lab/world.ts';
import { virtualClock } from '../bare.ts';
import { checks } from '../looking.ts';

const since = virtualClock().now() - 2_000;
const onDynex = { solver: 'dynex', fallback: false, since } as const;
const onClassical = { solver: 'classical', fallback: true, since } as const;

const worker = { pod: 'w-1', uid: 'w-1', workload: 'worker' } as const;
const batch = { pod: 'b-1', uid: 'b-1', workload: 'batch' } as const;

const recovered = (running: World['pods']) => checks({ running }).observe.recovered({ of: 'dynex-outage' });

test('a workload whose pods still run jobs elsewhere has not recovered, however well Dynex does', async () => {
  const { verdict, evidence } = await recovered([
    { ...worker, ...onClassical },
    { ...batch, ...onDynex },
  ]);
  assert.equal(verdict, 'faulty', evidence);
  assert.match(evidence, /nqba-worker, asked by a canary for its own solver: classical_dimod solved the canary\./);
});

test('once the canary of each workload runs on Dynex it has', async () => {
  const { verdict, evidence } = await recovered([
    { ...worker, ...onDynex },
    { ...batch, ...onDynex },
  ]);
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /nqba-worker-batch, asked by a canary for its own solver: quantum_dynex solved the canary\./);
});

test('a workload without pods is left out, and named', async () => {
  const { verdict, evidence } = await recovered([{ ...worker, ...onDynex }]);
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /Not checked:.*nqba-worker-batch has no pod/);
});
