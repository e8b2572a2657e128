// A search that finds nothing proves nothing: each planted bug is found within five hundred seeds, by a named invariant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunt } from '../support/simulation/bug.ts';
import { planted } from '../support/simulation/planted.ts';
import { subject } from '../support/simulation/subject.ts';

for (const bug of Object.keys(planted))
  test(`the planted bug “${bug}” is found`, async () => {
    const hunted = await hunt(bug, await subject());
    assert.equal('found' in hunted, true, JSON.stringify(hunted));
  });
