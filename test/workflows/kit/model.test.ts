// Every state that two questions, three people, a cancellation, an expiry and a release can bring about, walked one by one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '../../../workflows/contract/index.ts';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { reduce } from '../../../workflows/kit/record/reducer.ts';
import { isOpen, opening, type State } from '../../../workflows/kit/record/state.ts';
import { aPlan, aStart } from '../../support/building.ts';

const at = '2026-11-24T03:00:00.000Z';
const question = (id: string, kind: Question['kind'], choices: string[]): Question => ({
  id,
  kind,
  title: id,
  choices,
  owner: 'commander',
  blocking: true,
  asked: at,
  otherwise: choices.at(-1) ?? '',
  ...(kind === 'held' && { plan: aPlan() }),
});
const questions = [question('cause', 'choice', ['platform', 'by hand']), question('held', 'held', ['release', 'skip'])];

const decisions: Event[] = ['ann', 'bob', 'eve'].flatMap(by =>
  questions.flatMap(({ id, choices }) =>
    [...choices, 'nonsense'].map((choice): Event => ({ kind: 'decide', decision: { question: id, choice, by }, how: 'claimed' })),
  ),
);
const events: Event[] = [
  ...questions.map((asked): Event => ({ kind: 'asked', question: asked })),
  ...decisions,
  ...questions.map(({ id }): Event => ({ kind: 'expired', question: id })),
  ...questions.map(({ id }): Event => ({ kind: 'withdrawn', question: id, because: 'cancelled' })),
  { kind: 'release', by: 'ann' },
  { kind: 'cancel', by: 'bob' },
];

/** What tells two states apart; how often something was refused does not. */
const shape = ({ questions: asked, cancelled, commander, refusals }: State) =>
  JSON.stringify([
    asked.map(({ id, answer, withdrawn }) => [id, answer?.choice, answer?.by, withdrawn]),
    cancelled,
    commander,
    refusals.length > 0,
  ]);

/** A question is asked once in its life. */
const possible = (state: State, event: Event) =>
  event.kind !== 'asked' || !state.questions.some(({ id }) => id === event.question.id);

function walk(check: (before: State, event: Event, after: State) => void): number {
  const start = opening('Dynex Outage', 'dynex-outage', 'P1', aStart(), at);
  const seen = new Map([[shape(start), start]]);
  for (const state of seen.values())
    for (const event of events.filter(event => possible(state, event))) {
      const next = reduce(state, { ...event, at });
      check(state, event, next);
      if (!seen.has(shape(next))) seen.set(shape(next), next);
    }
  return seen.size;
}

test('in every reachable state an answer, once given, stays, and what is withdrawn is never answered', () => {
  const states = walk((before, _, after) => {
    for (const { id, answer, withdrawn } of before.questions) {
      const now = after.questions.find(asked => asked.id === id);
      if (answer) assert.deepEqual(now?.answer, answer);
      if (withdrawn) assert.deepEqual([now?.withdrawn, now?.answer], [withdrawn, answer]);
    }
  });
  assert.equal(states > 500, true, `${states} states`);
});

test('in every reachable state a decision is either the answer or a refusal, never both and never neither', () => {
  walk((before, event, after) => {
    if (event.kind !== 'decide') return;
    const asked = before.questions.find(({ id }) => id === event.decision.question);
    const now = after.questions.find(({ id }) => id === event.decision.question);
    const accepted = asked !== undefined && isOpen(asked) && now?.answer !== undefined;
    assert.equal(after.refusals.length - before.refusals.length, accepted ? 0 : 1);
    if (accepted) assert.equal(now.choices.includes(now.answer?.choice ?? ''), true);
  });
});

test('from every reachable state every question can still be settled, so nobody waits in vain', () => {
  walk(before => {
    const end = questions.reduce((state, { id }) => reduce(state, { kind: 'withdrawn', question: id, because: 'x', at }), before);
    assert.deepEqual(end.questions.filter(isOpen), []);
  });
});
