// What an incident begins with, and what of it people read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stillDelivered, stillFiring } from '../../../workflows/kit/record/counted-alerts.ts';
import { opening, openQuestions, reportOf, type State } from '../../../workflows/kit/record/state.ts';
import { aQuestion, at, opened } from '../../support/folding.ts';
import { anAlert, aStart } from '../../support/building.ts';

const alert = anAlert({ startsAt: at(-2) });
const start = aStart(alert, 1 / 60);
const begun = () => opening('Dynex Outage', 'dynex-outage', 'P0', start, at(0));

test('an incident begins with its alert and nothing else, from when the alert fired', () => {
  const { timeline, ...report } = reportOf(begun());
  assert.deepEqual(timeline, [
    { at: at(-2), who: 'alert', what: 'DynexHealthCheckFailed fires' },
    { at: at(0), who: 'incident', what: 'incident opened' },
  ]);
  assert.deepEqual(report, {
    version: 1,
    incident: 'dynex-outage-20261124-k7fp',
    runbook: 'dynex-outage',
    title: 'Dynex Outage',
    severity: 'P0',
    state: 'triggered',
    summary: 'No probe reaches Dynex (DynexHealthCheckFailed)',
    timesFaster: 60,
    times: { fired: at(-2), opened: at(0) },
    alerts: [alert],
    absorbed: 0,
    phases: [],
    steps: [],
    questions: [],
    refusals: [],
    withdrawn: [],
    undelivered: [],
    byHand: [],
    followUps: [],
  });
});

test('nobody is paged, nothing is counted and nothing has passed when it begins', () => {
  const { paging, announcements, counted, uncounted, quiet, firings, quietSince, firedAgain, pauses, replay } = begun();
  assert.deepEqual([paging, announcements], [{ late: false, pages: [] }, []]);
  assert.deepEqual([counted, uncounted], [[{ id: 'f00d', status: 'firing', startsAt: at(-2), opening: true }], 0]);
  assert.deepEqual([quiet, firings, quietSince, firedAgain, pauses], [false, 0, 0, 0, 0]);
  const { recoveriesBegan, recoveriesEnded, remediesEnded, reopened, bodyEnded, threw } = replay;
  assert.deepEqual([recoveriesBegan, recoveriesEnded, remediesEnded, reopened, bodyEnded, threw], [0, 0, 0, [], false, false]);
});

test('the summary is what a person gave as the reason, else the alert’s own, else its name', () => {
  const summary = (change: object) => opening('t', 'r', 'P0', { ...start, ...change }, at(0)).summary;
  assert.equal(summary({ because: 'customers report failing jobs' }), 'customers report failing jobs');
  assert.equal(summary({ alert: anAlert({ annotations: {} }) }), 'DynexHealthCheckFailed');
});

test('who has which role is known where the platform says so', () => {
  const people = { ann: ['primary' as const] };
  assert.deepEqual(opening('t', 'r', 'P0', { ...start, platform: { ...start.platform, people } }, at(0)).people, people);
  assert.equal(begun().people, undefined);
});

test('people do not read what only the clocks and the reducer need', () => {
  const end = { holdsUntil: at(5), held: false, counts: false };
  const inner = { end, heard: at(1), cancelled: { by: 'ann' }, quietUntil: at(60), people: {} } satisfies Partial<State>;
  assert.deepEqual(reportOf({ ...begun(), ...inner }), reportOf(begun()));
});

test('a question is open until it is answered or withdrawn', () => {
  const answer = { choice: 'ours', by: 'ann', how: 'claimed', at: at(2) } as const;
  const questions = [aQuestion(), aQuestion({ id: 'a', answer }), aQuestion({ id: 'b', withdrawn: 'it is over' })];
  assert.deepEqual(
    openQuestions(opened({ questions })).map(({ id }) => id),
    ['cause'],
  );
});

test('what is explained fires no more for us, but is still delivered; what a person opened is not', () => {
  const ends = (...alerts: State['alerts']) => [stillFiring(opened({ alerts })), stillDelivered(opened({ alerts }))];
  const resolved = anAlert({ status: 'resolved' });
  assert.deepEqual(ends(resolved, anAlert()), [true, true]);
  assert.deepEqual(ends(resolved), [false, false]);
  assert.deepEqual(ends({ ...anAlert(), explained: 'Activate Circuit Breaker' }), [false, true]);
  assert.deepEqual(ends(anAlert({ source: 'person' })), [true, false]);
});
