import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  acknowledges,
  firesAgain,
  holds,
  keptOut,
  p0,
  resolves,
  rollback,
  rolledOut,
  scaleUp,
  serves,
  stillDown,
  whatFitsStep,
} from '../../support/platform-down.ts';
import { callOf, effects, finding, minutes, questionOf, stepOf, threeAtNight } from '../../support/rehearsing.ts';

const told = ({ ran }: Rehearsal, title: string) =>
  ran.filter(one => one.title === title).map(({ args: [input] }) => String(Reflect.get(Object(input), 'text')));
const pagedAs = (rehearsed: Rehearsal) =>
  effects(rehearsed, 'page').map(({ args: [input], at }) => ({ at: at - threeAtNight, input: JSON.stringify(input) }));
const nowhere = finding('healthy', { change: null, rollout: null });

test('a rollout that never gets ready is rolled back once people approve, and closes when the outside view has held', async () => {
  const rehearsed = await p0();
  const { report } = rehearsed;
  assert.equal(report.outcome, 'recovered');
  assert.equal(questionOf(report, rollback)?.answer?.choice, 'approve');
  assert.deepEqual(
    effects(rehearsed, 'rollBack').map(({ args }) => [args[0], callOf(args).approved]),
    [
      [{ workload: 'api' }, undefined],
      [{ workload: 'api' }, 'd1'],
    ],
  );
  assert.equal(effects(rehearsed, 'raiseFloor').length + effects(rehearsed, 'setFallback').length, 0);
  const [text] = told(rehearsed, whatFitsStep);
  assert.match(text ?? '', /^Fits: roll back\. Rollback: revision 42 was rolled out 5 minutes before\./);
  assert.match(text ?? '', /Scaling up not offered: performance is healthy\. Quantum fallback not offered: Dynex is healthy\./);
});

test('pods of other namespaces that are not ready are told with what was found: they may be why', async () => {
  const elsewhere = finding('faulty', {}, 'kube-system/coredns: 0 of 2 ready');
  const rehearsed = await p0({ world: { 'Check overall system health: pods of all namespaces': elsewhere } });
  assert.match(told(rehearsed, whatFitsStep)[0] ?? '', /kube-system\/coredns: 0 of 2 ready/);
  const [looked] = rehearsed.ran.filter(({ title }) => title.endsWith('pods of all namespaces'));
  assert.deepEqual(looked?.args[0], { namespaces: 'all' });
});

test('its own last text of the status page is the last one: no draft supersedes it', async () => {
  const { report, ran } = await p0();
  const texts = ran
    .filter(({ type }) => type === 'setStatusPage')
    .map(({ args: [input] }) => String(Reflect.get(Object(input), 'text')));
  assert.deepEqual(texts, ['outage', 'works-again']);
  assert.equal(stepOf(report, 'Update status page: operational')?.state, 'done');
});

test('it does not close before the outside view has held for the recovery time', async () => {
  const { report } = await p0({ world: { [holds]: [stillDown, finding('healthy')] }, takes: { [holds]: minutes(2) } });
  assert.deepEqual(
    report.steps.filter(({ title }) => title === holds).map(({ state }) => state),
    ['faulty', 'healthy'],
  );
  assert.equal(report.steps.filter(({ title }) => title === whatFitsStep).length, 2);
  assert.equal(report.outcome, 'recovered');
});

test('whoever acknowledges, in whichever way, commands: the task is done and asked no more', async () => {
  const { report } = await p0({ messages: [acknowledges(2), resolves(20)] });
  const title = 'Acknowledge the incident';
  assert.equal(questionOf(report, title)?.withdrawn, 'the incident was acknowledged');
  const { state, because } = stepOf(report, title) ?? {};
  assert.deepEqual([state, because, report.commander], ['done', 'I am incident commander (ann)', 'ann']);
});

test('an answer to the task itself is an acknowledgement', async () => {
  const { report } = await p0({ people: { 'Acknowledge the incident': 'done', [rollback]: 'approve' } });
  assert.equal(questionOf(report, 'Acknowledge the incident')?.answer?.choice, 'done');
  assert.equal(report.commander, 'ann');
});

test('slow answers with a database that is known to be healthy raise the floor without asking', async () => {
  const world = {
    rollouts: nowhere,
    probe: finding('healthy'),
    'Check monitoring dashboards: latency': finding('faulty', { value: 4.2 }, 'p95 is 4.2 s'),
  };
  const rehearsed = await p0({ world, people: {} });
  assert.deepEqual(
    effects(rehearsed, 'raiseFloor').map(({ args: [input] }) => input),
    [{ workload: 'api', atLeast: 'twice' }],
  );
  assert.equal(stepOf(rehearsed.report, scaleUp)?.state, 'done');
  assert.equal(effects(rehearsed, 'rollBack').length, 0);
});

test('Dynex that fails from two viewpoints falls back, and the way back is a follow-up', async () => {
  const both = finding('faulty', { inside: 'faulty', outside: 'faulty' });
  const rehearsed = await p0({ world: { rollouts: nowhere, probeDynex: both }, messages: [acknowledges(2), resolves(20)] });
  assert.equal(effects(rehearsed, 'setFallback').length, 1);
  assert.deepEqual(
    rehearsed.report.followUps.map(({ owner }) => owner),
    ['quantum'],
  );
});

const isDown = 'Enable quantum fallback if Dynex is down: is it?';
const oneSide = { rollouts: nowhere, probeDynex: finding('faulty', { inside: 'unknown', outside: 'faulty' }) };

test('Dynex that fails from one side while the other is blind is a question: people enable the fallback', async () => {
  const people = { [isDown]: 'enable the fallback' };
  const rehearsed = await p0({ world: oneSide, people, messages: [acknowledges(2), resolves(20)] });
  const { owner, because } = questionOf(rehearsed.report, isDown) ?? {};
  assert.equal(owner, 'commander');
  assert.equal(because, 'Dynex fails from outside, and from inside it is not known');
  assert.equal(effects(rehearsed, 'setFallback').length, 1);
});

test('people leave jobs where they are: once Dynex fails from both sides they are asked again, and nothing is said to be begun', async () => {
  const both = finding('faulty', { inside: 'faulty', outside: 'faulty' });
  const rehearsed = await p0({
    world: { ...oneSide, probeDynex: [oneSide.probeDynex, both], [serves]: [stillDown, finding('healthy')] },
    people: { [isDown]: ['leave jobs where they are', 'enable the fallback'] },
    takes: { [serves]: minutes(29) },
    messages: [resolves(70)],
  });
  assert.deepEqual(
    rehearsed.report.questions.filter(({ title }) => title === isDown).map(({ because }) => because),
    ['Dynex fails from outside, and from inside it is not known', 'Dynex fails from inside and from outside'],
  );
  assert.equal(effects(rehearsed, 'setFallback').length, 1);
  assert.doesNotMatch(told(rehearsed, whatFitsStep)[1] ?? '', /fallback not offered/);
});

test('nobody says whether Dynex is down: nothing changes, and the next round asks again', async () => {
  const world = { ...oneSide, [serves]: stillDown };
  const rehearsed = await p0({ world, people: {}, takes: { [serves]: minutes(29) }, messages: [], atMost: minutes(60) });
  assert.equal(effects(rehearsed, 'setFallback').length, 0);
  assert.equal(rehearsed.report.questions.filter(({ title }) => title === isDown).length, 2);
});

test('where no written branch fits infrastructure is paged once, and there is an update every half hour', async () => {
  const world = { pods: finding('faulty', keptOut), [serves]: stillDown };
  const rehearsed = await p0({ world, takes: { [serves]: minutes(29) }, messages: [], atMost: minutes(125), people: {} });
  assert.equal(rehearsed.closed, false);
  const updates = rehearsed.ran.filter(({ title }) => title === whatFitsStep).map(({ at }) => at - threeAtNight);
  assert.equal(updates.length, 5);
  assert.ok(updates.every((at, index) => index === 0 || at - (updates[index - 1] ?? 0) <= minutes(31)));
  const infrastructure = pagedAs(rehearsed).filter(({ input }) => input.includes('infrastructure'));
  assert.equal(infrastructure.length, 1);
  assert.match(infrastructure[0]?.input ?? '', /In the way of api: PriorityClass nqba-critical/);
  assert.equal(effects(rehearsed, 'rollBack').length, 0);
});

test('a rollback that fits only in a later round, and that no one answers, holds up no round after it', async () => {
  const world = { rollouts: [nowhere, finding('faulty', { change: null, rollout: rolledOut })], [serves]: stillDown };
  const rehearsed = await p0({ world, takes: { [serves]: minutes(14) }, messages: [], atMost: minutes(125), people: {} });
  assert.equal(effects(rehearsed, 'rollBack').length, 1);
  assert.equal(questionOf(rehearsed.report, rollback)?.answer, undefined);
  const updates = rehearsed.ran.filter(({ title }) => title === whatFitsStep).map(({ at }) => at - threeAtNight);
  assert.ok(updates.length > 4);
  assert.ok(updates.every((at, index) => index === 0 || at - (updates[index - 1] ?? 0) <= minutes(31)));
});

test('a rollback without a revision to go back to is not begun: infrastructure is paged at once', async () => {
  const backTo = { revision: null, because: 'Deployment nqba-platform/nqba-api has only one revision' };
  const rehearsed = await p0({
    world: { rollouts: finding('faulty', { change: null, rollout: rolledOut, backTo }) },
    people: {},
  });
  assert.equal(effects(rehearsed, 'rollBack').length, 0);
  const [infrastructure] = pagedAs(rehearsed).filter(({ input }) => input.includes('infrastructure'));
  assert.ok(infrastructure && infrastructure.at < minutes(2));
});

test('a rollback that is refused all the same, and skipped, is no branch that fits either', async () => {
  const rehearsed = await p0({ world: { rollBack: new Error('no revision is proposed') }, people: { [rollback]: 'skip' } });
  assert.equal(stepOf(rehearsed.report, rollback)?.state, 'skipped');
  assert.equal(rehearsed.ran.filter(({ title }) => title === 'No written branch fits').length, 1);
});

test('a rollback that was wrong is not offered again: infrastructure is paged', async () => {
  const rehearsed = await p0({
    world: { [serves]: [stillDown, finding('healthy')] },
    takes: { [serves]: minutes(29) },
    messages: [resolves(70)],
  });
  const [, second] = told(rehearsed, whatFitsStep);
  assert.match(second ?? '', /^No written branch fits\. Rollback not offered: it was begun before/);
  assert.equal(pagedAs(rehearsed).filter(({ input }) => input.includes('infrastructure')).length, 1);
  assert.equal(rehearsed.report.questions.filter(({ title }) => title === rollback).length, 1);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

test('nobody approves: after fifteen minutes recovery is watched, and the rollback still waits', async () => {
  const { report, ...rehearsed } = await p0({
    world: { [serves]: stillDown },
    takes: { [serves]: minutes(29) },
    messages: [],
    people: {},
    atMost: minutes(40),
  });
  assert.equal(stepOf(report, rollback)?.state, 'waiting');
  assert.notEqual(report.phases.find(({ title }) => title === 'Immediate Actions')?.overdue, undefined);
  assert.equal(report.phases.at(-1)?.title, 'Recovery');
  assert.equal(rehearsed.ran.filter(({ type }) => type === 'rollBack').length, 1);
});

test('the alert resolves while the rollback waits: it is withdrawn, and recovery is measured all the same', async () => {
  const { report } = await p0({ messages: [resolves(2)], people: {} });
  assert.equal(stepOf(report, rollback)?.state, 'withdrawn');
  assert.equal(stepOf(report, holds)?.state, 'healthy');
  assert.equal(report.outcome, 'recovered');
  assert.deepEqual(
    report.followUps.map(({ title }) => title),
    ['Acknowledge the incident'],
  );
});

test('a Prometheus that is dead resolves no incident, whatever becomes of the alert', async () => {
  const blind = finding('unknown', {}, 'no viewpoint outside');
  const { report, closed } = await p0({
    world: { [serves]: blind, recovered: blind },
    takes: { [serves]: minutes(29) },
    messages: [resolves(10)],
    atMost: minutes(180),
  });
  assert.equal(closed, false);
  assert.equal(report.times.resolved, undefined);
});

test('where nobody can be told, the record says all the same what fits and why', async () => {
  const { report } = await p0({ world: { remark: new Error('Slack answered 503') } });
  const { state, evidence } = stepOf(report, whatFitsStep) ?? {};
  assert.equal(state, 'not delivered');
  assert.match(evidence ?? '', /^Fits: roll back/);
});

test('an alert that fires again in the quiet time assesses the scope again, and offers what was done before', async () => {
  const { report, ran } = await p0({
    people: { [rollback]: ['approve', 'approve'] },
    messages: [resolves(20), firesAgain(50), resolves(60, 50)],
  });
  assert.equal(report.steps.filter(({ title }) => title === whatFitsStep).length, 2);
  assert.equal(report.questions.filter(({ title }) => title === rollback).length, 2);
  assert.equal(ran.filter(({ title }) => title === 'Create incident channel').length, 1);
  assert.equal(report.outcome, 'recovered');
});

test('a run that rolls over whenever it may comes to the same end, and begins nothing twice', async () => {
  const people = { [rollback]: 'approve' };
  const [whole, rolled] = await Promise.all([p0({ people }), p0({ people, rollOver: true })]);
  const titlesOf = ({ report }: Rehearsal) => report.steps.map(({ title }) => title).toSorted();
  assert.ok(rolled.runs > 1);
  assert.deepEqual(titlesOf(rolled), titlesOf(whole));
  assert.equal(rolled.report.outcome, whole.report.outcome);
});
