/** Mistakes that `npm run verify` plants: a patch that no longer applies would be noticed there only. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import test from 'node:test';
import { root } from './support/patched-copy.ts';

const patches = globSync('test/activities/harness/mistakes/*.patch', { cwd: root }).sort();

test('every planted mistake fits the code of today', () => {
  assert.ok(patches.length > 20);
  const broken = patches.filter(patch => {
    const { status } = spawnSync('patch', ['-p1', '--batch', '--dry-run', '-i', patch], { cwd: root });
    return status !== 0;
  });
  assert.deepEqual(broken, []);
});
