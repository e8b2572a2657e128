// A plan in the announcement of a question: what it costs first, then what is changed, and how much is not listed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOf } from '../../../workflows/kit/incident/board.ts';
import { aPlan } from '../../support/building.ts';
import { aQuestion } from '../../support/folding.ts';

const field = (name: string) => ({ target: 'Deployment nqba-platform/nqba-worker', field: name, before: '1', after: '2' });

test('consequences come first, then changes, and what is not listed is counted', () => {
  const plan = { ...aPlan(), consequences: ['nqba-worker restarts'], changes: ['a', 'b', 'c', 'd', 'e'].map(field) };
  const shown = askedOf(aQuestion({ plan }), 'x').plan ?? [];
  assert.equal(shown[0], 'nqba-worker restarts');
  assert.deepEqual(
    shown.slice(1, 5),
    ['a', 'b', 'c', 'd'].map(name => `Deployment nqba-platform/nqba-worker ${name}: 1 → 2`),
  );
  assert.match(shown[5] ?? '', /1 more changes/);
  assert.equal(shown.length, 6);
});
