// A hundred incidents with seeded faults: every invariant, after every workflow task. `npm run verify` searches 2,000.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { search } from './support/simulation/search.ts';
import { subject } from './support/simulation/subject.ts';

test('a hundred incidents with lost replies, crashes, roll-overs, silent and contradictory people keep every invariant', async () => {
  const said: string[] = [];
  const { violations } = await search(await subject(), { from: 1, seeds: 100, least: 0, say: line => said.push(line) });
  assert.deepEqual(violations, [], said.join('\n'));
});
