// That each question is announced at once, and who is paged for it: without a workflow.
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

test('each is announced at once, the most urgent first, and last what the runbook does not wait for', () => {
  const kinds: Question['kind'][] = ['task', 'text', 'choice', 'plan', 'stuck', 'held', 'cancelled', 'handover'];
  const all = kinds.map(kind => waiting({ id: kind, kind }));
  assert.deepEqual(order(all), kinds.toReversed());
  const nextTo = [waiting({ id: 'handover', kind: 'handover', blocking: false }), waiting({ id: 'task', kind: 'task' })];
  assert.deepEqual(order(nextTo), ['task', 'handover'], 'what is waited for comes before all that is not');
  assert.deepEqual(order([aQuestion(), waiting({ id: 'b' })]), ['b'], 'beside one that waits for an answer');
});

test('what expires at a time of its own is asked for until then', () => {
  const lasts = (expires: string) => told([waiting({ expires })]).questions[0]?.lasts;
  assert.deepEqual([lasts(at(39)), lasts(at(9)), lasts(at(5))], [30 * 60_000, 0, 0]);
});

test('what is withdrawn is not announced', () => {
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

test('until somebody commands the ladder calls for a commander, and who it has called is not called twice', () => {
  const ladder = (rung: number) => ({ paging: { late: false, pages: [], ladder: { from: at(0), last: at(0), rung } } });
  for (const owner of ['commander', 'primary'] as const) {
    assert.deepEqual(pages([waiting({ owner })], ladder(0)), []);
    assert.deepEqual(
      pages([waiting({ owner })]).map(({ roles }) => roles),
      [['primary']],
      'no page has called anyone',
    );
  }
  assert.deepEqual(pages([waiting({ owner: 'secondary' })]).length, 1);
  assert.deepEqual(pages([waiting({ owner: 'secondary' })], ladder(1)), []);
  assert.deepEqual(pages([waiting({ owner: 'escalation' })], ladder(1)).length, 1);
  assert.deepEqual(
    pages([waiting({ owner: 'commander' })], { times, commander: 'ann' }).map(({ roles }) => roles),
    [['commander']],
  );
});

test('whoever acted within ten minutes is not woken; nobody is where it is over, or where the alert came late', () => {
  const acted = (minute: number, by = 'ann') => ({ acted: [{ by, at: at(minute) }] });
  const woken = (state: Partial<State>, owner: Question['owner'] = 'quantum') => pages([waiting({ owner })], state).length;
  assert.deepEqual([woken(acted(-1)), woken(acted(-0.9))], [1, 0], 'ten minutes ago, and less');
  const people = { ann: ['quantum' as const], bob: ['finance' as const] };
  assert.deepEqual([woken({ ...acted(8), people }), woken({ ...acted(8, 'bob'), people })], [0, 1], 'another person');
  assert.deepEqual([woken({ ...acted(8, 'eve'), people }), woken({ ...acted(8, 'eve'), people }, 'security')], [1, 0]);
  const commander = (by: string) => woken({ ...acted(8, by), times, commander: 'Ann' }, 'commander');
  assert.deepEqual([commander('ann'), commander('bob')], [0, 1]);
  assert.equal(woken({ state: 'resolved' }), 0);
  assert.equal(woken({ paging: { late: true, pages: [] } }), 0);
});

test('questions of a role within one minute are one page, for whoever is needed by both; a later one is another', () => {
  const both = pages([waiting(), waiting({ id: 'b', second: 'finance' })]).map(({ roles }) => roles);
  assert.deepEqual(both, [['quantum'], ['finance']]);
  const second = (minute: number, state: Partial<State> = {}) =>
    told([aQuestion(), waiting({ id: 'b' })], state, minute).paging.pages.length;
  assert.deepEqual([second(1.9), second(2)], [0, 1]);
  assert.equal(second(1.9, { acted: [{ by: 'ann', at: at(-8.5) }] }), 1, 'the first woke nobody, as they had acted');
  assert.equal(pages([aQuestion({ announced: at(8.5), blocking: false }), waiting({ id: 'b' })]).length, 1);
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
