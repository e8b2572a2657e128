// Who may answer, where roles.json says who is on call: the owner's role, or a higher rung; and two that take two are two.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../workflows/contract/index.ts';
import { aStart, effects, minutes } from '../../support/rehearsing.ts';
import { trial, trialOutage } from '../../support/trial/rehearsing.ts';

const people: Record<string, Role[]> = {
  ann: ['primary'],
  Mary: ['management'],
  fay: ['finance'],
  fred: ['finance'],
  quinn: ['quantum'],
};
const start = aStart();
const args = [{ ...start, platform: { ...start.platform, people } }];
const decides = (after: number, by: string, question: string, choice: string) => ({
  after: minutes(after),
  signal: 'decide',
  args: [{ question, choice, by }],
});

/** Who answers the cause, and what became of it. */
async function cause(...names: string[]) {
  const messages = names.map((by, index) =>
    decides(1 + index, by, 'what-is-the-cause', 'none of these (I will fix it manually)'),
  );
  const { report } = await trialOutage({ args, messages, people: {}, atMost: minutes(20) });
  const answer = report.questions.find(({ id }) => id === 'what-is-the-cause')?.answer;
  return { by: answer?.by, refusals: report.refusals.map(({ because }) => because) };
}

test('what is for the commander is not answered by a specialist; whoever is on the ladder may', async () => {
  const { by, refusals } = await cause('quinn', 'ann');
  assert.equal(by, 'ann');
  assert.deepEqual(refusals, ['“What is the cause?” is for commander; quinn is on call as quantum']);
});

test('who nobody has described is taken at their word', async () => {
  assert.equal((await cause('a stranger')).by, 'a stranger');
});

const charge = 'reverse-incorrect-charges';
async function charging(...names: string[]) {
  const messages = names.map((by, index) => decides(1 + index, by, charge, 'approve'));
  const rehearsed = await trial('charging', { args, messages, atMost: minutes(20) });
  const done = effects(rehearsed, 'setFallback').some(({ args: [, call] }) => Reflect.get(Object(call), 'approved'));
  return { done, refusals: rehearsed.report.refusals.map(({ because }) => because) };
}

test('four eyes are one of each role, in either order', async () => {
  assert.deepEqual(await charging('fay', 'mary'), { done: true, refusals: [] });
  assert.deepEqual(await charging('Mary', 'fay'), { done: true, refusals: [] });
});

test('two of the same role are not the two that it takes', async () => {
  const { done, refusals } = await charging('fay', 'fred');
  assert.equal(done, false);
  assert.deepEqual(refusals, [
    'fay has approved; fred cannot be the second approver: it needs one person as finance and one as management',
  ]);
});

test('who nobody has described is not one of the two that it takes', async () => {
  const { done, refusals } = await charging('fay', 'a stranger');
  assert.equal(done, false);
  assert.deepEqual(refusals, ['a stranger is not in roles.json: it needs one person as finance and one as management']);
});
