/** Every action of the table is held to laws 1 to 5, and one for each system it writes to, to all of them. `verify` holds all to all. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activityNames, isAction, isPublic } from '../../../workflows/catalog/activities.ts';
import { cases } from './cases/index.ts';
import { heldTo } from './held-to.ts';
import { laws } from './laws/index.ts';

test('every action has a case', () => {
  const actions = activityNames.filter(name => isAction(name) || isPublic(name));
  const missing = actions.filter(name => !cases.some(of => of.name === name));
  assert.deepEqual(missing, [], 'write a case in test/activities/harness/cases, and name it in index.ts');
});

const isFirstOfItsSystem = (index: number) =>
  cases.findIndex(({ to, is }) => to === cases[index]?.to && is === cases[index]?.is) === index;

heldTo(
  cases.flatMap((of, index) =>
    laws
      .filter(({ number }) => number <= 5 || (number <= 10 && isFirstOfItsSystem(index)))
      .map(law => [of, law] satisfies [typeof of, typeof law]),
  ),
  'first',
);
