// Everything that time may do, each with what it says and what it then is; and the nearest comes first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { due } from '../../../workflows/kit/record/due.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, at, opened } from '../../support/folding.ts';

/** A P3 has no clocks and no ladder, so that only what the test says is due. */
const next = (change: Partial<State>) => due(opened(change, 'P3'));
const question = aQuestion({ expires: at(40), otherwise: 'theirs' });
const end = { holdsUntil: at(14), held: false, counts: false };
const { paging } = opened();

test('a question expires, and says what then', () => {
  const event = { kind: 'expired', question: 'cause' };
  assert.deepEqual(next({ questions: [question] }), { at: at(40), what: 'no one answered “What is the cause?”: theirs', event });
  assert.equal(next({ questions: [aQuestion({ expires: at(40) })] }), undefined, 'without an otherwise time answers nothing');
});

test('a question is reminded of at half and at four fifths of its life, once each', () => {
  const lasting = (reminded?: number) =>
    next({ questions: [aQuestion({ lasts: 30 * 60_000, ...(reminded !== undefined && { reminded }) })] });
  const event = { kind: 'reminded', question: 'cause' };
  const what = 'remind quantum of “What is the cause?”';
  assert.deepEqual(lasting(), { at: at(16), what, event });
  assert.deepEqual(lasting(1), { at: at(25), what, event });
  assert.equal(lasting(2), undefined);
});

test('nobody is reminded of what was not announced, does not last, or is answered', () => {
  const answer = { choice: 'ours', by: 'ann', how: 'claimed', at: at(2) } as const;
  assert.equal(next({ questions: [aQuestion({ announced: undefined, lasts: 60_000 })] }), undefined);
  assert.equal(next({ questions: [aQuestion()] }), undefined);
  assert.equal(next({ questions: [aQuestion({ lasts: 60_000, answer })] }), undefined);
});

test('a phase is overdue', () => {
  const event = { kind: 'phase overdue', title: 'Recovery' };
  const phase = { title: 'Recovery', began: at(0), by: at(5) };
  assert.deepEqual(next({ phases: [phase] }), { at: at(5), what: 'Recovery is overdue', event });
  assert.equal(next({ phases: [{ ...phase, ended: at(3) }] }), undefined);
  assert.equal(next({ phases: [{ ...phase, overdue: at(5) }] }), undefined);
});

test('a phase that takes longer than is usual is told, once', () => {
  const event = { kind: 'phase takes long', title: 'Recovery' };
  const phase = { title: 'Recovery', began: at(0), warn: at(5) };
  assert.deepEqual(next({ phases: [phase] }), { at: at(5), what: 'announce that Recovery takes long', event });
  assert.equal(next({ phases: [{ ...phase, ended: at(3) }] }), undefined);
  assert.equal(next({ phases: [{ ...phase, warned: at(5) }] }), undefined);
});

test('the quiet time ends', () => {
  assert.deepEqual(next({ quietUntil: at(60) }), { at: at(60), what: 'quiet for long enough: close', event: { kind: 'quiet' } });
});

test('the end of the alert has held, unless it held already or changes nothing any more', () => {
  const what = 'alert resolved for 5 minutes: confirm with our own check';
  assert.deepEqual(next({ end }), { at: at(14), what, event: { kind: 'end held' } });
  assert.equal(next({ end: { ...end, held: true } }), undefined);
  assert.equal(next({ end, cancelled: { by: 'ann' } }), undefined);
});

test('people hear of the night in the morning', () => {
  const morning = { at: at(300), roles: ['quantum', 'finance'] as const };
  const due = next({ paging: { ...paging, morning: { ...morning, roles: [...morning.roles] } } });
  assert.deepEqual(due, { at: at(300), what: 'send quantum, finance the overnight summary', event: { kind: 'morning' } });
});

test('the nearest of all comes first, wherever it stands', () => {
  const phases = [
    { title: 'Investigation', began: at(0), by: at(30) },
    { title: 'Recovery', began: at(0), by: at(20) },
  ];
  const state = { phases, questions: [question], quietUntil: at(60) };
  assert.equal(next(state)?.what, 'Recovery is overdue');
  assert.equal(next({ ...state, end })?.event.kind, 'end held');
  assert.equal(next({ quietUntil: at(60), questions: [question] })?.event.kind, 'expired');
});
