// What each event changes of an incident, and that it changes nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../workflows/kit/record/events.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, aStep, at, changed, folded, opened } from '../../support/folding.ts';

const end = { holdsUntil: at(4), held: false, counts: false };
const replay = {
  ...opened().replay,
  recoveriesBegan: 1,
  recoveriesEnded: 1,
  remediesEnded: 2,
  reopened: [1],
  bodyEnded: true,
  threw: true,
};
const [aPhase, another] = [
  { title: 'Recovery', began: at(0), by: at(5) },
  { title: 'Investigation', began: at(1), by: at(6) },
];
const action = { type: 'setFallback', input: { enabled: true } };
const asked = { question: 'cause', reminder: 0 };
const slack = { system: 'Slack', because: '503' };
const statuspage = { system: 'status page', because: 'timeout' };
const endAsked = aQuestion({ id: 'end', title: 'The alert has resolved', blocking: false });
const withdrawn = (because: string) => ({
  questions: [{ ...endAsked, withdrawn: because }],
  withdrawn: [`The alert has resolved: ${because}`],
});

/** At minute 9: what happens to what, and all that is different afterwards. */
const cases: [string, Partial<State>, Event, Partial<State>][] = [
  ['the end of an alert has held', { end }, { kind: 'end held' }, { end: { ...end, held: true } }],
  ['an end that is no more holds nothing', {}, { kind: 'end held' }, {}],
  [
    'a doubted end must hold again',
    { end: { ...end, held: true } },
    { kind: 'end doubted', until: at(14) },
    { end: { ...end, holdsUntil: at(14) } },
  ],
  ['the end counts', { end: { ...end, held: true } }, { kind: 'alert ended' }, { end: { ...end, held: true, counts: true } }],
  [
    'a phase begins, with the time by which it should be over',
    { phases: [aPhase] },
    { kind: 'phase began', title: 'Investigation', by: at(30) },
    { phases: [aPhase, { title: 'Investigation', began: at(9), by: at(30) }] },
  ],
  [
    'a phase says when it takes long',
    {},
    { kind: 'phase began', title: 'Recovery', warn: at(20) },
    { phases: [{ title: 'Recovery', began: at(9), warn: at(20) }] },
  ],
  [
    'that a phase takes long is said in the channel',
    { phases: [aPhase, another], announcements: [asked] },
    { kind: 'phase takes long', title: 'Recovery' },
    { phases: [{ ...aPhase, warned: at(9) }, another], announcements: [asked, { remark: 'Recovery takes long' }] },
  ],
  [
    'a phase without a limit begins',
    {},
    { kind: 'phase began', title: 'Recovery' },
    { phases: [{ title: 'Recovery', began: at(9) }] },
  ],
  [
    'of two phases of one title the later ends',
    { phases: [aPhase, another, aPhase, another] },
    { kind: 'phase ended', title: 'Recovery' },
    { phases: [aPhase, another, { ...aPhase, ended: at(9) }, another] },
  ],
  [
    'a phase is overdue',
    { phases: [aPhase, another] },
    { kind: 'phase overdue', title: 'Recovery' },
    { phases: [{ ...aPhase, overdue: at(9) }, another] },
  ],
  [
    'a step begins, and has changed nothing',
    { steps: [aStep()] },
    { kind: 'step began', key: 'l', title: 'Page', phase: 'Recovery' },
    { steps: [aStep(), aStep({ key: 'l', title: 'Page', phase: 'Recovery', began: at(9) })] },
  ],
  [
    'an action says what it will be called with',
    {},
    { kind: 'step began', key: 'k', title: 'Page', phase: 'Recovery', action },
    { steps: [aStep({ title: 'Page', phase: 'Recovery', began: at(9), action })] },
  ],
  [
    'what is done by hand joins the list',
    { byHand: [{ step: 'a', system: 'b', paste: 'c' }] },
    { kind: 'by hand', step: 'Page', system: 'PagerDuty', paste: 'wake up' },
    {
      byHand: [
        { step: 'a', system: 'b', paste: 'c' },
        { step: 'Page', system: 'PagerDuty', paste: 'wake up' },
      ],
    },
  ],
  [
    'what a system did not take stands there once, with the newest reason',
    { undelivered: [slack, statuspage] },
    { kind: 'not delivered', system: 'Slack', because: '500' },
    { undelivered: [statuspage, { system: 'Slack', because: '500' }] },
  ],
  [
    'a page that was not delivered begins the ladder all the same',
    {},
    { kind: 'not delivered', ...slack, page: true },
    { undelivered: [slack], paging: { late: false, pages: [], ladder: { from: at(9), last: at(9), rung: 0 } } },
  ],
  [
    'a system that takes messages again is no longer listed',
    { undelivered: [slack, statuspage] },
    { kind: 'delivered', system: 'Slack', page: false },
    { undelivered: [statuspage] },
  ],
  [
    'a question is withdrawn with why',
    { questions: [aQuestion(), aQuestion({ id: 'other' })], withdrawn: ['a'] },
    { kind: 'withdrawn', question: 'cause', because: 'it is over' },
    {
      questions: [aQuestion({ withdrawn: 'it is over' }), aQuestion({ id: 'other' })],
      withdrawn: ['a', 'What is the cause?: it is over'],
    },
  ],
  [
    'what is withdrawn without having been asked is told by its name',
    { questions: [aQuestion({ id: 'other' })] },
    { kind: 'withdrawn', question: 'cause', because: 'it is over' },
    { withdrawn: ['cause: it is over'] },
  ],
  [
    'a refusal stands with what, who, why and when',
    { refusals: [] },
    { kind: 'refused', what: 'decide', by: 'eve', because: 'malformed' },
    {
      refusals: [{ at: at(9), what: 'decide', by: 'eve', because: 'malformed' }],
      refused: { at: at(9), what: 'decide', by: 'eve', because: 'malformed' },
    },
  ],
  [
    'what was not delivered is settled',
    { undelivered: [{ system: 'a', because: 'b' }] },
    { kind: 'moot', system: 'a' },
    { undelivered: [] },
  ],
  [
    'who cancels was heard, and is named',
    {},
    { kind: 'cancel', by: 'ann' },
    { heard: at(9), acted: [{ by: 'ann', at: at(9) }], cancelled: { by: 'ann' } },
  ],
  [
    'a false alarm is cancelled with its reason',
    {},
    { kind: 'cancel', by: 'ann', reason: 'a test', falseAlarm: true },
    { heard: at(9), acted: [{ by: 'ann', at: at(9) }], cancelled: { by: 'ann', reason: 'a test', falseAlarm: true } },
  ],
  [
    'a second cancellation changes nothing, not even who was heard',
    { cancelled: { by: 'ann' }, heard: at(2) },
    { kind: 'cancel', by: 'bob' },
    {},
  ],
  [
    'the incident is resolved, and when; what fired before does not count',
    { firings: 3, times: { fired: at(0), opened: at(0) } },
    { kind: 'resolved' },
    { state: 'resolved', quietSince: 3, times: { fired: at(0), opened: at(0), resolved: at(9) } },
  ],
  [
    'Recovery begins: keep going is no longer a choice',
    { replay, questions: [endAsked] },
    { kind: 'recovery began' },
    { replay: { ...replay, recoveriesBegan: 2 }, ...withdrawn('Recovery has begun') },
  ],
  ['a remedy ends', { replay }, { kind: 'remedy ended' }, { replay: { ...replay, remediesEnded: 3 } }],
  ['the body throws', { replay: { ...replay, threw: false } }, { kind: 'body threw' }, { replay }],
  ['the body runs on', { replay }, { kind: 'body runs on' }, { replay: { ...replay, threw: false } }],
  [
    'the body ends: keep going is no longer a choice',
    { replay: { ...replay, bodyEnded: false }, questions: [endAsked] },
    { kind: 'body ended' },
    { replay, ...withdrawn('the runbook has ended') },
  ],
  [
    'recovery was looked for, and what was seen',
    {},
    { kind: 'recovery', verdict: 'faulty', evidence: '3 of 20' },
    { recovery: { verdict: 'faulty', evidence: '3 of 20' } },
  ],
  [
    'measured recovery resolves it',
    { firings: 2 },
    { kind: 'recovery', verdict: 'healthy', evidence: '20 of 20' },
    {
      state: 'resolved',
      quietSince: 2,
      recovery: { verdict: 'healthy', evidence: '20 of 20' },
      times: { ...opened().times, resolved: at(9) },
    },
  ],
  [
    'the quiet time begins again',
    { quiet: true },
    { kind: 'quiet from now', until: at(69) },
    { quiet: false, quietUntil: at(69) },
  ],
  ['it is quiet', {}, { kind: 'quiet' }, { quiet: true }],
  ['the world is waited for once more', { pauses: 1 }, { kind: 'paused' }, { pauses: 2 }],
  [
    'the ticket of a follow-up is noted with it',
    { followUps: [{ title: 'a', owner: 'b', confirm: 'c' }] },
    { kind: 'ticket', number: 1, ticket: { href: 'https://shop/1', text: 'Opened #1.' } },
    { followUps: [{ title: 'a', owner: 'b', confirm: 'c', ticket: { href: 'https://shop/1', text: 'Opened #1.' } }] },
  ],
  [
    'what is left to do afterwards joins the list',
    { followUps: [{ title: 'a', owner: 'b', confirm: 'c' }] },
    { kind: 'follow-up', title: 'Tell them', owner: 'finance', confirm: 'told' },
    {
      followUps: [
        { title: 'a', owner: 'b', confirm: 'c' },
        { title: 'Tell them', owner: 'finance', confirm: 'told' },
      ],
    },
  ],
  [
    'it is closed, with its outcome and when',
    { state: 'resolved' },
    { kind: 'closed', outcome: 'recovered' },
    { state: 'closed', outcome: 'recovered', times: { fired: at(0), opened: at(0), closed: at(9) } },
  ],
];

for (const [what, before, event, difference] of cases)
  test(`${what} (${event.kind}), and nothing else changes`, () => {
    const state = opened(before);
    assert.deepEqual(changed(state, folded(9, state, event)), difference);
  });

test('it fires again: the last remedy was not the end, it is no longer resolved, and its recovery is a thing of the past', () => {
  const recovery = { verdict: 'healthy', evidence: '20 of 20 jobs succeeded on Dynex' } as const;
  const before = opened({ state: 'resolved', quietUntil: at(60), firedAgain: 1, recovery, replay });
  const after = folded(9, before, { kind: 'fires again' });
  assert.deepEqual(Object.keys(changed(before, after)).sort(), ['firedAgain', 'quietUntil', 'recovery', 'replay', 'state']);
  assert.deepEqual([after.state, after.firedAgain, after.quietUntil, after.recovery], ['acknowledged', 2, undefined, undefined]);
  assert.deepEqual([after.replay.bodyEnded, after.replay.reopened, after.replay.remediesEnded], [false, [1, 2], 2]);
});

test('the first page that is delivered is when people were paged, and begins the ladder; a later one changes neither', () => {
  const delivered: Event = { kind: 'delivered', system: 'PagerDuty', page: true };
  const once = folded(9, opened(), delivered);
  assert.deepEqual([once.times.paged, once.paging.ladder], [at(9), { from: at(9), last: at(9), rung: 0 }]);
  assert.deepEqual(changed(once, folded(12, once, delivered)), {});
});

test('a message that is delivered pages nobody', () => {
  const state = folded(9, opened(), { kind: 'delivered', system: 'Slack', page: false }, { kind: 'not delivered', ...slack });
  assert.deepEqual([state.times.paged, state.paging.ladder], [undefined, undefined]);
});
