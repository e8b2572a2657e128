// Which rung of the ladder is due and when, who it wakes, and what stops it: without a workflow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Severity } from '../../../workflows/contract/index.ts';
import { due } from '../../../workflows/kit/record/due.ts';
import {
  dueRung,
  escalated,
  isOver,
  withFirstPage,
  withGraverLadder,
  withRung,
  withSeen,
  withUnseen,
} from '../../../workflows/kit/record/escalation.ts';
import { type Paging, pagingFrom } from '../../../workflows/kit/record/state.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, at, changed, opened } from '../../support/folding.ts';

type Ladder = NonNullable<Paging['ladder']>;
const onLadder = (ladder: Partial<Ladder> = {}, change: Partial<State> = {}, severity: Severity = 'P1') =>
  opened({ paging: { late: false, pages: [], ladder: { from: at(0), last: at(0), rung: 0, ...ladder } }, ...change }, severity);
const nextRung = (state: State) => dueRung(state).map(({ at, event, what }) => [at, event, what])[0];
const rung = (minute: number, number: number, roles: string) => [
  at(minute),
  { kind: 'rung', rung: number },
  `page ${roles}: no response`,
];
const everybody = 'primary, secondary, escalation, management';
const acknowledged = (heard: number, change: Partial<State> = {}): Partial<State> => ({
  times: { fired: at(0), opened: at(0), acknowledged: at(1) },
  heard: at(heard),
  questions: [aQuestion({ announced: at(0) })],
  ...change,
});

test('an alert that is more than an hour old is late; an hour old it is not', () => {
  assert.deepEqual(pagingFrom(at(0), at(60)), { late: false, pages: [] });
  assert.deepEqual(pagingFrom(at(0), at(60.001)), { late: true, pages: [] });
});

test('the ladder begins with the first page, and a later page does not begin it again', () => {
  const begun = withFirstPage(opened(), at(2));
  assert.deepEqual(changed(opened(), begun), {
    paging: { late: false, pages: [], ladder: { from: at(2), last: at(2), rung: 0 } },
  });
  assert.equal(withFirstPage(begun, at(5)), begun);
});

test('each rung has its time since the first page, and the last is everybody, after a silence', () => {
  assert.deepEqual(nextRung(onLadder()), rung(5, 1, 'secondary'));
  assert.deepEqual(nextRung(onLadder({ rung: 1, last: at(5) })), rung(15, 2, 'escalation'));
  assert.deepEqual(nextRung(onLadder({ rung: 2, last: at(15) })), rung(30, 3, 'management'));
  assert.deepEqual(nextRung(onLadder({ rung: 3, last: at(30) })), rung(60, 4, everybody));
  assert.deepEqual(nextRung(onLadder({ rung: 3, last: at(15) }, {}, 'P0')), rung(30, 4, everybody));
});

test('a rung that came late keeps its distance to the next', () => {
  assert.deepEqual(nextRung(onLadder({ rung: 1, last: at(12) })), rung(22, 2, 'escalation'));
});

test('a rung that came early, because something was overdue, brings the next no nearer', () => {
  assert.deepEqual(nextRung(onLadder({ rung: 1, last: at(2) })), rung(15, 2, 'escalation'));
});

test('whoever acknowledged is paged again after a silence, which counts from the later of word and page', () => {
  assert.deepEqual(nextRung(onLadder({ rung: 1, last: at(5) }, acknowledged(7))), rung(37, 0, 'primary'));
  assert.deepEqual(nextRung(onLadder({ rung: 1, last: at(8) }, acknowledged(7))), rung(38, 0, 'primary'));
  assert.deepEqual(nextRung(onLadder({ rung: 1, last: at(8) }, acknowledged(7, { heard: undefined }))), rung(38, 0, 'primary'));
  assert.deepEqual(nextRung(onLadder({}, acknowledged(7), 'P0')), rung(22, 0, 'primary'));
});

test('whoever acknowledged is paged for silence only while something waits for people, counted from when it began to wait', () => {
  const asked = (change: Parameters<typeof aQuestion>[0]) => onLadder({}, acknowledged(7, { questions: [aQuestion(change)] }));
  const answer = { choice: 'ours', by: 'ann', how: 'claimed', at: at(8) } as const;
  for (const settled of [{ answer }, { withdrawn: 'superseded' }, { blocking: false }])
    assert.deepEqual(nextRung(asked(settled)), undefined);
  assert.deepEqual(nextRung(asked({ announced: at(90) })), rung(120, 0, 'primary'));
  const again = onLadder({ again: true, from: at(40), last: at(40) }, acknowledged(7, { questions: [] }));
  assert.deepEqual(nextRung(again), undefined);
});

test('a ladder that began again goes on until whoever acknowledged is heard of again', () => {
  const again = { from: at(40), last: at(40), again: true } as const;
  assert.deepEqual(nextRung(onLadder(again, acknowledged(7))), rung(45, 1, 'secondary'));
  assert.deepEqual(nextRung(onLadder(again, acknowledged(7, { heard: undefined }))), rung(45, 1, 'secondary'));
  assert.deepEqual(nextRung(onLadder(again, acknowledged(40))), rung(70, 0, 'primary'));
});

test('nobody is due where no page went out, the alert came late, the severity wakes nobody, or it is over', () => {
  assert.deepEqual(dueRung(opened()), []);
  const { paging } = onLadder();
  assert.deepEqual(dueRung(opened({ paging: { ...paging, late: true } })), []);
  assert.deepEqual(dueRung(onLadder({}, {}, 'P2')), []);
  assert.deepEqual(dueRung(onLadder({}, { state: 'resolved' })), []);
});

test('it is over when it is resolved, closed or cancelled, or when the end of the alert counts', () => {
  const end = { holdsUntil: at(5), held: true, counts: true };
  const over: Partial<State>[] = [{ state: 'resolved' }, { state: 'closed' }, { cancelled: { by: 'ann' } }, { end }];
  for (const change of over) assert.equal(isOver(opened(change)), true, JSON.stringify(change));
  const runs: Partial<State>[] = [{}, { state: 'acknowledged' }, { state: 'mitigated' }, { end: { ...end, counts: false } }];
  for (const change of runs) assert.equal(isOver(opened(change)), false, JSON.stringify(change));
});

test('a rung pages its roles, says why, and counts from now', () => {
  const after = withRung(onLadder({ from: at(1), last: at(1) }), 1, at(6));
  assert.deepEqual(after.paging.ladder, { from: at(1), last: at(6), rung: 1 });
  assert.deepEqual(after.paging.pages, [{ roles: ['secondary'], because: 'not acknowledged', unlessAcknowledged: true }]);
  assert.deepEqual(Object.keys(changed(onLadder(), after)), ['paging']);
});

test('a rung that comes before any page begins the ladder', () => {
  assert.deepEqual(withRung(opened(), 1, at(6)).paging.ladder, { from: at(6), last: at(6), rung: 1 });
});

test('beyond the last rung everybody is paged, and the ladder stays at its last', () => {
  const after = withRung(onLadder({ rung: 3 }), 4, at(60));
  assert.deepEqual(after.paging.ladder, { from: at(0), last: at(60), rung: 3 });
  assert.deepEqual(after.paging.pages.at(-1)?.roles, ['primary', 'secondary', 'escalation', 'management']);
});

test('after a silence the ladder begins again, and says for how long no activity', () => {
  const after = withRung(onLadder({ rung: 2 }, acknowledged(7)), 0, at(37));
  assert.deepEqual(after.paging.ladder, { from: at(37), last: at(37), rung: 0, again: true });
  assert.deepEqual(after.paging.pages, [
    { roles: ['primary'], because: 'no activity for 30 minutes', unlessAcknowledged: undefined },
  ]);
});

test('what is overdue is told to the next rung, but not within a minute of the last page', () => {
  const after = escalated(onLadder({ rung: 1, last: at(5), again: true }), 'Recovery is overdue', at(6));
  assert.deepEqual(after.paging.ladder, { from: at(0), last: at(6), rung: 2, again: true });
  assert.deepEqual(after.paging.pages, [{ roles: ['escalation'], because: 'Recovery is overdue' }]);
  const soon = onLadder({ rung: 1, last: at(5) });
  assert.equal(escalated(soon, 'Recovery is overdue', at(5.99)), soon);
});

test('what is overdue is told to nobody above the last rung, before the first page, or when nobody may be woken', () => {
  const untold = [onLadder({ rung: 3 }), opened(), onLadder({}, { state: 'resolved' }), onLadder({}, {}, 'P3')];
  for (const state of untold) assert.equal(escalated(state, 'Recovery is overdue', at(9)), state);
});

test('a graver incident pages its first rung and begins its ladder, unless it is over or wakes nobody', () => {
  const after = withGraverLadder(onLadder({ rung: 2, again: true }), 'P2 is now P1', at(9));
  assert.deepEqual(after.paging.ladder, { from: at(9), last: at(9), rung: 0 });
  assert.deepEqual(after.paging.pages, [{ roles: ['primary'], because: 'P2 is now P1' }]);
  for (const state of [onLadder({}, { state: 'closed' }), onLadder({}, {}, 'P2')])
    assert.equal(withGraverLadder(state, 'graver', at(9)), state);
});

test('a page joins those before it', () => {
  const once = escalated(onLadder(), 'a', at(5));
  assert.deepEqual(
    escalated(once, 'b', at(9)).paging.pages.map(({ because }) => because),
    ['a', 'b'],
  );
});

test('the clocks of the severity are due from when the alert fired: acknowledged, then restored', () => {
  const clock = (state: State) => [due(state)?.at, due(state)?.what, due(state)?.event];
  assert.deepEqual(clock(opened()), [
    at(15),
    'not acknowledged within 15 minutes',
    { kind: 'clock overdue', clock: 'acknowledge' },
  ]);
  const restore = [at(8 * 60), 'not restored within 8 hours', { kind: 'clock overdue', clock: 'restore' }];
  assert.deepEqual(clock(opened({ overdue: [{ clock: 'acknowledge', at: at(15) }] })), restore);
  assert.deepEqual(clock(opened(acknowledged(7))), restore);
  assert.deepEqual(clock(opened({}, 'P2')).slice(0, 2), [at(30), 'not acknowledged within 30 minutes']);
});

test('an alert without a confirmed symptom is told to the first rung only, until it shows', () => {
  const told = withUnseen(opened());
  const because = 'symptom not confirmed, but the alert still fires: please check when you can';
  assert.deepEqual(changed(opened(), told), {
    paging: { late: false, unseen: true, pages: [{ roles: ['primary'], because }] },
  });
  assert.equal(withFirstPage(told, at(2)), told);
  assert.deepEqual(dueRung({ ...told, paging: { ...told.paging, ladder: { from: at(0), last: at(0), rung: 0 } } }), []);
  assert.deepEqual(withSeen(told), { ...opened(), paging: { late: false, pages: told.paging.pages } });
  assert.deepEqual(withUnseen(opened({}, 'P2')).paging.pages, [{ roles: [], because }]);
});
