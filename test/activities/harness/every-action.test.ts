/** The table of activities and the cases of the harness name the same actions. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activityNames, isAction, isPublic } from '../../../workflows/catalog/activities.ts';
import { cases } from './cases/index.ts';

test('every action has a case', () => {
  const actions = activityNames.filter(name => isAction(name) || isPublic(name));
  const missing = actions.filter(name => !cases.some(of => of.name === name));
  assert.deepEqual(missing, [], 'write a case in test/activities/harness/cases, and name it in index.ts');
});
