/** What showed nowhere is remembered for a day, beside Temporal. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, virtualClock } from './bare.ts';

const hour = 3_600_000;

function memory() {
  const clock = virtualClock();
  const { record } = activitiesWith({}, clock);
  const note = (incident: string, fingerprint = 'a', runbook = 'dynex-outage') =>
    record.noteUnseen({ runbook, fingerprint, incident });
  return { note, pass: (hours: number) => clock.sleep(hours * hour) };
}

test('an alert is counted by its fingerprint, once an incident, for a day', async () => {
  const { note, pass } = memory();
  assert.deepEqual(await note('one'), { times: 1, second: false });
  assert.deepEqual(await note('one'), { times: 1, second: false });
  await pass(2);
  assert.equal((await note('two')).times, 2);
  await pass(2);
  assert.equal((await note('three')).times, 3);
  assert.equal((await note('four', 'b')).times, 1);
  await pass(21);
  assert.equal((await note('five')).times, 3);
  await pass(24);
  assert.equal((await note('six')).times, 1);
});

test('another alert of the runbook is a second one within the hour; the same one again is not, nor one of another runbook', async () => {
  const { note, pass } = memory();
  await note('one');
  assert.equal((await note('two')).second, false);
  assert.equal((await note('three', 'b', 'delayed-jobs')).second, false);
  assert.equal((await note('four', 'b')).second, true);
  await pass(1);
  assert.equal((await note('five', 'c')).second, false);
});

test('incidents that begin at the same moment are all counted', async () => {
  const { note } = memory();
  await Promise.all(['one', 'two', 'three', 'four'].map(incident => note(incident)));
  assert.equal((await note('five')).times, 5);
});
