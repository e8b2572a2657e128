// Which decisions count, which are refused and with which words, and what an accepted one leaves behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision, Question } from '../../../workflows/contract/index.ts';
import { refusalOf, withDecision } from '../../../workflows/kit/record/decisions.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, at, changed, kept, opened } from '../../support/folding.ts';
import { aPlan } from '../../support/building.ts';

const decision = (change: Partial<Decision> = {}): Decision => ({ question: 'cause', choice: 'ours', by: 'ann', ...change });
const asked = (change: Partial<Question> = {}, state: Partial<State> = {}) =>
  opened({ questions: [aQuestion({ id: 'other', title: 'Other' }), aQuestion(change)], ...state });
const refused = (question: Partial<Question>, change: Partial<Decision> = {}, state: Partial<State> = {}) =>
  refusalOf(asked(question, state), decision(change));
const decided = (state: State, change: Partial<Decision> = {}) => withDecision(state, decision(change), 'verified', at(9));

const answer = { choice: 'theirs', by: 'eve', how: 'claimed', at: at(2) } as const;
const name = 'the name of a Secret: lower-case letters, digits, dashes and dots (RFC 1123), never what is in it';
const plan = aPlan('abcdef0123456789');
const planned: Partial<Question> = { kind: 'plan', choices: ['approve', 'skip'], plan };

test('a choice that is asked for, by somebody with a name, is not refused', () => {
  assert.equal(refused({}), undefined);
  assert.equal(refused({}, { reason: 'I saw it', text: 'more' }), undefined);
});

const refusals: [string, () => string | undefined, string | undefined][] = [
  ['closed', () => refused({ answer }, {}, { state: 'closed' }), 'the incident is closed'],
  ['never asked', () => refused({}, { question: 'why' }), 'no open question why. Open: other, cause'],
  [
    'never asked, where none is open',
    () => refusalOf(opened({ questions: [aQuestion({ answer })] }), decision({ question: 'why' })),
    'no open question why. Open: none',
  ],
  [
    'for another role',
    () => refused({}, {}, { people: { ann: ['finance'] } }),
    '“What is the cause?” is for quantum; ann is on call as finance',
  ],
  ['answered', () => refused({ answer }), 'already decided by eve: theirs'],
  ['withdrawn', () => refused({ withdrawn: 'it is over' }), 'no longer asked: it is over'],
  ['no choice of this question', () => refused({}, { choice: 'both' }), 'choose one of: ours, theirs'],
  ['nobody', () => refused({}, { by: '  ' }), 'the name of the person who decides is missing'],
  [
    'without the reason it needs',
    () => refused({ choices: ['close: it is wrong'] }, { choice: 'close: it is wrong' }),
    'this answer needs a reason',
  ],
  [
    'with an empty reason',
    () => refused({ choices: ['close: it is wrong'] }, { choice: 'close: it is wrong', reason: ' ' }),
    'this answer needs a reason',
  ],
  [
    'with the reason it needs',
    () => refused({ choices: ['close: it is wrong'] }, { choice: 'close: it is wrong', reason: 'I saw it' }),
    undefined,
  ],
  [
    'another plan',
    () => refused(planned, { choice: 'approve', digest: 'abcd9' }),
    'the plan has another digest now: abcdef0123456789',
  ],
  [
    'the beginning of the digest',
    () => refused(planned, { choice: 'approve', digest: 'abcdef' }),
    'the plan has another digest now: abcdef0123456789',
  ],
  ['this plan', () => refused(planned, { choice: 'approve', digest: 'abcdef0123456789' }), undefined],
  ['whichever plan is asked', () => refused(planned, { choice: 'approve' }), undefined],
  [
    'a digest where no plan is asked',
    () => refused({}, { digest: 'abcd' }),
    'this question has no plan: answer without a digest',
  ],
];
for (const [what, is, should] of refusals)
  test(`a decision that is ${what} is ${should === undefined ? 'accepted' : `refused: ${should}`}`, () => {
    assert.equal(is(), should);
  });

test('a question for a text is answered with a text of its form, whatever the choice is called', () => {
  const form: Partial<Question> = { kind: 'text', choices: ['the name', 'by hand'], otherwise: 'by hand', text: 'secret name' };
  assert.equal(refused(form, { choice: 'the name', text: 'nqba-secrets' }), undefined);
  assert.equal(refused(form, { choice: 'anything', text: 'nqba-secrets' }), undefined);
  assert.equal(refused(form, { choice: 'the name' }), `this question is answered with a text: ${name}`);
  assert.equal(refused(form, { choice: 'the name', text: 'Key=7' }), `the text (5 characters) is not ${name}`);
  assert.equal(refused(form, { choice: 'the name', text: 'X'.repeat(99) }), `the text (99 characters) is not ${name}`);
  assert.equal(
    refused({ ...form, text: undefined }, { choice: 'the name', text: 'Key=7' }),
    `the text (5 characters) is not ${name}`,
  );
  assert.equal(refused(form, { choice: 'by hand' }), undefined, 'otherwise needs no text');
  assert.equal(
    refused({ ...form, choices: ['the name'] }, { choice: 'by hand' }),
    undefined,
    'nor need it stand among the choices',
  );
});

test('an accepted decision answers its question alone, makes its author commander, and is heard', () => {
  const before = asked();
  assert.deepEqual(changed(before, decided(before, { reason: 'I saw it', text: 'a name' })), {
    state: 'acknowledged',
    commander: 'ann',
    acted: [{ by: 'ann', at: at(9) }],
    heard: at(9),
    times: { ...before.times, acknowledged: at(9) },
    questions: [
      before.questions[0],
      aQuestion({ answer: { choice: 'ours', by: 'ann', how: 'verified', at: at(9), text: 'a name', reason: 'I saw it' } }),
    ],
  });
});

test('an answer without text or reason has neither', () => {
  const [, question] = decided(asked(), { text: '', reason: '' }).questions;
  assert.deepEqual(kept(question)?.answer, { choice: 'ours', by: 'ann', how: 'verified', at: at(9) });
});

test('a refused decision stands with when, who, what and why, and changes nothing else', () => {
  const before = asked();
  const refused = { at: at(9), by: 'ann', what: 'both for cause', because: 'choose one of: ours, theirs' };
  assert.deepEqual(changed(before, decided(before, { choice: 'both' })), { refusals: [refused], refused });
});

const eyes: Partial<Question> = { ...planned, owner: 'finance', second: 'management', otherwise: 'skip' };
const vote = (by: string, choice = 'approve', text?: string) =>
  ({ choice, by, how: 'claimed', at: at(2), ...(text && { text }) }) as const;

test('the first of two is a vote and no answer yet; the second answers for both', () => {
  const once = kept(decided(asked(eyes), { choice: 'approve', reason: 'it is right' }));
  const first = { choice: 'approve', by: 'ann', how: 'verified', at: at(9), reason: 'it is right' };
  assert.deepEqual([once.questions[1]?.votes, once.questions[1]?.answer], [[first], undefined]);
  const twice = kept(withDecision(once, decision({ choice: 'approve', by: 'bob' }), 'claimed', at(10)));
  const second = { choice: 'approve', by: 'bob', how: 'claimed', at: at(10) };
  assert.deepEqual(twice.questions[1]?.votes, [first, second]);
  assert.deepEqual(twice.questions[1]?.answer, { ...second, by: 'ann and bob' });
});

test('the same person under another spelling is not a second one', () => {
  const because = 'ann has approved; a second person (finance or management) must approve';
  assert.equal(refused({ ...eyes, votes: [vote('ann')] }, { choice: 'approve', by: ' ANN' }), because);
});

test('who wants something else, or another text, changes the vote and agrees with nobody', () => {
  const two: Partial<Question> = { ...eyes, kind: 'choice', choices: ['ours', 'theirs', 'skip'] };
  const changedMind = decided(asked({ ...two, votes: [vote('ann', 'theirs'), vote('bob', 'theirs')] }), { choice: 'ours' });
  assert.deepEqual(
    changedMind.questions[1]?.votes?.map(({ by, choice }) => [by, choice]),
    [
      ['bob', 'theirs'],
      ['ann', 'ours'],
    ],
  );
  assert.equal(changedMind.questions[1]?.answer, undefined);
  const text: Partial<Question> = { ...eyes, kind: 'text', choices: ['the name'], votes: [vote('bob', 'the name', 'a')] };
  assert.equal(decided(asked(text), { choice: 'the name', text: 'b' }).questions[1]?.answer, undefined);
  assert.equal(decided(asked(text), { choice: 'the name', text: 'a' }).questions[1]?.answer?.by, 'bob and ann');
});

test('one person is enough for what changes nothing: otherwise, and any answer to a plan but approve', () => {
  assert.equal(decided(asked(eyes), { choice: 'skip' }).questions[1]?.answer?.by, 'ann');
  const three = { ...eyes, choices: ['approve', 'later', 'skip'] };
  assert.equal(decided(asked(three), { choice: 'later' }).questions[1]?.answer?.by, 'ann');
});

test('any answer to a question of two that is no plan takes two, but for otherwise', () => {
  const two: Partial<Question> = { ...eyes, kind: 'choice', choices: ['later', 'skip'] };
  assert.equal(decided(asked(two), { choice: 'later' }).questions[1]?.answer, undefined);
  assert.equal(decided(asked(two), { choice: 'skip' }).questions[1]?.answer?.by, 'ann');
});

test('breaking the glass needs a reason, and glass to break', () => {
  const broken = { choice: 'approve', breakGlass: true };
  assert.equal(refused(eyes, broken), 'deciding alone (--break-glass) needs a reason');
  assert.equal(refused(eyes, { ...broken, reason: ' ' }), 'deciding alone (--break-glass) needs a reason');
  assert.equal(refused(eyes, { ...broken, reason: 'bob is on a plane' }), undefined);
  assert.equal(refused({}, { breakGlass: true, reason: 'x' }), 'this needs only one approver; --break-glass does not apply');
  assert.equal(refused({ ...eyes, votes: [vote('ann')] }, { ...broken, reason: 'bob is on a plane' }), undefined);
});

test('a broken glass answers at once, wakes the owners, and stands in the report after those before it', () => {
  const earlier = { at: at(1), by: 'eve', question: 'x', title: 'X', reason: 'y' };
  const before = asked(eyes, { brokenGlass: [earlier] });
  const after = decided(before, { choice: 'approve', breakGlass: true, reason: 'bob is on a plane' });
  assert.equal(after.questions[1]?.answer?.by, 'ann');
  assert.equal(after.questions[1]?.votes, undefined);
  const stands = { at: at(9), by: 'ann', question: 'cause', title: 'What is the cause?', reason: 'bob is on a plane' };
  assert.deepEqual(after.brokenGlass, [earlier, stands]);
  assert.deepEqual(after.paging.pages, [
    { roles: ['finance', 'management'], because: 'ann decided “What is the cause?” alone; it needs two people' },
  ]);
  const alone = decided(asked({ ...eyes, second: 'finance' }), { choice: 'approve', breakGlass: true, reason: 'alone' });
  assert.deepEqual(
    alone.paging.pages.map(({ roles }) => roles),
    [['finance']],
  );
  assert.equal(alone.brokenGlass?.length, 1);
});
