// The alert's end is a claim: it counts when it has held and our own check agrees; then nothing jumps, and nothing further is done before Recovery.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpen } from '../../../workflows/kit/record/state.ts';
import {
  aStart,
  alertEnds,
  anAlert,
  done,
  effects,
  finding,
  minutes,
  planned,
  questionOf,
  refused,
  type Rehearsing,
  stepOf,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const own = 'The alert has resolved: our own check';
const told = 'The alert has resolved';
const resolved = 'the alert has resolved';
const unanswered = { 'Gradual Rollback: 100%': 'approve' };
const firing = (after: number, change: object = {}) => ({
  after: minutes(after),
  signal: 'alert',
  args: [anAlert({ startsAt: new Date(threeAtNight + minutes(after)).toISOString(), ...change })],
});
const at = (time: string | undefined) => (Date.parse(time ?? '') - threeAtNight) / 60_000;

/** The alert ends two minutes after it began, while everybody still thinks about the cause. */
const early = (more: Rehearsing = {}) => trialOutage({ messages: [alertEnds(2)], people: unanswered, ...more });

test('an end that has held for five minutes counts when our own check is healthy, and the body reaches Recovery by itself', async () => {
  const { report } = await early();
  assert.equal(Math.round(at(stepOf(report, own)?.ended)), 7);
  assert.equal(questionOf(report, 'What is the cause?')?.withdrawn, resolved);
  assert.equal(stepOf(report, 'Gradual Rollback: 100%')?.state, 'done');
  assert.equal(report.outcome, 'recovered');
  assert.deepEqual(report.questions.filter(isOpen), []);
});

test('five minutes are waited for at the pace of the platform', async () => {
  const { report } = await early({ args: [aStart(anAlert(), 1 / 60)], messages: [alertEnds(0.1)], takes: {} });
  assert.equal((at(stepOf(report, own)?.ended) - 0.1) * 60 < 8, true);
});

test('before it has held nothing is withdrawn', async () => {
  const { report } = await early({ atMost: minutes(6) });
  assert.deepEqual(report.withdrawn, []);
  assert.equal(stepOf(report, own), undefined);
});

test('an alert that fires again before its end has held has not ended', async () => {
  const { report } = await early({ messages: [alertEnds(2), firing(5)], atMost: minutes(60) });
  assert.equal(stepOf(report, own), undefined);
  assert.equal(questionOf(report, 'What is the cause?')?.withdrawn, undefined);
});

for (const verdict of ['unknown', 'faulty'] as const)
  test(`a check that is ${verdict} is not healthy: the end does not count, and is looked at again every five minutes`, async () => {
    const rehearsed = await early({ world: { [own]: [finding(verdict), finding(verdict), finding('healthy')] } });
    const looks = rehearsed.ran.filter(({ title }) => title === own);
    assert.deepEqual(
      rehearsed.report.steps.filter(({ title }) => title === own).map(({ state }) => state),
      [verdict, 'healthy'],
      'a step for each change of verdict',
    );
    assert.deepEqual(
      looks.map(look => Math.round((look.at - threeAtNight) / 60_000)),
      [7, 12, 17],
    );
    assert.equal(rehearsed.report.outcome, 'recovered');
  });

test('with a Prometheus that never answers the end never counts', async () => {
  const { report } = await early({ world: { [own]: new Error('Prometheus does not answer') }, atMost: minutes(120) });
  assert.equal(questionOf(report, told), undefined);
  assert.equal(questionOf(report, 'What is the cause?')?.withdrawn, undefined);
});

test('a stuck step is skipped, and says why; people are told, and nobody needs to answer', async () => {
  const { report, closed } = await early({ world: { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) } });
  const breaker = stepOf(report, 'Activate Circuit Breaker');
  assert.deepEqual([breaker?.state, breaker?.because], ['skipped', resolved]);
  assert.match(questionOf(report, told)?.because ?? '', /our check is healthy/);
  assert.equal(closed, true);
});

for (const reason of ['approval', 'held'] as const)
  test(`a plan that waits (${reason}) is withdrawn`, async () => {
    const { report, closed } = await early({ world: { 'Activate Circuit Breaker': [planned(reason), done()] } });
    assert.equal(stepOf(report, 'Activate Circuit Breaker')?.state, 'withdrawn');
    assert.equal(report.withdrawn.includes(`Activate Circuit Breaker: ${resolved}`), true);
    assert.equal(closed, true);
  });

test('a task in hand becomes a follow-up', async () => {
  const people = { ...unanswered, 'What is the cause?': 'none of these (I will fix it manually)' };
  const { report, closed } = await early({ people });
  assert.equal(stepOf(report, 'Resolve by hand')?.state, 'withdrawn');
  assert.equal(report.followUps[0]?.title, 'Resolve by hand');
  assert.equal(closed, true);
});

test('a task asks people to confirm its statement, and claims it only once they have', async () => {
  const byHand = 'none of these (I will fix it manually)';
  const open = await trialOutage({ people: { ...unanswered, 'What is the cause?': byHand }, messages: [], atMost: minutes(60) });
  const asked = 'Confirm with “done” once this is true: The fix is written down, and the symptoms are gone';
  assert.equal(questionOf(open.report, 'Resolve by hand')?.because, asked);
  assert.deepEqual(
    [stepOf(open.report, 'Resolve by hand')?.state, stepOf(open.report, 'Resolve by hand')?.because],
    ['waiting', asked],
  );
  const { report } = await trialOutage({
    people: { ...usual, 'What is the cause?': byHand, 'Resolve by hand': 'done' },
    messages: [],
    atMost: minutes(60),
  });
  assert.equal(stepOf(report, 'Resolve by hand')?.because, 'The fix is written down, and the symptoms are gone (ann)');
});

test('each further action before Recovery is withdrawn and returns; what Recovery does is done', async () => {
  const people = { ...unanswered, 'What is the cause?': 'Dynex Platform Issue' };
  const rehearsed = await early({ people, takes: { 'Check Credentials': minutes(11) } });
  assert.equal(stepOf(rehearsed.report, 'Update Status Page: measured')?.state, 'withdrawn');
  assert.equal(questionOf(rehearsed.report, 'What is the cause?')?.withdrawn, resolved);
  assert.equal(stepOf(rehearsed.report, 'Update Status Page: operational')?.state, 'done');
  assert.equal(effects(rehearsed, 'setFallback').length, 3);
});

test('keep going: what follows is done, and asked, as if the alert still fired', async () => {
  const people = { ...usual, [told]: 'keep going', 'What is the cause?': [] };
  const { report } = await early({ people, takes: { 'Check Credentials': minutes(11) }, atMost: minutes(60) });
  assert.equal(questionOf(report, told)?.answer?.by, 'ann');
  assert.equal(stepOf(report, 'Update Status Page: measured')?.state, 'done');
  assert.equal(questionOf(report, 'What is the cause?')?.withdrawn, undefined);
});

test('in Recovery an end withdraws nothing, and is not looked at', async () => {
  const { report } = await trialOutage({ messages: [alertEnds(11)], takes: { 'Verify Quantum Jobs Resume': minutes(40) } });
  assert.equal(stepOf(report, own), undefined);
  assert.deepEqual(report.withdrawn, []);
});

test('an end that Recovery does not bear out no longer counts: the cause is asked again, and the end must hold again', async () => {
  const rehearsed = await early({
    world: { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] },
    people: { 'Gradual Rollback: 100%': ['approve', 'approve'] },
  });
  const { report } = rehearsed;
  assert.equal(rehearsed.ran.filter(({ title }) => title === own).length, 2);
  assert.equal(report.questions.filter(({ title }) => title === 'What is the cause?').length, 2);
  assert.equal(stepOf(report, 'Activate Circuit Breaker: relapse')?.state, 'done');
  assert.equal(report.outcome, 'recovered');
});

test('one of two alerts has ended: the incident has not', async () => {
  const { report } = await early({ messages: [firing(1, { fingerprint: 'beef' }), alertEnds(2)], atMost: minutes(60) });
  assert.equal(stepOf(report, own), undefined);
});

test('deliveries in the wrong order are merged: the end of an earlier occurrence ends no later one', async () => {
  const late = { ...alertEnds(0.5), after: minutes(2) };
  const { report } = await early({ messages: [firing(1), late], atMost: minutes(60) });
  assert.equal(stepOf(report, own), undefined);
  assert.equal(report.absorbed, 1);
});

test('a beginning that is delivered after its own end begins nothing', async () => {
  const startsAt = new Date(threeAtNight + minutes(1)).toISOString();
  const itsEnd = firing(2, { startsAt, status: 'resolved' });
  const { report } = await early({ messages: [itsEnd, firing(3, { startsAt })], atMost: minutes(60) });
  assert.deepEqual([report.alerts.map(({ status }) => status), report.absorbed], [['resolved'], 1]);
});

test('one of two senders began later: the end that the other one tells ends it all the same', async () => {
  const { report } = await early({ messages: [firing(1), alertEnds(2)] });
  assert.equal(Math.round(at(stepOf(report, own)?.ended)), 7);
  assert.equal(report.outcome, 'recovered');
});

test('an alert that our own breaker causes is recorded as such: it neither keeps the end from counting nor reopens', async () => {
  const caused = (after: number, change: object = {}) =>
    firing(after, { name: 'QuantumFallbackRateHigh', fingerprint: 'fa11', ...change });
  const startsAt = new Date(threeAtNight + minutes(1)).toISOString();
  const ends = caused(45, { startsAt, status: 'resolved' });
  const { report, runs } = await early({ messages: [caused(1), alertEnds(2), ends] });
  assert.equal(Math.round(at(stepOf(report, own)?.ended)), 7);
  assert.deepEqual([report.outcome, runs], ['recovered', 1]);
  const before = await early({ messages: [caused(1), alertEnds(2)], atMost: minutes(3) });
  assert.equal(before.report.alerts.find(({ fingerprint }) => fingerprint === 'fa11')?.explained, 'Activate Circuit Breaker');
});

test('the same alert without a breaker of ours is a symptom', async () => {
  const fallback = firing(1, { name: 'QuantumFallbackRateHigh', fingerprint: 'fa11' });
  const world = { 'Activate Circuit Breaker': refused('quota', true) };
  const { report } = await early({ messages: [fallback, alertEnds(2)], world, atMost: minutes(60) });
  assert.equal(report.alerts.at(-2)?.explained, undefined);
  assert.equal(stepOf(report, own), undefined);
});

const patience = 'Monitor Dynex status page';
const patient = (more: Rehearsing = {}) => early({ people: usual, takes: { [patience]: minutes(240) }, ...more });

for (const rollOver of [false, true])
  test(`a patient watch is left when the end counts, and the body goes on to Recovery${rollOver ? ', and over a roll-over' : ''}`, async () => {
    const { report } = await patient({ rollOver });
    const step = stepOf(report, patience);
    assert.deepEqual([Math.round(at(step?.ended)), step?.state], [7, 'unknown']);
    assert.equal(step?.because, 'check failed: the alert has resolved');
    assert.equal(stepOf(report, 'Gradual Rollback: 100%')?.state, 'done');
    assert.equal(report.outcome, 'recovered');
  });

test('while the alert fires a watch looks for as long as it must', async () => {
  const { report } = await patient({ messages: [], atMost: minutes(200) });
  assert.equal(stepOf(report, patience)?.state, 'running');
});
