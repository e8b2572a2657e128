// A list goes from the check that froze it to the action that works through it, by its name and in one round.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { done, effects, finding, questionOf, stepOf } from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const frozen = (digest: string) => ({ ...finding('faulty'), frozen: { name: 'stuck pods', digest, count: 2 } });
const title = 'Restart stuck workers';
const cause = 'Dynex Platform Issue';

test('an action is given the list that its name stands for', async () => {
  const world = { pods: frozen('d1'), deletePods: done() };
  const rehearsed = await trial('listing', { world, people: { 'What is the cause?': cause } });
  assert.deepEqual(
    effects(rehearsed, 'deletePods').map(({ args }) => args[0]),
    [{ list: { name: 'stuck pods', digest: 'd1', count: 2 } }],
  );
  assert.equal(stepOf(rehearsed.report, title)?.state, 'done');
});

test('a second round takes the list of its own check, never the one before', async () => {
  const world = {
    pods: [frozen('d1'), frozen('d2')],
    deletePods: done(),
    jobs: [finding('faulty'), finding('healthy')],
  };
  const rehearsed = await trial('listing', { world, people: { 'What is the cause?': [cause, cause] } });
  const taken = effects(rehearsed, 'deletePods').map(({ args }) => /"digest":"(\w+)"/.exec(JSON.stringify(args[0]))?.[1]);
  assert.deepEqual(taken, ['d1', 'd2']);
});

test('where the check of this round froze nothing the step is stuck, and names the check to repeat', async () => {
  const world = { pods: [frozen('d1'), finding('unknown')], deletePods: done(), jobs: [finding('faulty'), finding('healthy')] };
  const people = { 'What is the cause?': [cause, cause], [title]: 'skip' };
  const rehearsed = await trial('listing', { world, people });
  assert.equal(effects(rehearsed, 'deletePods').length, 1);
  assert.match(
    questionOf(rehearsed.report, title)?.because ?? '',
    /not frozen in this round.*repeat the check “Check Worker Pods”/,
  );
});

test('a list that no check has looked for makes the step stuck', async () => {
  const rehearsed = await trial('unlisted', { people: { [title]: 'done by hand' } });
  assert.equal(effects(rehearsed, 'deletePods').length, 0);
  assert.match(questionOf(rehearsed.report, title)?.because ?? '', /“stuck pods” was never frozen.*do it by hand/);
});
