// The long search: two thousand incidents, and each class of fault must have changed a hundred histories.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { search } from '../support/simulation/search.ts';
import { subject } from '../support/simulation/subject.ts';

test('two thousand incidents keep every invariant, and every class of fault changed at least a hundred of them', async () => {
  const found = await search(await subject(), { from: 1, seeds: 2000, least: 100, say: line => console.error(line) });
  assert.deepEqual(found, { violations: [], missing: [] });
});
