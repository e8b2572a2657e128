// A search that finds nothing proves nothing: eleven planted bugs, each found within five hundred seeds, by a named invariant.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { hunt } from '../support/simulation/bug.ts';
import { subject } from '../support/simulation/subject.ts';

const bugs = globSync(join(import.meta.dirname, '../support/simulation/bugs/*.patch')).sort();

for (const bug of bugs)
  test(`the planted bug “${basename(bug, '.patch')}” is found`, async () => {
    const hunted = await hunt(bug, await subject());
    assert.equal('found' in hunted, true, JSON.stringify(hunted));
  });
