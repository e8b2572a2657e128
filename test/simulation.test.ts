// A hundred incidents with seeded faults: every invariant, after every workflow task. `npm run verify` searches 2,000.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { search } from './support/simulation/search.ts';
import { simulate } from './support/simulation/simulate.ts';
import { subject } from './support/simulation/subject.ts';

test('a hundred incidents with lost replies, crashes, roll-overs, silent and contradictory people keep every invariant', async () => {
  const said: string[] = [];
  const { violations } = await search(await subject(), { from: 1, seeds: 100, least: 0, say: line => said.push(line) });
  assert.deepEqual(violations, [], said.join('\n'));
});

test('every branch is gone through by an incident that is forgotten and replayed after every task', async () => {
  const simulated = await subject();
  const branches = new Set([
    'Dynex Platform Issue',
    'Network/Configuration Issue',
    'Authentication Issue',
    'none of these (I will fix it manually)',
  ]);
  for (let seed = 1; branches.size > 0 && seed <= 200; seed += 1) {
    const { causes } = await simulate(simulated, seed);
    if (!causes.some(cause => branches.has(cause))) continue;
    const { violation } = await simulate(simulated, seed, { evictEvery: 1 });
    assert.equal(violation, undefined);
    for (const cause of causes) branches.delete(cause);
  }
  assert.deepEqual([...branches], []);
});

test('eleven bugs are planted, and can be', () => {
  const root = join(import.meta.dirname, '..');
  const patches = globSync('test/support/simulation/bugs/*.patch', { cwd: root });
  const broken = patches.filter(
    file => spawnSync('patch', ['-p1', '--dry-run', '--batch', '-i', file], { cwd: root }).status !== 0,
  );
  assert.deepEqual([patches.length, broken], [11, []]);
});
