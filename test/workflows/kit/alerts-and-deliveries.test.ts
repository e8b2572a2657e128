// What deliveries of alerts do to an incident, and what the end of all alerts may still do: without a workflow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, Question } from '../../../workflows/contract/index.ts';
import { holdDown, inRecovery, isWithdrawing, keepGoing, mayEnd, reopened } from '../../../workflows/kit/record/alerts.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { timelineOf } from '../../../workflows/kit/record/timeline.ts';
import { aQuestion, at, changed, folded, kept, opened } from '../../support/folding.ts';
import { anAlert } from '../../support/building.ts';

const counted = ({ fingerprint: id, status, startsAt }: Alert) => ({ id, status, startsAt });
const known = anAlert({ startsAt: at(0) });
const end = { holdsUntil: at(4), held: false, counts: false };
const endAsked = aQuestion({ id: 'end', title: 'The alert has resolved', blocking: false });
const delivered = (state: State, change: Partial<Alert>, more: { holds?: string; explained?: string } = {}) =>
  folded(9, state, { kind: 'alert', alert: anAlert(change), ...more });

test('an end holds for five minutes before it is looked at, and people may say: keep going', () => {
  assert.deepEqual([holdDown, keepGoing], [300_000, 'keep going']);
});

test('an alert that fires joins: it is counted, and is a symptom', () => {
  const other = anAlert({ fingerprint: 'beef', startsAt: at(2) });
  const before = opened({ alerts: [known], firings: 1 });
  assert.deepEqual(changed(before, delivered(before, other)), {
    alerts: [...before.alerts, other],
    counted: [counted(known), counted(other)],
    firings: 2,
  });
});

test('what a mitigation of ours explains is recorded as explained, and does not count as a symptom', () => {
  const after = delivered(opened({ alerts: [] }), {}, { explained: 'Activate Circuit Breaker' });
  assert.deepEqual(after.alerts, [{ ...anAlert(), explained: 'Activate Circuit Breaker' }]);
  assert.equal(after.firings, 0);
});

test('the same delivery is absorbed, and changes nothing else', () => {
  const before = opened({ alerts: [known], absorbed: 1 });
  assert.deepEqual(changed(before, delivered(before, known)), { absorbed: 2 });
});

test('an occurrence earlier than the one that is known is absorbed, however it ended', () => {
  const late = anAlert({ startsAt: at(5) });
  const before = opened({ alerts: [late] });
  for (const earlier of [
    anAlert({ startsAt: at(1) }),
    anAlert({ startsAt: at(1), status: 'resolved', endsAt: at(4) }),
    anAlert({ startsAt: at(1), status: 'resolved' }),
  ])
    assert.deepEqual(changed(before, delivered(before, earlier)), { absorbed: 1 });
});

test('of an alert that fires only its beginning counts, whatever end a sender foresees', () => {
  const before = opened({ alerts: [anAlert({ startsAt: at(5) })] });
  assert.deepEqual(delivered(before, { startsAt: at(1), endsAt: at(60) }).alerts, before.alerts);
});

/** Fired at minute 5, and ended at minute 8. */
const ended = anAlert({ startsAt: at(5), status: 'resolved', endsAt: at(8) });
const over = () => folded(8, opened({ alerts: [anAlert({ startsAt: at(5) })] }), { kind: 'alert', alert: ended, holds: at(13) });
const again = (minute: number, state: State) =>
  folded(minute, state, { kind: 'alert', alert: anAlert({ startsAt: at(5) }), holds: at(minute + 5) });
const counts = ({ counted, firings, absorbed }: State) => [counted[0]?.status, firings, absorbed];
const entries = (state: State) =>
  timelineOf(state)
    .filter(({ what }) => what.includes('former beginning'))
    .map(({ at, what }) => [at, what]);

test('a firing with the same beginning within a minute of the end was under way: it is absorbed, and the report says so', () => {
  const absorbed = again(9, over());
  assert.deepEqual(counts(absorbed), ['resolved', 0, 1]);
  assert.equal(absorbed.end?.holdsUntil, at(13));
  assert.deepEqual(entries(absorbed), [
    [at(9), 'DynexHealthCheckFailed fires with its former beginning right after its end: absorbed'],
  ]);
});

test('clearly after the end it means that the alert fires, and the report says so', () => {
  const fires = again(9.1, over());
  assert.deepEqual(counts(fires), ['firing', 1, 0]);
  assert.equal(fires.end, undefined);
  const said = [at(9.1), 'DynexHealthCheckFailed fires again with its former beginning after its end: it fires'];
  assert.deepEqual(entries(fires), [said]);
  const ends = folded(20, fires, { kind: 'alert', alert: { ...ended, endsAt: at(20) }, holds: at(25) });
  assert.deepEqual([ends.counted[0]?.status, entries(ends)], ['resolved', [said]]);
});

test('the second time it means that the alert fires, however soon; each further end may be followed by one that is absorbed', () => {
  const fires = again(8.2, again(8.1, over()));
  assert.deepEqual(counts(fires), ['firing', 1, 1]);
  assert.equal(entries(fires).length, 2);
  const ends = folded(9, fires, { kind: 'alert', alert: { ...ended, endsAt: at(9) } });
  assert.deepEqual(counts(again(9.1, ends)), ['resolved', 1, 2]);
});

test('an earlier occurrence, or the same end again, neither begins nor ends anything', () => {
  for (const change of [{ startsAt: at(3) }, { status: 'resolved', startsAt: at(5), endsAt: at(8) }] as const) {
    const before = over();
    const after = folded(30, before, { kind: 'alert', alert: anAlert(change), holds: at(35) });
    assert.deepEqual(changed(before, after), { absorbed: 1 });
  }
  const fires = again(10, over());
  const earlier = anAlert({ startsAt: at(1), status: 'resolved', endsAt: at(4) });
  assert.deepEqual(changed(fires, folded(11, fires, { kind: 'alert', alert: earlier, holds: at(16) })), { absorbed: 1 });
});

test('an occurrence that has ended begins again with another beginning', () => {
  const ended = anAlert({ startsAt: at(5), status: 'resolved', endsAt: at(6) });
  const before = opened({ alerts: [ended] });
  const other = anAlert({ startsAt: at(7) });
  assert.deepEqual(kept(delivered(before, other).alerts), [other]);
  const repeat = anAlert({ startsAt: at(5), status: 'resolved', endsAt: at(8) });
  assert.deepEqual(changed(before, delivered(before, repeat)), { absorbed: 1 });
});

test('an end after the beginning that is known counts, whenever it says that it began', () => {
  const before = opened({ alerts: [anAlert({ startsAt: at(5) })] });
  const ended = anAlert({ startsAt: at(1), status: 'resolved', endsAt: at(6) });
  assert.deepEqual(kept(delivered(before, ended).alerts), [ended]);
});

test('of one alert the latest occurrence stands, also when it began at the same time', () => {
  const other = anAlert({ fingerprint: 'beef' });
  const ended = anAlert({ startsAt: at(0), status: 'resolved' });
  assert.deepEqual(kept(delivered(opened({ alerts: [known, other] }), ended).alerts), [other, ended]);
});

test('when the last alert has ended, its end must hold', () => {
  const after = delivered(opened(), { status: 'resolved' }, { holds: at(14) });
  assert.deepEqual([after.end, after.firings], [{ holdsUntil: at(14), held: false, counts: false }, 0]);
  assert.equal(delivered(opened(), { status: 'resolved' }).end, undefined);
});

test('an end that holds already is not begun again by another', () => {
  const before = opened({ alerts: [anAlert({ status: 'resolved' })], end });
  assert.deepEqual(delivered(before, { fingerprint: 'beef', status: 'resolved' }, { holds: at(14) }).end, end);
});

test('while another alert fires nothing ends', () => {
  const state = opened({ alerts: [known, anAlert({ fingerprint: 'beef' })] });
  assert.equal(delivered(state, { status: 'resolved' }, { holds: at(14) }).end, undefined);
});

test('firing again takes the end back, and what was asked about it', () => {
  const ended = anAlert({ status: 'resolved', startsAt: at(0) });
  const before = opened({ alerts: [ended], end: { ...end, held: true }, questions: [aQuestion(), endAsked] });
  const after = delivered(before, { startsAt: at(7) });
  assert.equal(after.end, undefined);
  assert.deepEqual(after.questions, [aQuestion(), { ...endAsked, withdrawn: 'the alert fires again' }]);
  assert.deepEqual(after.withdrawn, ['The alert has resolved: the alert fires again']);
});

test('an end may count until it does, before Recovery, while the body runs, and while nobody has cancelled', () => {
  const { replay } = opened();
  assert.equal(mayEnd(opened({ end })), true);
  const past: Partial<State>[] = [
    {},
    { end: { ...end, counts: true } },
    { end, replay: { ...replay, recoveriesBegan: 1 } },
    { end, replay: { ...replay, bodyEnded: true } },
    { end, cancelled: { by: 'ann' } },
  ];
  for (const change of past) assert.equal(mayEnd(opened(change)), false, JSON.stringify(change));
  assert.equal(mayEnd(opened({ end, replay: { ...replay, recoveriesBegan: 1, recoveriesEnded: 1 } })), true);
});

test('Recovery runs while more have begun than ended', () => {
  const { replay } = opened();
  const runs = (recoveriesBegan: number, recoveriesEnded: number) =>
    inRecovery(opened({ replay: { ...replay, recoveriesBegan, recoveriesEnded } }));
  assert.deepEqual([runs(0, 0), runs(1, 0), runs(1, 1), runs(2, 1)], [false, true, false, true]);
});

test('once the end counts further actions are withdrawn, until Recovery or until somebody says keep going', () => {
  const counts = { ...end, counts: true };
  const answer = { choice: 'keep going', by: 'ann', how: 'claimed', at: at(8) } as const;
  const withdraws = (change: Partial<State>) => isWithdrawing(opened({ end: counts, ...change }));
  assert.equal(withdraws({}), true);
  assert.equal(withdraws({ questions: [endAsked] }), true);
  assert.equal(withdraws({ questions: [{ ...endAsked, answer }] }), false);
  assert.equal(withdraws({ questions: [{ ...endAsked, answer }, endAsked] }), true, 'only the latest is asked');
  assert.equal(withdraws({ questions: [aQuestion({ answer, blocking: false })] }), true, 'another question');
  assert.equal(withdraws({ questions: [{ ...endAsked, blocking: true, answer }] }), true, 'a step of that title');
  assert.equal(withdraws({ end }), false);
  assert.equal(isWithdrawing(opened()), false);
  assert.equal(withdraws({ replay: { ...opened().replay, recoveriesBegan: 1 } }), false);
});

test('when the end counts, what was asked to fix it is withdrawn; a handover and a cancellation are left to people', () => {
  const answer = { choice: 'ours', by: 'ann', how: 'claimed', at: at(8) } as const;
  const kinds: Question['kind'][] = ['choice', 'handover', 'plan', 'cancelled'];
  const questions = [...kinds.map(kind => aQuestion({ id: kind, title: kind, kind })), aQuestion({ answer })];
  const after = folded(9, opened({ questions, withdrawn: ['a'] }), { kind: 'alert ended' });
  assert.deepEqual(
    after.questions.map(({ id, withdrawn }) => [id, withdrawn]),
    [
      ['choice', 'the alert has resolved'],
      ['handover', undefined],
      ['plan', 'the alert has resolved'],
      ['cancelled', undefined],
      ['cause', undefined],
    ],
  );
  assert.deepEqual(after.withdrawn, ['a', 'choice: the alert has resolved', 'plan: the alert has resolved']);
});

test('where no end is known none counts', () => {
  assert.deepEqual(changed(opened(), folded(9, opened(), { kind: 'alert ended' })), {});
});

test('a remedy that begins again was not the end, and what follows it counts on from where it was', () => {
  const replay = { ...opened().replay, remediesEnded: 2, reopened: [1], bodyEnded: true, passed: { a: 2, b: 1 } };
  const again = { ...replay, bodyEnded: false, reopened: [1, 2] };
  assert.deepEqual(reopened(replay, { a: 3, c: 1 }), { ...again, passed: { a: 5, b: 1, c: 1 } });
  assert.deepEqual(reopened(replay), again);
});

test('what was not found recovered must hold its end again; what was, or has no end, need not', () => {
  const before = opened({ end: { ...end, held: true, counts: true } });
  const recovered = (state: State, verdict: 'healthy' | 'faulty') =>
    changed(state, folded(9, state, { kind: 'recovery ended', verdict, until: at(14) }));
  const replay = { ...before.replay, recoveriesEnded: 1 };
  assert.deepEqual(recovered(before, 'faulty'), { replay, end: { holdsUntil: at(14), held: false, counts: false } });
  assert.deepEqual(recovered(before, 'healthy'), { replay });
  assert.deepEqual(recovered(opened(), 'faulty'), { replay });
});
