// One next deadline at a time, whatever is waiting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { due } from '../../../workflows/kit/record/due.ts';
import { opening, type State } from '../../../workflows/kit/record/state.ts';
import { aStart } from '../../support/building.ts';

const at = (minute: number) => `2026-11-24T03:${String(minute).padStart(2, '0')}:00.000Z`;

const state = (change: Partial<State>): State => ({
  ...opening('Dynex Outage', 'dynex-outage', 'P3', aStart(), at(0)),
  ...change,
});

const question = (expires: string | undefined, change = {}) => ({
  id: 'cause',
  kind: 'choice' as const,
  title: 'What is the cause?',
  choices: ['ours'],
  owner: 'commander' as const,
  blocking: true,
  asked: at(1),
  otherwise: 'by hand',
  ...(expires && { expires }),
  ...change,
});
const phase = (by: string, change = {}) => ({ title: 'Immediate Response', began: at(0), by, ...change });
const answer = { choice: 'ours', by: 'ann', how: 'claimed' as const, at: at(2) };

test('nothing is due where nothing waits', () => {
  assert.equal(due(state({})), undefined);
  assert.equal(due(state({ questions: [question(undefined)], phases: [{ title: 'Recovery', began: at(0) }] })), undefined);
});

test('the nearest deadline comes first, whichever kind it is', () => {
  const both = (expires: number, by: number) => due(state({ questions: [question(at(expires))], phases: [phase(at(by))] }));
  assert.deepEqual(both(4, 5)?.event, { kind: 'expired', question: 'cause' });
  assert.deepEqual(both(6, 5)?.event, { kind: 'phase overdue', title: 'Immediate Response' });
});

test('of two at the same time the question expires first, so that nobody is overdue for a question that time answered', () => {
  assert.equal(due(state({ questions: [question(at(5))], phases: [phase(at(5))] }))?.event.kind, 'expired');
});

test('what is answered, withdrawn, ended or overdue already is not due again', () => {
  assert.equal(due(state({ questions: [question(at(4), { answer })] })), undefined);
  assert.equal(due(state({ questions: [question(at(4), { withdrawn: 'no longer needed' })] })), undefined);
  assert.equal(due(state({ phases: [phase(at(5), { ended: at(3) }), phase(at(5), { overdue: at(5) })] })), undefined);
});

test('quiet time is due until it is over', () => {
  assert.deepEqual(due(state({ quietUntil: at(30) }))?.event, { kind: 'quiet' });
  assert.equal(due(state({ quietUntil: at(30), quiet: true })), undefined);
});

test('the timer says what will happen, in words', () => {
  assert.equal(due(state({ questions: [question(at(4))] }))?.what, 'no one answered “What is the cause?”: by hand');
  assert.equal(due(state({ phases: [phase(at(5))] }))?.what, 'Immediate Response is overdue');
});
