// An alert that fires once an incident is over, while its last messages go out, is not lost: it opens the next one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aQuestion } from '../../support/folding.ts';
import { alertEnds, anAlert, aStart, finding, minutes, type Rehearsing, threeAtNight, usual } from '../../support/rehearsing.ts';
import type { Timed } from '../../../workflows/kit/record/events.ts';
import { reduce } from '../../../workflows/kit/record/reducer.ts';
import { opening } from '../../../workflows/kit/record/state.ts';
import { readNextStart } from '../../../workflows/kit/incident/next-start.ts';
import { trial, trialOutage } from '../../support/trial/rehearsing.ts';

const at = (after: number) => new Date(threeAtNight + minutes(after)).toISOString();
const delivered = (after: number, change: Parameters<typeof anAlert>[0]) => ({
  after: minutes(after),
  signal: 'alert',
  args: [anAlert(change)],
});
const firesAgain = (after: number) => delivered(after, { startsAt: at(after), fingerprint: 'beef' });

/** Slack takes ten minutes for the last message. */
const slow: Rehearsing = { takes: { 'Announce the resolution': minutes(10) } };
const ended = async (incident: Rehearsing) => {
  const { report, started } = await trialOutage(incident);
  const next = started.map(({ type, args }) => {
    const read = readNextStart(args);
    assert.ok('ok' in read);
    return { type, ...read.ok };
  });
  return { report, started: next, over: (Date.parse(report.times.closed ?? '') - threeAtNight) / 60_000 };
};
const cancelledAt = (after: number) => ({ after: minutes(after), signal: 'cancel', args: [{ by: 'bob', reason: 'drill' }] });

test('a new alert while the resolution is announced opens the next incident with it, and changes nothing of this one', async () => {
  const { report, over } = await ended({ ...slow, messages: [alertEnds(10)] });
  const late = firesAgain(over - 5);
  const rehearsed = await ended({ ...slow, messages: [alertEnds(10), late] });
  assert.equal(rehearsed.report.outcome, 'recovered');
  assert.equal(rehearsed.report.times.closed, report.times.closed);
  const [next, ...more] = rehearsed.started;
  assert.deepEqual(more, []);
  assert.equal(next?.type, 'nextIncident');
  assert.deepEqual(next?.alerts, late.args);
});

test('several, and the end of one, are handed on in their order; the repeat of what has ended is not', async () => {
  const { over } = await ended({ ...slow, messages: [alertEnds(10)] });
  const first = firesAgain(over - 6);
  const its = delivered(over - 5, { startsAt: at(over - 6), fingerprint: 'beef', status: 'resolved', endsAt: at(over - 5) });
  const other = delivered(over - 4, { startsAt: at(over - 4), fingerprint: 'cafe' });
  const repeat = delivered(over - 3, { status: 'resolved' });
  const { started } = await ended({ ...slow, messages: [alertEnds(10), first, its, other, repeat] });
  assert.deepEqual(
    started.map(({ alerts }) => alerts),
    [[...first.args, ...its.args, ...other.args]],
  );
});

test('the firing stays before its end, however often a storm repeats it', async () => {
  const { over } = await ended({ ...slow, messages: [alertEnds(10)] });
  const first = firesAgain(over - 8);
  const storm = Array.from({ length: 300 }, (_, index) =>
    delivered(over - 7 + index / 300, { startsAt: at(over - 7), fingerprint: `cafe-${index % 60}` }),
  );
  const { started } = await ended({ ...slow, messages: [alertEnds(10), first, ...storm, firesAgain(over - 5)] });
  const { alerts = [] } = started[0] ?? {};
  assert.equal(started.length, 1);
  assert.equal(alerts[0]?.fingerprint, 'beef');
  assert.equal(alerts.length, 61);
});

const told = (after: number, change: Parameters<typeof anAlert>[0]): Timed => ({
  kind: 'alert',
  alert: anAlert(change),
  at: at(after),
});
const over = [{ kind: 'over', at: at(20) }, told(21, { startsAt: at(21), fingerprint: 'beef' })] satisfies Timed[];
const begun = opening('Dynex Outage', 'dynex-outage', 'P1', aStart(), at(0));

test('the end of an alert that was handed on follows it to the next incident', () => {
  const end = told(22, { startsAt: at(21), fingerprint: 'beef', status: 'resolved', endsAt: at(22) });
  const events = [...over, { kind: 'handed on', at: at(21) }, end] satisfies Timed[];
  const { next = [] } = events.reduce(reduce, begun);
  assert.deepEqual(
    next.map(({ fingerprint, status }) => [fingerprint, status]),
    [['beef', 'resolved']],
  );
});

test('where a question keeps an ended incident open, the first level is paged for the new alert, once', () => {
  const again = told(23, { startsAt: at(21), fingerprint: 'beef' });
  const pages = (events: Timed[]) => events.reduce(reduce, begun).paging.pages.map(({ roles }) => roles);
  assert.deepEqual(pages([...over, again]), []);
  assert.deepEqual(pages([{ kind: 'asked', question: aQuestion({ kind: 'text' }), at: at(19) }, ...over, again]), [['primary']]);
});

test('after a cancellation the alert is absorbed until it ends, and no longer', async () => {
  const people = { ...usual, 'Undo or leave?': 'leave' };
  const absorbed = delivered(20, { startsAt: at(20), fingerprint: 'beef' });
  const endOf = delivered(31, { startsAt: at(20), fingerprint: 'beef', status: 'resolved', endsAt: at(31) });
  const messages = [cancelledAt(8), absorbed, alertEnds(30), endOf];
  assert.deepEqual((await ended({ ...slow, people, messages })).started, []);
  const next = firesAgain(32);
  const { report, started } = await ended({ ...slow, people, messages: [...messages, next] });
  assert.match(report.outcome ?? '', /^cancelled by bob/);
  assert.deepEqual(
    started.map(({ alerts }) => alerts),
    [next.args],
  );
});

test('nor is one lost while the report of a closed incident is kept', async () => {
  const people = { ...usual, 'Undo or leave?': 'leave' };
  const keeping = { takes: { 'Keep the report': minutes(10) }, people };
  for (const before of [[alertEnds(10)], [cancelledAt(8), alertEnds(30)]]) {
    const { over } = await ended({ ...keeping, messages: before });
    const next = firesAgain(over + 5);
    const { started } = await ended({ ...keeping, messages: [...before, next] });
    assert.deepEqual(
      started.map(({ alerts }) => alerts),
      [next.args],
    );
  }
});

test('also where the worker was away meanwhile, and hears of end and new alert at once', async () => {
  const people = { ...usual, 'Undo or leave?': 'leave' };
  const next = firesAgain(30);
  const { started } = await ended({ people, messages: [cancelledAt(8), alertEnds(30), next] });
  assert.deepEqual(
    started.map(({ alerts }) => alerts),
    [next.args],
  );
});

test('an alert whose symptom was not confirmed is followed by the one that fires while that is told', async () => {
  const threeDays = -3 * 24 * 60;
  const end = delivered(30, { startsAt: at(threeDays), status: 'resolved', endsAt: at(30) });
  const args = [aStart(anAlert({ startsAt: at(threeDays) }))];
  const world = { recovered: finding('healthy') };
  const late = (after: number) => trial('outage', { ...slow, args, world, messages: [end, firesAgain(after)] });
  const { report, started } = await late(35);
  assert.equal(report.outcome, 'symptom not confirmed');
  assert.equal(started.length, 1);
});
