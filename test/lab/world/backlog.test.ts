// The practice queue: it grows while more jobs come in than pods take, and more pods drain it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { backlogAt } from '../../../lab/world/backlog.ts';
import type { PodRecord, World } from '../../../lab/world.ts';
import type { StateChange } from '../../../lab/world/systems.ts';

const pod = (name: string, since = 0): PodRecord => ({
  pod: name,
  uid: name,
  workload: 'worker',
  solver: 'dynex',
  fallback: false,
  since,
});
const changed = (state: StateChange['state'], from: number): StateChange => ({ system: 'api', state, from });
const two = [pod('a'), pod('b')];
const busy: World = { pods: two, systems: [changed('busy', 100_000)] };
const depthAt = (world: World, at: number) => backlogAt(world, at).depth;

test('twice as many come in as the pods take: two more wait each second, in the order in which they came', () => {
  assert.deepEqual([depthAt({ ...busy, systems: [] }, 200_000), depthAt(busy, 100_000), depthAt(busy, 160_000)], [0, 0, 120]);
  const { cameAt } = backlogAt(busy, 160_000);
  assert.deepEqual([cameAt(0), cameAt(119)].map(Math.round), [130_000, 159_750]);
});

test('more pods than jobs come in drain it; when fewer come in it stays as it is, until more take them', () => {
  const scaled = { ...busy, pods: [...two, pod('c', 160_000), pod('d', 160_000), pod('e', 160_000), pod('f', 160_000)] };
  assert.deepEqual([depthAt(scaled, 190_000), depthAt(scaled, 230_000)], [60, 0]);
  const over = { ...busy, systems: [...busy.systems, changed('healthy', 160_000)] };
  assert.equal(depthAt(over, 400_000), 120);
});
