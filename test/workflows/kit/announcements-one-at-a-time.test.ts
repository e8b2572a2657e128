// Which question people are told of and when, and whom it wakes: without a workflow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '../../../workflows/contract/index.ts';
import { withAnnouncements, withReminder } from '../../../workflows/kit/record/announcements.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, at, changed, opened } from '../../support/folding.ts';

const waiting = (change: Partial<Question> = {}) => aQuestion({ announced: undefined, ...change });
const told = (questions: Question[], state: Partial<State> = {}, minute = 9) =>
  withAnnouncements(opened({ questions, ...state }), at(minute));
const order = (questions: Question[]) => told(questions).announcements.map(one => Reflect.get(one, 'question'));
const pages = (questions: Question[], state: Partial<State> = {}) => told(questions, state).paging.pages;
const times = { fired: at(0), opened: at(0), acknowledged: at(1) };

test('a question is announced once, and its life begins then', () => {
  const before = opened({
    questions: [waiting({ lasts: 30 * 60_000, owner: 'commander' }), waiting({ id: 'b', owner: 'finance' })],
  });
  const after = withAnnouncements(before, at(9));
  assert.deepEqual(
    after.questions.map(({ announced, expires }) => [announced, expires]),
    [
      [at(9), at(39)],
      [at(9), undefined],
    ],
  );
  for (const name of ['expires', 'lasts']) assert.equal(name in (after.questions[1] ?? {}), false, name);
  assert.deepEqual(after.announcements, [
    { question: 'cause', reminder: 0 },
    { question: 'b', reminder: 0 },
  ]);
  assert.equal(withAnnouncements(after, at(10)), after);
});

test('of one role one question at a time, the most urgent first, and last what the runbook does not wait for', () => {
  const kinds: Question['kind'][] = ['task', 'text', 'choice', 'plan', 'stuck', 'held', 'cancelled', 'handover'];
  const first = (...some: Question[]) => order(some)[0];
  for (const [index, kind] of kinds.entries()) {
    const others = kinds.slice(0, index).map(other => waiting({ id: other, kind: other }));
    assert.equal(first(...others, waiting({ id: kind, kind })), kind);
    assert.equal(first(...others, waiting({ id: kind, kind, blocking: false })), others.at(-1)?.id ?? kind);
  }
  assert.deepEqual(order([waiting(), waiting({ id: 'b' })]), ['cause']);
  const nextTo = [waiting({ id: 'handover', kind: 'handover', blocking: false }), waiting({ id: 'task', kind: 'task' })];
  assert.deepEqual(order(nextTo), ['task'], 'what is waited for comes before all that is not');
});

test('what expires at a time of its own is asked for until then', () => {
  const lasts = (expires: string) => told([waiting({ expires })]).questions[0]?.lasts;
  assert.deepEqual([lasts(at(39)), lasts(at(9)), lasts(at(5))], [30 * 60_000, 0, 0]);
});

test('a turn is a quarter of an hour, ends with the answer, and counts from the latest announcement', () => {
  const answer = { choice: 'ours', by: 'ann', how: 'claimed', at: at(2) } as const;
  const second = (first: Partial<Question>, minute: number) =>
    told([aQuestion(first), waiting({ id: 'b' })], {}, minute).announcements.length;
  assert.deepEqual([second({}, 15.99), second({}, 16)], [0, 1]);
  assert.equal(second({ answer }, 9), 1);
  const three = [aQuestion({ announced: at(8) }), aQuestion({ id: 'a' }), waiting({ id: 'b' })];
  assert.equal(told(three, {}, 20).announcements.length, 0);
});

test('what is answered or withdrawn before its turn is not announced', () => {
  assert.deepEqual(order([waiting({ withdrawn: 'it is over' })]), []);
});

test('a question that the runbook waits for wakes whoever must answer; one that it does not wait for wakes nobody', () => {
  assert.deepEqual(pages([waiting()]), [{ roles: ['quantum'], because: 'asked “What is the cause?”' }]);
  assert.deepEqual(
    pages([waiting({ second: 'finance' })]).map(({ roles }) => roles),
    [['quantum', 'finance']],
  );
  assert.deepEqual(pages([waiting({ blocking: false })]), []);
});

test('until somebody commands the ladder calls for a commander, and whom it has called is not called twice', () => {
  const ladder = (rung: number) => ({ paging: { late: false, pages: [], ladder: { from: at(0), last: at(0), rung } } });
  assert.deepEqual(pages([waiting({ owner: 'commander' })]), []);
  assert.deepEqual(pages([waiting({ owner: 'primary' })]), []);
  assert.deepEqual(pages([waiting({ owner: 'secondary' })]).length, 1);
  assert.deepEqual(pages([waiting({ owner: 'secondary' })], ladder(1)), []);
  assert.deepEqual(pages([waiting({ owner: 'escalation' })], ladder(1)).length, 1);
  assert.deepEqual(
    pages([waiting({ owner: 'commander' })], { times, heard: at(-5) }).map(({ roles }) => roles),
    [['commander']],
  );
});

test('nobody is woken where somebody was heard of within ten minutes, where it is over, or where the alert came late', () => {
  assert.equal(pages([waiting()], { times, heard: at(-1) }).length, 1, 'ten minutes ago');
  assert.equal(pages([waiting()], { times, heard: at(-0.9) }).length, 0, 'less');
  assert.equal(pages([waiting()], { times }).length, 0, 'acknowledged, and nothing since');
  assert.equal(pages([waiting()], { heard: at(8) }).length, 1, 'heard, but nobody has acknowledged');
  assert.equal(pages([waiting()], { state: 'resolved' }).length, 0);
  assert.equal(pages([waiting()], { paging: { late: true, pages: [] } }).length, 0);
});

test('a reminder counts, says that it is still asked, and is for open questions only', () => {
  const before = opened({ questions: [aQuestion({ id: 'other' }), aQuestion({ reminded: 1 })] });
  assert.deepEqual(changed(before, withReminder(before, 'cause', at(9))), {
    questions: [aQuestion({ id: 'other' }), aQuestion({ reminded: 2 })],
    announcements: [{ question: 'cause', reminder: 2 }],
    paging: { late: false, pages: [{ roles: ['quantum'], because: 'still asked “What is the cause?”' }] },
  });
  const once = withReminder(
    opened({ questions: [aQuestion()], announcements: [{ question: 'a', reminder: 0 }] }),
    'cause',
    at(9),
  );
  assert.deepEqual(once.announcements, [
    { question: 'a', reminder: 0 },
    { question: 'cause', reminder: 1 },
  ]);
  assert.deepEqual(
    once.paging.pages.map(({ because }) => because),
    ['still asked “What is the cause?”'],
  );
  const over = opened({ questions: [aQuestion({ withdrawn: 'it is over' })] });
  assert.equal(withReminder(over, 'cause', at(9)), over);
});
