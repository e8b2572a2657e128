/** What the compiler refuses in the table of activities, and what the house reads from it. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Activities } from '../../../activities/index.ts';
import type { activities, CorroboratingCheck, RecoveryCheck } from '../../../workflows/catalog/activities.ts';
import type { RowsFor } from '../../../workflows/catalog/activity-rows.ts';
import { activityNames, isAction, isMessage, takes } from '../../../workflows/catalog/activities.ts';
import type { Corroboration } from '../../../workflows/catalog/corroboration.ts';
import type { Call, Outcome } from '../../../workflows/contract/index.ts';
import { nobody } from '../../../activities/people.ts';
import { recipientsOf } from '../../../worker/rehearsal/recipients.ts';
import { aPlatform } from '../../activities/bare.ts';

type Table = typeof activities;
type Without<A, N extends keyof A> = { [K in keyof A as K extends N ? never : K]: A[K] };

/** Whether a table of these rows compiles for these activities. */
type Compiles<A, Rows> = Rows extends RowsFor<A> ? (Exclude<keyof Rows, keyof RowsFor<A>> extends never ? true : false) : false;

test('the table compiles only with a row for each activity, of its kind, and no other', () => {
  interface OneMore extends Activities {
    workloads: { restartAll: (input: object, call: Call) => Promise<Outcome> };
  }
  const asItStands: Compiles<Activities, Table> = true;
  const activityWithoutRow: Compiles<OneMore, Table> = false;
  const rowWithoutActivity: Compiles<Without<Activities, 'oncall'>, Table> = false;
  const rowMissing: Compiles<Activities, Without<Table, 'useSecret'>> = false;
  const actionAsCheck: Compiles<Activities, Without<Table, 'useSecret'> & { useSecret: { is: 'check' } }> = false;
  const checkAsAction: Compiles<Activities, Without<Table, 'jobs'> & { jobs: { is: 'action'; takes: 'short' } }> = false;
  const actionWithoutTime: Compiles<Activities, Without<Table, 'useSecret'> & { useSecret: { is: 'action' } }> = false;
  assert.equal(asItStands, true);
  for (const refused of [activityWithoutRow, rowWithoutActivity, rowMissing, actionAsCheck, checkAsAction, actionWithoutTime])
    assert.equal(refused, false);
});

test('the catalog names only checks that may corroborate or end an incident, with their own input', () => {
  type Is<T, U> = T extends U ? true : false;
  const ofItself: Is<{ check: 'probe'; input: { url: 'api' } }, Corroboration> = true;
  const inputOfAnother: Is<{ check: 'probe'; input: { solver: 'dynex' } }, Corroboration> = false;
  const noCorroboration: Is<'secret', CorroboratingCheck> = false;
  const noRecovery: Is<'page', RecoveryCheck> = false;
  assert.deepEqual([ofItself, inputOfAnother, noCorroboration, noRecovery], [true, false, false, false]);
});

test('every action is given the time to wait for pods, as each measures what it changed', () => {
  assert.deepEqual(
    activityNames.filter(type => isAction(type) && takes(type) === 'short'),
    [],
  );
});

test('a check that tries writes, or reads a hundred pages, has the time that they take', () => {
  assert.deepEqual(
    activityNames.filter(type => takes(type) === 'long look'),
    ['jobOwners', 'saveManifests'],
  );
});

test('a rehearsal knows who each message reaches', () => {
  const reach = { platform: aPlatform, onCall: nobody };
  for (const type of activityNames.filter(isMessage)) {
    const reached = recipientsOf(reach, {
      type,
      input: { roles: ['primary'], component: 'quantum' },
      at: '2026-11-24T03:00:00Z',
    });
    assert.equal(reached.length, 1, type);
  }
  assert.deepEqual(recipientsOf(reach, { type: 'setFallback', input: {}, at: '2026-11-24T03:00:00Z' }), []);
});
