// What people say beside decisions: which of it is accepted, and what stands of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledged, refusalOfSaid, type Said, withRefusal, withSaid } from '../../../workflows/kit/record/commands.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { at, changed, opened } from '../../support/folding.ts';

const phase = { title: 'Recovery', began: at(0), by: at(30) };
const extend = (change: object = {}) =>
  ({ kind: 'extend', phase: 'Recovery', by: 'ann', reason: 'slow', minutes: 10, ...change }) as const;
const inPhase = (change: object = {}, state: Partial<State> = {}) => opened({ phases: [{ ...phase, ...change }], ...state });
const said = (state: State, what: Said, minute = 9) => withSaid(state, { ...what, at: at(minute) });
const last = 'x'.repeat(600);
const kept = `${'x'.repeat(499)}…`;

const refusals: [string, State, Said, string | undefined][] = [
  ['after the end', inPhase({}, { state: 'closed' }), extend(), 'the incident is closed'],
  ['for a phase that runs', inPhase(), extend(), undefined],
  [
    'for a phase that never began',
    inPhase(),
    extend({ phase: 'Rocovery' }),
    'no phase "Rocovery" has begun; phases that can be extended: Recovery',
  ],
  [
    'for a phase with a name that never ends',
    inPhase(),
    extend({ phase: last }),
    `no phase "${'x'.repeat(59)}…" has begun; phases that can be extended: Recovery`,
  ],
  [
    'for one of several phases that has ended',
    opened({
      phases: [
        { ...phase, title: 'A' },
        { ...phase, title: 'B' },
        { ...phase, ended: at(5) },
        { title: 'C', began: at(1) },
      ],
    }),
    extend(),
    'Recovery has ended; phases that can be extended: A, B',
  ],
  [
    'for a phase that has ended, the last',
    inPhase({ ended: at(5) }),
    extend(),
    'Recovery has ended; no phase can be extended now',
  ],
  ['for a phase without a limit', inPhase({ by: undefined }), extend(), 'Recovery has no time limit'],
  ['into the past', inPhase(), extend({ minutes: undefined, until: at(9) }), `${at(9)} is past`],
  ['by a day', inPhase({ by: at(5) }), extend({ minutes: 1440 }), undefined],
  [
    'by more than a day',
    inPhase({ by: at(9) }),
    extend({ minutes: undefined, until: at(1450) }),
    `${at(1450)} is more than a day away`,
  ],
  ['to an earlier time', inPhase(), extend({ minutes: undefined, until: at(30) }), `Recovery already has time until ${at(30)}`],
  ['to a later time', inPhase(), extend({ minutes: undefined, until: at(31) }), undefined],
  ['to the same severity', opened(), { kind: 'severity', severity: 'P1', by: 'ann', reason: 'r' }, 'the severity is P1 already'],
  ['to another severity', opened(), { kind: 'severity', severity: 'P2', by: 'ann', reason: 'r' }, undefined],
  ['to take over again', opened({ commander: 'ann' }), { kind: 'take over', by: 'ann' }, 'ann is already the incident commander'],
  ['to take over', opened({ commander: 'bob' }), { kind: 'take over', by: 'ann' }, undefined],
  ['as a note by whoever commands', opened({ commander: 'ann' }), { kind: 'note', by: 'ann', text: 'P1' }, undefined],
];
for (const [what, state, event, because] of refusals)
  test(`what people say ${what} is ${because ? `refused: ${because}` : 'accepted'} (${event.kind})`, () => {
    assert.equal(refusalOfSaid(state, event, at(9)), because);
  });

test('of a phase that ran twice the later is meant', () => {
  const state = opened({ phases: [{ ...phase, ended: at(3) }, phase, { title: 'Other', began: at(1), by: at(20) }] });
  assert.equal(refusalOfSaid(state, extend(), at(9)), undefined);
  assert.deepEqual(
    said(state, extend()).phases.map(({ by }) => by),
    [at(30), at(40), at(20)],
  );
});

test('minutes count from the limit, from now where it has passed; the extension stands, and it is overdue no more', () => {
  const before = inPhase();
  const note = (until: string, minute: number) => ({ at: at(minute), by: 'ann', until, reason: 'slow' });
  assert.deepEqual(changed(before, said(before, extend())), {
    heard: at(9),
    acted: [{ by: 'ann', at: at(9) }],
    phases: [{ ...phase, by: at(40), extended: [note(at(40), 9)] }],
  });
  const late = inPhase({ overdue: at(30), extended: [note(at(30), 2)] });
  assert.deepEqual(said(late, extend(), 35).phases, [{ ...phase, by: at(45), extended: [note(at(30), 2), note(at(45), 35)] }]);
});

test('until may be said in any time zone, and stands in UTC', () => {
  const [extended] = said(inPhase(), extend({ minutes: undefined, until: '2026-11-24T05:00:00+01:00' })).phases;
  assert.equal(extended?.by, at(60));
});

test('a graver severity stands with who and why, and pages its own first rung', () => {
  const before = opened({ severityChanges: [{ at: at(1), by: 'bob', from: 'P2', to: 'P1', reason: 'r' }] });
  const after = said(before, { kind: 'severity', severity: 'P0', by: 'ann', reason: last });
  assert.deepEqual(Object.keys(changed(before, after)).sort(), ['acted', 'heard', 'paging', 'severity', 'severityChanges']);
  assert.deepEqual([after.severity, after.heard], ['P0', at(9)]);
  assert.deepEqual(after.severityChanges?.slice(1), [{ at: at(9), by: 'ann', from: 'P1', to: 'P0', reason: kept }]);
  assert.deepEqual(after.paging.pages, [{ roles: ['primary'], because: 'P1 is now P0' }]);
  assert.equal(said(opened(), { kind: 'severity', severity: 'P0', by: 'ann', reason: 'r' }).severityChanges?.length, 1);
});

test('a milder severity pages nobody', () => {
  const after = said(opened(), { kind: 'severity', severity: 'P2', by: 'ann', reason: 'r' });
  assert.deepEqual([after.severity, after.paging], ['P2', opened().paging]);
  const grave = opened({}, 'P0');
  assert.deepEqual(said(grave, { kind: 'severity', severity: 'P1', by: 'ann', reason: 'r' }).paging, grave.paging);
});

test('who takes over commands, has acknowledged, and was heard', () => {
  const before = opened({ commander: 'bob' });
  assert.deepEqual(changed(before, said(before, { kind: 'take over', by: 'ann' })), {
    commander: 'ann',
    state: 'acknowledged',
    times: { ...before.times, acknowledged: at(9) },
    heard: at(9),
    acted: [{ by: 'ann', at: at(9) }],
  });
});

test('a note stands with when and who, is cut, and does not acknowledge', () => {
  const before = opened();
  const note = { at: at(9), by: 'ann', text: kept };
  assert.deepEqual(changed(before, said(before, { kind: 'note', by: 'ann', text: last })), {
    heard: at(9),
    acted: [{ by: 'ann', at: at(9) }],
    notes: [note],
  });
});

test('the newest two hundred of notes, refusals, extensions and severities stand', () => {
  const stamp = { at: at(1), by: 'bob', reason: 'r' };
  const full = <T>(entry: T) => Array.from({ length: 200 }, () => entry);
  const isFull = (list: { by: string }[] = []) => assert.deepEqual([list.length, list.at(-1)?.by], [200, 'ann']);
  isFull(said(opened({ notes: full({ ...stamp, text: 'a' }) }), { kind: 'note', by: 'ann', text: 'new' }).notes);
  const refusals = full({ ...stamp, what: 'w', because: 'b' });
  isFull(withRefusal(opened({ refusals }), { at: at(9), by: 'ann', what: 'new', because: 'b' }).refusals);
  isFull(said(inPhase({ extended: full({ ...stamp, until: at(3) }) }), extend()).phases[0]?.extended);
  const severityChanges = full({ ...stamp, from: 'P2', to: 'P1' } as const);
  isFull(said(opened({ severityChanges }), { kind: 'severity', severity: 'P0', by: 'ann', reason: 'r' }).severityChanges);
});

test('a refusal says what was said: the phase, the severity, or what else', () => {
  const what = (event: Said, state: State) => said(state, event).refusals.at(-1);
  const closed = opened({ state: 'closed' });
  const because = 'the incident is closed';
  assert.deepEqual(what(extend(), closed), { at: at(9), by: 'ann', what: 'extend Recovery', because });
  assert.equal(what({ kind: 'severity', severity: 'P0', by: 'ann', reason: 'r' }, closed)?.what, 'severity P0');
  assert.equal(what({ kind: 'take over', by: 'ann' }, closed)?.what, 'take over');
  assert.equal(what({ kind: 'note', by: 'ann', text: 'hello' }, closed)?.what, 'note');
  assert.deepEqual(Object.keys(changed(closed, said(closed, extend()))), ['refusals', 'refused'], 'who is refused was not heard');
});

test('of a refusal each part is cut to two hundred characters', () => {
  const [refusal] = withRefusal(opened(), { at: at(9), by: last, what: last, because: last }).refusals;
  const cut = `${'x'.repeat(199)}…`;
  assert.deepEqual(refusal, { at: at(9), by: cut, what: cut, because: cut });
});

test('acknowledging again says only that somebody was heard', () => {
  const before = opened({ state: 'mitigated', commander: 'bob', times: { fired: at(0), opened: at(0), acknowledged: at(1) } });
  assert.deepEqual(changed(before, acknowledged(before, 'ann', at(9))), { heard: at(9), acted: [{ by: 'ann', at: at(9) }] });
});
