// What people and time may do to an incident, one event after the other: pure, without a workflow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision, Question } from '../../../workflows/contract/index.ts';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { reduce } from '../../../workflows/kit/record/reducer.ts';
import { opening, type State } from '../../../workflows/kit/record/state.ts';
import { aPlan, anAlert, aReceipt, aStart } from '../../support/building.ts';
import { kept } from '../../support/folding.ts';

const at = (minute: number) => `2026-11-24T03:${String(minute).padStart(2, '0')}:00.000Z`;

/** The state after these events, one a minute. */
const after = (...events: Event[]): State =>
  events.reduce(
    (state, event, index) => reduce(state, { ...event, at: at(index + 1) }),
    opening('Dynex Outage', 'dynex-outage', 'P1', aStart(), at(0)),
  );

const question = (change: Partial<Question> = {}): Question => ({
  id: 'what-is-the-cause',
  kind: 'choice',
  title: 'What is the cause?',
  choices: ['ours', 'theirs'],
  owner: 'commander',
  blocking: true,
  asked: at(1),
  ...change,
});
const asked = (change: Partial<Question> = {}): Event => ({ kind: 'asked', question: question(change) });
const decided = (change: Partial<Decision> = {}): Event => ({
  kind: 'decide',
  how: 'claimed',
  decision: { question: 'what-is-the-cause', choice: 'ours', by: 'ann', ...change },
});

const answerOf = ({ questions }: State) => questions[0]?.answer;
const lastRefusal = ({ refusals }: State) => refusals.at(-1);

test('the first valid decision wins; who came second is told so', () => {
  const state = after(asked(), decided({ reason: 'I saw it' }), decided({ choice: 'theirs', by: 'eve' }));
  assert.deepEqual(answerOf(kept(state)), { choice: 'ours', by: 'ann', how: 'claimed', at: at(2), reason: 'I saw it' });
  assert.deepEqual(lastRefusal(state), {
    at: at(3),
    by: 'eve',
    what: 'theirs for what-is-the-cause',
    because: 'already decided by ann: ours',
  });
});

test('the same person decides twice: the second is refused too', () => {
  const state = after(asked(), decided(), decided());
  assert.equal(lastRefusal(state)?.because, 'already decided by ann: ours');
});

test('nothing can be approved unseen: a decision before its question is refused and does not count later', () => {
  const state = after(decided(), asked());
  assert.equal(answerOf(state), undefined);
  assert.equal(lastRefusal(state)?.because, 'no open question what-is-the-cause. Open: none');
});

const refusedDecisions: [string, Event[], Decision, RegExp][] = [
  ['an unknown question', [asked()], { question: 'why', choice: 'ours', by: 'ann' }, /no open question why\. Open: what-is/],
  ['an unknown choice', [asked()], { question: 'what-is-the-cause', choice: 'both', by: 'ann' }, /choose one of: ours, theirs/],
  [
    'an empty name',
    [asked()],
    { question: 'what-is-the-cause', choice: 'ours', by: ' ' },
    /name of the person who decides is missing/,
  ],
  [
    'a withdrawn question',
    [asked(), { kind: 'withdrawn', question: 'what-is-the-cause', because: 'the alert has resolved' }],
    { question: 'what-is-the-cause', choice: 'ours', by: 'ann' },
    /no longer asked: the alert has resolved/,
  ],
  [
    'another plan than the one asked',
    [asked({ kind: 'plan', plan: aPlan('d2'), choices: ['approve'] })],
    { question: 'what-is-the-cause', choice: 'approve', by: 'ann', digest: 'd1' },
    /the plan has another digest now: d2/,
  ],
  [
    'a text that is missing',
    [asked({ kind: 'text', choices: [] })],
    { question: 'what-is-the-cause', choice: 'ours', by: 'ann' },
    /answered with a text/,
  ],
  [
    'a closed incident',
    [asked(), { kind: 'closed', outcome: 'recovered' }],
    { question: 'what-is-the-cause', choice: 'ours', by: 'ann' },
    /the incident is closed/,
  ],
];

for (const [what, before, decision, because] of refusedDecisions)
  test(`${what} is refused with who and why, and answers nothing`, () => {
    const state = after(...before, { kind: 'decide', how: 'claimed', decision });
    assert.equal(answerOf(state), undefined);
    assert.equal(state.refusals.length, 1);
    assert.equal(lastRefusal(state)?.by, decision.by);
    assert.match(lastRefusal(state)?.because ?? '', because);
  });

test('a decision for the plan that is asked counts with its digest', () => {
  const plan = aPlan('abcdef0123');
  const state = after(asked({ kind: 'plan', plan, choices: ['approve'] }), decided({ choice: 'approve', digest: 'abcdef0123' }));
  assert.equal(answerOf(state)?.choice, 'approve');
});

test('a decision after time has answered is refused: nobody decides too late', () => {
  const state = after(
    asked({ expires: at(2), otherwise: 'theirs' }),
    { kind: 'expired', question: 'what-is-the-cause' },
    decided(),
  );
  assert.deepEqual(answerOf(state), { choice: 'theirs', by: 'no one', how: 'time', at: at(2) });
  assert.equal(lastRefusal(state)?.because, 'too late: no one answered in time, so the answer is “theirs”');
});

test('time answers nothing that was answered, and nothing without an otherwise', () => {
  const expired: Event = { kind: 'expired', question: 'what-is-the-cause' };
  assert.equal(answerOf(after(asked({ otherwise: 'theirs' }), decided(), expired))?.by, 'ann');
  assert.equal(answerOf(after(asked(), expired)), undefined);
});

test('a release answers every held action and nothing else', () => {
  const held = asked({ id: 'held', kind: 'held', choices: ['release', 'skip'] });
  const stuck = asked({ id: 'stuck', kind: 'stuck', choices: ['retry', 'release'] });
  const skipped = asked({ id: 'skipped', kind: 'held', choices: ['release', 'skip'] });
  const state = after(held, stuck, skipped, decided({ question: 'skipped', choice: 'skip' }), { kind: 'release', by: 'bob' });
  assert.deepEqual(
    state.questions.map(({ id, answer }) => [id, answer?.choice, answer?.by]),
    [
      ['held', 'release', 'bob'],
      ['stuck', undefined, undefined],
      ['skipped', 'skip', 'ann'],
    ],
  );
});

test('whoever acknowledges first is the commander, and stays it', () => {
  const state = after({ kind: 'acknowledge', by: 'ann' }, { kind: 'acknowledge', by: 'bob' });
  assert.deepEqual([state.state, state.commander, state.times.acknowledged], ['acknowledged', 'ann', at(1)]);
});

test('who answers first takes command where not acknowledged', () => {
  const state = after(asked(), decided({ by: 'bob' }), { kind: 'acknowledge', by: 'ann' });
  assert.deepEqual([state.commander, state.times.acknowledged], ['bob', at(2)]);
});

test('acknowledging does not undo what is mitigated already', () => {
  const began: Event = { kind: 'step began', key: 'k', title: 't', phase: '' };
  const { changes, effect } = aReceipt();
  const settled: Event = { kind: 'step settled', key: 'k', state: 'done', because: '', changes, effect };
  assert.equal(after(began, settled, { kind: 'acknowledge', by: 'ann' }).state, 'mitigated');
});

test('only a change whose effect was measured mitigates', () => {
  const { changes } = aReceipt();
  for (const measured of ['none', 'nothing to measure'] as const) {
    const began: Event = { kind: 'step began', key: 'k', title: 't', phase: '' };
    const effect = { measured, text: '' };
    const state = after(began, { kind: 'step settled', key: 'k', state: 'done', because: '', changes, effect });
    assert.equal(state.state, 'triggered', measured);
  }
});

test('the mode is that of the first action, and is set once', () => {
  assert.equal(after({ kind: 'mode', mode: 'observe' }, { kind: 'mode', mode: 'supervised' }).mode, 'observe');
});

test('a repeated delivery is absorbed and counted; a new state of the same alert replaces it', () => {
  const alert = (change = {}): Event => ({ kind: 'alert', alert: anAlert(change) });
  const state = after(alert(), alert(), alert(), alert({ status: 'resolved' }), alert({ fingerprint: 'beef' }));
  assert.equal(state.absorbed, 2);
  assert.deepEqual(
    state.alerts.map(({ fingerprint, status }) => [fingerprint, status]),
    [
      ['f00d', 'resolved'],
      ['beef', 'firing'],
    ],
  );
});

test('only the first cancellation counts', () => {
  const state = after({ kind: 'cancel', by: 'ann', reason: 'done' }, { kind: 'cancel', by: 'bob' });
  assert.deepEqual(kept(state.cancelled), { by: 'ann', reason: 'done' });
});

test('refusals are bounded, however much is sent: the newest stay, each a line', () => {
  const flood = Array.from({ length: 10_000 }, (_, index) => decided({ choice: 'x'.repeat(3000), by: `eve ${index}` }));
  const { refusals } = after(asked(), ...flood.map(event => event));
  assert.equal(refusals.at(-1)?.by, 'eve 9999');
  assert.equal(JSON.stringify(refusals).length < 200_000, true);
});

test('the state is never changed in place', () => {
  const before = after(asked());
  const copy = structuredClone(before);
  reduce(before, { ...decided(), at: at(9) });
  reduce(before, { kind: 'alert', alert: anAlert(), at: at(9) });
  assert.deepEqual(before, copy);
});
