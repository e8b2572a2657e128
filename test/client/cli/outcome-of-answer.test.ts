// An accepted answer is not yet a change: what follows is said, and the outcome of its step can be waited for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, outcomeOf } from '../../../client/cli/outcome-of-answer.ts';
import { aPlan, done, planned, questionOf, type Rehearsing, usual } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const title = 'Gradual Rollback: 100%';
const after = async (rehearsing: Rehearsing) => {
  const { report } = await trialOutage(rehearsing);
  const [first] = report.questions.filter(asked => asked.title === title);
  return { report, outcome: outcomeOf(report, first?.id ?? '') };
};

test('an approval whose preconditions no longer hold is refused: the outcome says so, and how to answer again', async () => {
  const moved = planned('moved', { ...aPlan('d2'), summary: 'Another plan' });
  const { outcome } = await after({
    world: { [title]: [planned('approval'), moved] },
    people: { ...usual, [title]: ['approve'] },
  });
  assert.equal(outcome?.ok, false);
  assert.match(outcome.text, /was not done: moved .*Asked again: runbooks decide \S+ gradual-rollback-100-2 /);
});

test('an approval that is carried out is done; before it is answered there is no outcome', async () => {
  const carriedOut = await after({ world: { [title]: [planned('approval'), done()] } });
  assert.deepEqual(carriedOut.outcome, { ok: true, text: `${title}: done: Jobs run on classical solvers` });
  const { 'What is the cause?': cause = '' } = usual;
  const open = await after({ people: { 'What is the cause?': cause } });
  assert.equal(questionOf(open.report, title)?.answer, undefined);
  assert.equal(open.outcome, undefined);
});

test('a question without a step has its answer as the outcome', async () => {
  const { report } = await trialOutage();
  const asked = questionOf(report, 'What is the cause?');
  assert.deepEqual(outcomeOf(report, asked?.id ?? ''), {
    ok: true,
    text: '“What is the cause?” is answered: Dynex Platform Issue',
  });
});

test('what follows is said by the kind of the question', () => {
  assert.match(follows('approve', { kind: 'plan' }), /checked again before anything is written: it may still be refused/);
  assert.match(follows('retry', { kind: 'stuck' }), /tried again/);
  assert.match(follows('skip', { kind: 'plan' }), /nothing more is written/);
  assert.equal(follows('Dynex Platform Issue', { kind: 'choice' }), '');
});
