import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aReceipt,
  aTakeBack,
  done,
  effects,
  minutes,
  planned,
  questionOf,
  refused,
  rehearsal,
  stepOf,
} from '../support/rehearsing.ts';

const start = aTakeBack();
const { takeBack: change } = start;
const step = 'Undo: Activate Circuit Breaker';
const takenBack = done(aReceipt({ note: 'QUANTUM_BACKEND is dynex again', takeBack: undefined }));

const takeBack = (answers: unknown, people: Record<string, string | string[]> = {}, more: object = {}) =>
  rehearsal({ type: 'takeBack', args: [start], world: { takeBack: answers }, people, ...more });

test('a change is taken back in one activity, with what its receipt said, and its outcome is what was done', async () => {
  const rehearsed = await takeBack(takenBack);
  assert.deepEqual(effects(rehearsed, 'takeBack')[0]?.args[0], { takeBack: change });
  assert.equal(rehearsed.report.outcome, 'QUANTUM_BACKEND is dynex again');
  assert.equal(rehearsed.report.state, 'closed');
  assert.deepEqual(rehearsed.report.questions, []);
});

test('where somebody changed the object since, it asks; approved, it takes back', async () => {
  const rehearsed = await takeBack([planned('moved'), takenBack], { [step]: 'approve' });
  assert.equal(questionOf(rehearsed.report, step)?.kind, 'plan');
  assert.equal(stepOf(rehearsed.report, step)?.state, 'done');
});

test('where going back is not wanted any more, it is skipped, and nothing is done', async () => {
  const rehearsed = await takeBack([planned('moved'), takenBack], { [step]: 'skip' });
  assert.equal(effects(rehearsed, 'takeBack').length, 1);
  assert.equal(rehearsed.report.outcome, 'skip (ann)');
});

test('nothing left to take back is an end like any other', async () => {
  const nothing = done(aReceipt({ note: 'Nothing left to take back', changes: [], takeBack: undefined }));
  const { report } = await takeBack(nothing);
  assert.equal(report.outcome, 'Nothing left to take back');
  assert.deepEqual(report.steps[0]?.changes, []);
});

test('held, it waits for a release, and plans again', async () => {
  const held = await takeBack([planned('held'), takenBack], {}, { atMost: minutes(600) });
  assert.equal(held.closed, false);
  const messages = [{ after: minutes(30), signal: 'release', args: [{ by: 'bob' }] }];
  const released = await takeBack([planned('held'), takenBack], {}, { messages });
  assert.equal(stepOf(released.report, step)?.state, 'done');
});

test('stuck, it is handed to a person, and may be tried again', async () => {
  const rehearsed = await takeBack([refused('not admitted: exceeded quota', true), takenBack], { [step]: 'retry' });
  assert.equal(stepOf(rehearsed.report, step)?.state, 'done');
});

test('where we observe it says what it would have done', async () => {
  const { report } = await takeBack(planned('observe'));
  assert.equal(stepOf(report, step)?.state, 'would have');
});

test('cancelled while it waits, it ends, and nothing is done', async () => {
  const messages = [{ after: minutes(10), signal: 'cancel', args: [{ by: 'ann' }] }];
  const rehearsed = await takeBack(planned('moved'), {}, { messages });
  assert.equal(stepOf(rehearsed.report, step)?.state, 'withdrawn');
  assert.equal(rehearsed.closed, true);
  assert.equal(effects(rehearsed, 'takeBack').length, 1);
});
