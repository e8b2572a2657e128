// What settles a step, what mitigates an incident, and what time does to questions and phases.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../workflows/kit/record/events.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, aStep, at, changed, folded, kept, opened } from '../../support/folding.ts';
import { aReceipt } from '../../support/building.ts';

const { changes, effect } = aReceipt();
const settled = (change: Partial<Extract<Event, { kind: 'step settled' }>> = {}): Event => ({
  kind: 'step settled',
  key: 'k',
  state: 'done',
  because: 'it answered',
  ...change,
});
const waits = { question: 'held', again: {} };

test('a step that settles waits for nothing any more, says why, and when it ended; the others stay as they are', () => {
  const other = aStep({ key: 'l', waits });
  const before = opened({ steps: [aStep({ waits, evidence: 'a' }), other] });
  const { steps } = folded(9, before, settled({ evidence: 'b' }));
  assert.deepEqual(kept(steps), [aStep({ state: 'done', because: 'it answered', evidence: 'b', ended: at(9) }), other]);
});

test('when a step changed something is when it first said how to take that back, however long it waits then', () => {
  const takeBack = (key: string) =>
    ({
      action: 'setFallback',
      key,
      target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'n', name: 'm' },
      words: 'a change',
    }) as const;
  const once = folded(9, opened({ steps: [aStep()] }), settled({ state: 'waiting', takeBack: takeBack('a') }));
  assert.equal(once.steps[0]?.changed, at(9));
  assert.equal(folded(12, once, settled({ takeBack: takeBack('a') })).steps[0]?.changed, at(9));
  assert.equal(folded(12, once, settled({ takeBack: takeBack('b') })).steps[0]?.changed, at(12), 'another change');
  assert.equal(folded(12, once, settled()).steps[0]?.changed, at(9));
});

test('a step that waits, or runs again, has not ended', () => {
  for (const state of ['waiting', 'running'] as const) {
    const [step] = kept(folded(9, opened({ steps: [aStep()] }), settled({ state, waits })).steps);
    assert.deepEqual(step, aStep({ state, because: 'it answered', waits }), state);
  }
});

test('a message that was not delivered and waits for people has not ended: the next run goes on with it', () => {
  const before = opened({ steps: [aStep({ state: 'not delivered', ended: at(5) })] });
  const [step] = folded(9, before, settled({ state: 'waiting', waits })).steps;
  assert.equal(step?.ended, undefined);
});

test('a measured change mitigates whatever was not mitigated before, and when is recorded once', () => {
  const before = (state: State['state']) => opened({ state, steps: [aStep()] });
  for (const state of ['triggered', 'acknowledged'] as const) {
    const after = folded(9, before(state), settled({ changes, effect }));
    assert.deepEqual([after.state, after.times], ['mitigated', { fired: at(0), opened: at(0), mitigated: at(9) }], state);
  }
  for (const state of ['mitigated', 'resolved'] as const) {
    const after = folded(9, before(state), settled({ changes, effect }));
    assert.deepEqual([after.state, after.times.mitigated], [state, undefined], state);
  }
});

test('a part that was done, or a part of the effect, mitigates too', () => {
  const part = { measured: 'part', text: '3 of 5' } as const;
  const mitigates = (change: object) => folded(9, opened({ steps: [aStep()] }), settled(change)).state === 'mitigated';
  assert.equal(mitigates({ state: 'part', changes, effect }), true);
  assert.equal(mitigates({ changes, effect: part }), true);
});

test('nothing mitigates without being done, without a change, or without a measured effect', () => {
  const mitigates = (change: object) => folded(9, opened({ steps: [aStep()] }), settled(change)).state === 'mitigated';
  assert.equal(mitigates({ state: 'would have', changes, effect }), false);
  assert.equal(mitigates({ effect }), false);
  assert.equal(mitigates({ changes: [], effect }), false);
  assert.equal(mitigates({ changes }), false);
});

test('time answers a question with its otherwise, and only that question', () => {
  const questions = [aQuestion({ otherwise: 'theirs' }), aQuestion({ id: 'other', otherwise: 'ours' })];
  const after = folded(9, opened({ questions }), { kind: 'expired', question: 'cause' });
  assert.deepEqual(after.questions, [
    { ...questions[0], answer: { choice: 'theirs', by: 'no one', how: 'time', at: at(9) } },
    questions[1],
  ]);
});

test('a question that nobody answered is told to the next rung, if the runbook waited for it', () => {
  const ladder = { from: at(0), last: at(0), rung: 0 };
  const pages = (blocking: boolean) => {
    const state = opened({ questions: [aQuestion({ otherwise: 'theirs', blocking })] });
    const paged = { ...state, paging: { ...state.paging, ladder } };
    return folded(9, paged, { kind: 'expired', question: 'cause' }).paging.pages;
  };
  assert.deepEqual(pages(true), [{ roles: ['secondary'], because: 'no one answered “What is the cause?”' }]);
  assert.deepEqual(pages(false), []);
});

test('a phase that is overdue is told to the next rung', () => {
  const state = opened({ phases: [{ title: 'Recovery', began: at(0), by: at(5) }] });
  const paged = { ...state, paging: { ...state.paging, ladder: { from: at(0), last: at(0), rung: 0 } } };
  const { pages } = folded(9, paged, { kind: 'phase overdue', title: 'Recovery' }).paging;
  assert.deepEqual(pages, [{ roles: ['secondary'], because: 'Recovery is overdue' }]);
});

test('who releases was heard, and answers each held action under a claimed name', () => {
  const held = aQuestion({ kind: 'held', choices: ['release', 'skip'] });
  const state = opened({ questions: [held] });
  assert.deepEqual(changed(state, folded(9, state, { kind: 'release', by: 'ann' })), {
    heard: at(9),
    acted: [{ by: 'ann', at: at(9) }],
    questions: [{ ...held, answer: { choice: 'release', by: 'ann', how: 'claimed', at: at(9) } }],
  });
});

test('what people say and what time does reach whoever decides it', () => {
  const { paging } = opened();
  const recovery = { title: 'Recovery', began: at(0), by: at(30) };
  const lasting = { phases: [recovery], questions: [aQuestion({ lasts: 60_000, blocking: false })] };
  const reaches: [Event, ...(keyof State)[]][] = [
    [{ kind: 'extend', phase: 'Recovery', by: 'ann', reason: 'r', minutes: 5 }, 'acted', 'heard', 'phases'],
    [{ kind: 'severity', severity: 'P2', by: 'ann', reason: 'r' }, 'acted', 'heard', 'severity', 'severityChanges'],
    [{ kind: 'take over', by: 'ann' }, 'acted', 'commander', 'heard', 'state', 'times'],
    [{ kind: 'note', by: 'ann', text: 'look' }, 'acted', 'heard', 'notes'],
    [{ kind: 'reminded', question: 'cause' }, 'announcements', 'questions'],
    [{ kind: 'rung', rung: 1 }, 'paging'],
    [{ kind: 'left for the morning', roles: ['quantum'], until: at(300) }, 'paging'],
    [{ kind: 'unseen' }, 'paging'],
  ];
  const state = opened(lasting);
  for (const [event, ...names] of reaches)
    assert.deepEqual(Object.keys(changed(state, folded(9, state, event))).sort(), names, event.kind);
  const unseen = opened({ ...lasting, paging: { ...paging, unseen: true, morning: { at: at(300), roles: ['quantum'] } } });
  assert.equal('unseen' in folded(9, unseen, { kind: 'seen' }).paging, false);
  assert.equal('morning' in folded(9, unseen, { kind: 'morning' }).paging, false);
});

test('a page about an alert without a confirmed symptom is not when people were paged', () => {
  const unseen = opened({ paging: { late: false, pages: [], unseen: true } });
  const after = folded(9, unseen, { kind: 'delivered', system: 'PagerDuty', page: true });
  assert.deepEqual([after.times.paged, after.paging.ladder], [undefined, undefined]);
});
