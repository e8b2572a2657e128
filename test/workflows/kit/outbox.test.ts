// Messages block nothing: they are tried again in the background, in order, and newer text supersedes older.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import { isOpen } from '../../../workflows/kit/record/state.ts';
import {
  alertEnds,
  callOf,
  done,
  effects,
  minutes,
  planned,
  questionOf,
  stepOf,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const sent = done({ note: 'sent', changes: [], effect: { measured: 'nothing to measure', text: 'accepted' } });

/** A system that answers 503 until so many minutes after the alert. */
const downFor =
  (count: number) =>
  ({ at }: Attempt) =>
    at < threeAtNight + minutes(count) ? new Error('503') : sent;

const acknowledged = (after: number) => ({ after: minutes(after), signal: 'acknowledge', args: [{ by: 'ann' }] });

test('a dead status page is stuck for nobody: it is on the list of what is not delivered, and the incident closes', async () => {
  const { report, closed } = await trialOutage({ world: { setStatusPage: new Error('503') } });
  assert.equal(closed, true);
  assert.equal(questionOf(report, 'Update Status Page'), undefined);
  assert.deepEqual(report.undelivered, [{ system: 'status page', because: '503' }]);
  assert.equal(stepOf(report, 'Update Status Page')?.state, 'not delivered');
});

test('newer text supersedes what was not delivered: the older is never sent after it', async () => {
  const rehearsed = await trialOutage({ world: { setStatusPage: downFor(13) } });
  const attempts = effects(rehearsed, 'setStatusPage').map(({ title }) => title);
  const measured = attempts.indexOf('Update Status Page: measured');
  assert.equal(measured > 0, true);
  assert.equal(attempts.slice(measured).includes('Update Status Page'), false);
  assert.equal(stepOf(rehearsed.report, 'Update Status Page')?.state, 'not delivered');
  assert.equal(stepOf(rehearsed.report, 'Update Status Page: measured')?.state, 'done');
  assert.deepEqual(rehearsed.report.undelivered, []);
});

test('a question that is told nowhere but on the board is not called done, and is no work to paste', async () => {
  const because = 'Slack is not connected: it stands on the board.';
  const { report } = await trialOutage({ world: { announce: { byHand: { system: 'Slack', because, paste: '' } } } });
  const told = report.steps.filter(({ action }) => action?.type === 'announce');
  assert.equal(told.length > 0, true);
  assert.deepEqual(new Set(told.map(step => [step.state, step.because].join(': '))), new Set([`by hand: ${because}`]));
  assert.deepEqual(report.byHand, []);
});

test('every attempt of a message has the key of its step', async () => {
  const rehearsed = await trialOutage({ world: { setStatusPage: downFor(13), page: downFor(5) } });
  for (const title of ['Update Status Page', 'Update Status Page: measured', 'Notify Team']) {
    const keys = rehearsed.ran.filter(attempt => attempt.title === title).map(({ args }) => callOf(args).key);
    assert.equal(keys.length > 1, true, title);
    assert.deepEqual(new Set(keys), new Set([stepOf(rehearsed.report, title)?.key]), title);
  }
});

test('a held public text waits for people without holding anything up, until newer text supersedes it', async () => {
  const world = { setStatusPage: planned('held'), 'Update Status Page: operational': sent };
  const { report, closed } = await trialOutage({ world });
  const [first, second] = report.questions.filter(({ kind }) => kind === 'held');
  assert.deepEqual([first?.title, second?.title], ['Update Status Page', 'Update Status Page: measured']);
  assert.equal(first?.blocking, false);
  assert.equal(first?.withdrawn, 'superseded by a newer message');
  assert.equal(stepOf(report, 'Update Status Page')?.state, 'withdrawn');
  assert.equal(stepOf(report, 'Update Status Page: operational')?.state, 'done');
  assert.equal(closed, true);
  assert.deepEqual(report.questions.filter(isOpen), []);
});

test('the last public text, if it is held, waits for people; the incident does not close over it', async () => {
  const world = { 'Update Status Page: operational': [planned('held'), sent] };
  const waiting = await trialOutage({ world });
  assert.equal(waiting.closed, false);
  const released = await trialOutage({ world, people: { ...usual, 'Update Status Page: operational': 'release' } });
  assert.equal(stepOf(released.report, 'Update Status Page: operational')?.state, 'done');
  assert.equal(released.closed, true);
});

/** It answers 503 for two minutes, is held then, and goes on as said once it is released. */
function heldLater(then: unknown) {
  let isHeld = false;
  return ({ at }: Attempt) => {
    if (isHeld) return then;
    isHeld = at >= threeAtNight + minutes(2);
    return isHeld ? planned('held') : new Error('503');
  };
}

test('a text that is released and fails again is not delivered, and holds nothing up', async () => {
  const world = { 'Update Status Page': heldLater(new Error('503')), 'Update Status Page: measured': sent };
  const { report, closed } = await trialOutage({ world, people: { ...usual, 'Update Status Page': 'release' } });
  assert.equal(questionOf(report, 'Update Status Page')?.answer?.choice, 'release');
  assert.equal(stepOf(report, 'Update Status Page')?.state, 'not delivered');
  assert.equal(closed, true);
});

test('a text that waits for people when its incident rolls over waits on, and is sent when they release it', async () => {
  const world = {
    'Update Status Page': heldLater(sent),
    'Activate Circuit Breaker: measured': { verdict: 'faulty', evidence: '' },
  };
  const said = (after: number, question: string, choice: string) => ({
    after: minutes(after),
    signal: 'decide',
    args: [{ question, choice, by: 'ann' }],
  });
  const messages = [
    alertEnds(30),
    said(20, 'update-status-page', 'release'),
    said(25, 'what-is-the-cause', 'Dynex Platform Issue'),
  ];
  const { report } = await trialOutage({ world, messages, people: { 'Gradual Rollback: 100%': 'approve' }, rollOver: true });
  assert.equal(stepOf(report, 'Update Status Page')?.state, 'done');
});

test('what is said while the end is announced is tried before the incident is over', async () => {
  const undone = { after: minutes(82), signal: 'undone', args: [{ key: 'k', by: 'bob' }] };
  const rehearsed = await trialOutage({
    messages: [alertEnds(10), undone],
    takes: {
      'Announce the resolution': minutes(5),
      'Activate Circuit Breaker: ConfigMap nqba-platform/nqba-config: undone by bob': minutes(10),
    },
  });
  const [remark] = effects(rehearsed, 'remark');
  assert.equal(rehearsed.closed, true);
  assert.notEqual(remark, undefined);
  assert.equal(stepOf(rehearsed.report, remark?.title ?? '')?.state, 'done');
});

test('a text that is older than the newest one is not sent after it, in no run', async () => {
  const isDown = ({ at }: Attempt) => (at < threeAtNight + minutes(30) ? new Error('503') : sent);
  const rehearsed = await trialOutage({ world: { setStatusPage: isDown }, rollOver: true });
  const attempts = effects(rehearsed, 'setStatusPage').map(({ title }) => title);
  assert.equal(attempts.slice(attempts.indexOf('Update Status Page: operational')).length > 0, true);
  const measured = attempts.indexOf('Update Status Page: measured');
  assert.equal(attempts.slice(measured).includes('Update Status Page'), false);
});

test('a text that is superseded while it is being planned asks nobody', async () => {
  const slowly = ({ title }: Attempt) => (title === 'Update Status Page' ? planned('held') : sent);
  const { report } = await trialOutage({
    world: {
      setStatusPage: slowly,
      'Activate Circuit Breaker: measured': { verdict: 'healthy', evidence: '', facts: { share: 1 } },
    },
    takes: { 'Update Status Page': minutes(12) },
  });
  assert.equal(questionOf(report, 'Update Status Page'), undefined);
  assert.equal(stepOf(report, 'Update Status Page')?.because, 'superseded by a newer message');
});

test('pages and words to responders go out where we only observe', async () => {
  const rehearsed = await trialOutage({ world: { setFallback: planned('observe'), setStatusPage: planned('observe') } });
  const calls = ['page', 'declareIncident', 'resolveIncident'].flatMap(type => effects(rehearsed, type));
  assert.deepEqual(new Set(calls.map(({ type }) => type)).size, 3);
  assert.equal(
    calls.every(({ args }) => callOf(args).dryRun === undefined),
    true,
  );
});

test('the living message follows the incident: it is rewritten with its state, and never with the text of an earlier try', async () => {
  const rehearsed = await trialOutage({
    world: { declareIncident: downFor(40) },
    messages: [acknowledged(20)],
    people: {},
    atMost: minutes(45),
  });
  const told = effects(rehearsed, 'declareIncident').map(({ at, args }) => ({ at, state: callOf(args).about?.state }));
  assert.deepEqual(told[0]?.state, undefined);
  const mitigated = 'mitigated, incident commander: ann';
  for (const { at, state } of told) if (at > threeAtNight + minutes(20)) assert.equal(state, mitigated);
  assert.equal(told.at(-1)?.state, mitigated);
  assert.deepEqual(rehearsed.report.undelivered, []);
});

test('a message that was not delivered is tried again with the latest state, and not by the clock', async () => {
  const raised = { after: minutes(20), signal: 'severity', args: [{ by: 'ann', reason: 'as seen', severity: 'P0' }] };
  const rehearsed = await trialOutage({ world: { announce: downFor(60) }, messages: [raised], people: {}, atMost: minutes(70) });
  const tries = effects(rehearsed, 'announce').map(({ at, title, args }) => ({
    at,
    title,
    severity: callOf(args).about?.severity,
  }));
  assert.equal(
    tries.some(({ severity }) => severity === 'P1'),
    true,
  );
  for (const { at, severity } of tries) if (at > threeAtNight + minutes(21)) assert.equal(severity, 'P0');
});

test('messages say which incident they belong to, and when it opened; actions are not told', async () => {
  const rehearsed = await trialOutage();
  const { incident, times } = rehearsed.report;
  const about = callOf(effects(rehearsed, 'page')[0]?.args ?? []).about;
  assert.deepEqual([about?.incident, about?.opened], [incident, times.opened]);
  assert.equal(callOf(effects(rehearsed, 'setFallback')[0]?.args ?? []).about, undefined);
});
