// The table of shipped activities: the page is made from it, and what it says of actions is what they do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { isMeantToStay } from '../activities/index.ts';
import { shownActivities } from '../client/cli/activities.ts';
import { activitiesPage, page, rewrite } from './activities-page.ts';

test('the page has the table of today', () => {
  assert.equal(readFileSync(page, 'utf8'), activitiesPage(), `Type: ${rewrite}`);
});

test('an action that outlasts its incident says so, and no other', () => {
  for (const { name, undo = '' } of shownActivities())
    assert.equal(/ stays until (people decide|its end)$/.test(undo), isMeantToStay(name.split('.')[1] ?? ''), name);
});

test('only what changes something has a way back, and every action says what it is', () => {
  for (const { name, is, undo } of shownActivities()) {
    if (is === 'check') assert.equal(undo, undefined, name);
    if (is === 'action') assert.notEqual(undo, undefined, name);
  }
});
