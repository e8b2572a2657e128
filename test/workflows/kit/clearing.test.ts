// What would remove the obstacle of a stuck step is a step of its own: asked, done, taken back at the end; then the stuck one is tried again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { Plan, Receipt } from '../../../workflows/contract/index.ts';
import {
  aReceipt,
  alertEnds,
  callOf,
  type Choices,
  done,
  effects,
  finding,
  minutes,
  planned,
  questionOf,
  refused,
  type Rehearsing,
  stepOf,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const breaker = 'Activate Circuit Breaker';
const giveBack = { title: 'Give back a replica', type: 'giveBackReplica', input: { for: ['worker'] } };
const giving = `Give back a replica: ${breaker}`;
const returning = `Undo: ${giving}`;
const choice = 'give back a replica, then retry';

const overQuota = ApplicationFailure.create({
  message: 'exceeded quota: nqba-platform-quota',
  nonRetryable: true,
  type: 'NotAdmitted',
  details: [{ nothingDone: true, remedialActions: [giveBack] }],
});
const plan: Plan = { summary: 'nqba-worker gives one replica back', changes: [], consequences: [], digest: 'g1' };
const given: Receipt = aReceipt({
  note: 'nqba-worker has given one replica back',
  changes: [{ target: 'Deployment nqba-platform/nqba-worker', field: 'replicas', before: '2', after: '1' }],
  effect: { measured: 'whole', text: 'The quota has room.' },
  takeBack: {
    action: 'giveBackReplica',
    key: 'given',
    target: { system: 'kubernetes', kind: 'Deployment', namespace: 'nqba-platform', name: 'nqba-worker' },
    words: 'a change',
  },
});
const asked = ({ args }: { args: unknown[] }) => (callOf(args).approved ? done(given) : planned('approval', plan));

const outage = ({ world, people, ...more }: Rehearsing = {}) =>
  trialOutage({
    ...more,
    world: { [breaker]: [overQuota, done()], giveBackReplica: asked, ...world },
    people: { ...usual, [breaker]: choice, [giving]: 'approve', ...people },
  });

test('it is offered beside the usual choices, and only where the failure names it', async () => {
  const { report } = await outage();
  assert.deepEqual(questionOf(report, breaker)?.choices, ['retry', 'skip', 'done by hand', choice]);
  const plain = await trialOutage({
    world: { [breaker]: [refused('no', true), done()] },
    people: { ...usual, [breaker]: 'retry' },
  });
  assert.deepEqual(questionOf(plain.report, breaker)?.choices, ['retry', 'skip', 'done by hand']);
});

test('chosen, it is planned and asked; approved, it is done; then the stuck step is tried again under its next letter', async () => {
  const rehearsed = await outage();
  const { report, ran } = rehearsed;
  const id = report.steps[0]?.key.split('/')[0];
  const tried = ran.filter(({ type }) => ['setFallback', 'giveBackReplica'].includes(type)).slice(0, 4);
  assert.deepEqual(
    tried.map(({ title, args }) => [title, callOf(args).approved, callOf(args).key.replace(`${id}/Immediate Response/`, '')]),
    [
      [breaker, undefined, `${breaker}/1`],
      [giving, undefined, `${breaker}/1/Give back a replica/activate-circuit-breaker`],
      [giving, 'g1', `${breaker}/1/Give back a replica/activate-circuit-breaker`],
      [breaker, undefined, `${breaker}/1b`],
    ],
  );
  assert.deepEqual(effects(rehearsed, 'giveBackReplica')[0]?.args[0], giveBack.input);
  const question = questionOf(report, giving);
  assert.deepEqual([question?.kind, question?.plan?.digest, question?.answer?.by], ['plan', 'g1', 'ann']);
  assert.deepEqual([stepOf(report, giving)?.state, stepOf(report, breaker)?.state], ['done', 'done']);
  assert.equal(report.outcome, 'recovered');
});

test('what was given returns once, when the runbook is through, before recovery is measured', async () => {
  const { ran, report } = await outage();
  const order = ran
    .map(({ title }) => title)
    .filter(title => ['Gradual Rollback: 100%', returning, 'Recovery criteria'].includes(title));
  assert.deepEqual(order, ['Gradual Rollback: 100%', 'Gradual Rollback: 100%', returning, 'Recovery criteria']);
  assert.deepEqual(stepOf(report, returning)?.action, undefined);
  assert.equal(stepOf(report, returning)?.state, 'done');
});

test('neither giving nor returning mitigates anything: the stuck step does', async () => {
  const { report } = await outage();
  assert.equal(report.times.mitigated, stepOf(report, breaker)?.ended);
  assert.equal(stepOf(report, giving)?.clears, stepOf(report, breaker)?.key);
  assert.equal(stepOf(report, returning)?.takesBack, 'given');
  const skipped = await outage({
    world: { [breaker]: overQuota },
    people: { [breaker]: [choice, 'skip'], 'Gradual Rollback: 100%': 'skip' },
  });
  assert.equal(stepOf(skipped.report, returning)?.state, 'done');
  assert.equal(skipped.report.times.mitigated, undefined);
});

test('skipped, people are back at the stuck step, and may choose it again', async () => {
  const rehearsed = await outage({ people: { [breaker]: [choice, choice], [giving]: ['skip', 'approve'] } });
  const questions = rehearsed.report.questions.filter(({ title }) => title === breaker);
  assert.deepEqual(
    questions.map(({ id, because }) => [id, because]),
    [
      ['activate-circuit-breaker', 'exceeded quota: nqba-platform-quota'],
      ['activate-circuit-breaker-2', 'Give back a replica: skip (ann). exceeded quota: nqba-platform-quota'],
    ],
  );
  assert.equal(effects(rehearsed, 'giveBackReplica').filter(({ args }) => callOf(args).approved).length, 1);
  assert.equal(stepOf(rehearsed.report, breaker)?.state, 'done');
});

test('refused by the world, it is stuck itself; skipped, people are back at the stuck step', async () => {
  const world = { giveBackReplica: refused('No replica would make room', true) };
  const { report } = await outage({ world, people: { [breaker]: [choice, 'skip'], [giving]: 'skip' } });
  assert.equal(questionOf(report, giving)?.kind, 'stuck');
  assert.deepEqual([stepOf(report, giving)?.state, stepOf(report, breaker)?.state], ['skipped', 'skipped']);
  assert.equal(stepOf(report, returning), undefined);
});

test('where it is only observed, nothing is tried again', async () => {
  const rehearsed = await outage({
    world: { [breaker]: overQuota, giveBackReplica: planned('observe', plan) },
    people: { [breaker]: [choice, 'skip'] },
  });
  assert.equal(stepOf(rehearsed.report, giving)?.state, 'would have');
  assert.equal(rehearsed.ran.filter(({ title }) => title === breaker).length, 1);
});

test('made by hand, the stuck step is tried again, and nothing returns by itself', async () => {
  const { report } = await outage({ people: { [giving]: 'done by hand' } });
  assert.equal(stepOf(report, breaker)?.state, 'done');
  assert.equal(stepOf(report, returning), undefined);
});

test('refused again, it is offered again', async () => {
  const rehearsed = await outage({
    world: { [breaker]: [overQuota, overQuota, done()] },
    people: { [breaker]: [choice, choice], [giving]: ['approve', 'approve'] },
  });
  const keys = new Set(effects(rehearsed, 'giveBackReplica').map(({ args }) => callOf(args).key));
  assert.equal(keys.size, 2);
  const last = rehearsed.ran.filter(({ title }) => title === breaker).at(-1);
  assert.match(callOf(last?.args ?? []).key, /\/1c$/);
});

test('cancelled while it is asked, nothing is given, and nothing is to undo', async () => {
  const { report } = await outage({
    people: { [giving]: [] },
    messages: [{ after: minutes(5), signal: 'cancel', args: [{ by: 'bob' }] }],
    atMost: minutes(60),
  });
  assert.deepEqual([stepOf(report, giving)?.state, stepOf(report, breaker)?.state], ['withdrawn', 'withdrawn']);
  assert.equal(questionOf(report, 'Undo or leave?'), undefined);
});

test('cancelled and undone, what was given returns after what it made room for', async () => {
  const { ran } = await outage({
    people: { 'What is the cause?': [], 'Undo or leave?': 'undo' },
    messages: [{ after: minutes(5), signal: 'cancel', args: [{ by: 'bob' }] }],
    atMost: minutes(60),
  });
  assert.deepEqual(
    ran.filter(({ type }) => type === 'takeBack').map(({ title }) => title),
    [`Undo: ${breaker}`, returning],
  );
});

const moments: Record<string, Choices> = {
  'the stuck step is asked': { [breaker]: [] },
  'giving is asked': { [giving]: [] },
};
for (const [moment, people] of Object.entries(moments))
  test(`rolled over while ${moment}, and answered when its phase is over, it goes on where it stood, and all returns`, async () => {
    const late =
      giving in people
        ? { question: 'give-back-a-replica-activate-circuit-breaker', choice: 'approve', by: 'bob' }
        : { question: 'activate-circuit-breaker', choice, by: 'bob' };
    const script = { people, messages: [alertEnds(10), { after: minutes(8), signal: 'decide', args: [late] }] };
    const [straight, rolled] = await Promise.all([outage(script), outage({ ...script, rollOver: true })]);
    const told = ({ ran }: typeof straight) => ran.map(({ type, title }) => `${type} ${title}`).toSorted();
    assert.deepEqual(told(rolled), told(straight));
    for (const { report, closed } of [straight, rolled])
      assert.deepEqual([closed, stepOf(report, breaker)?.state, stepOf(report, returning)?.state], [true, 'done', 'done']);
  });

test('given after the runbook is through, it returns before the incident closes', async () => {
  const late = { question: 'activate-circuit-breaker', choice, by: 'bob' };
  const { report, closed } = await outage({
    people: { [breaker]: [] },
    messages: [alertEnds(100), { after: minutes(60), signal: 'decide', args: [late] }],
  });
  assert.deepEqual([closed, stepOf(report, giving)?.state, stepOf(report, returning)?.state], [true, 'done', 'done']);
});

test('given to make room for undoing, it returns once that is done', async () => {
  const undone = `Undo: ${breaker}`;
  const { report } = await trialOutage({
    messages: [{ after: minutes(1), signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }] }, alertEnds(20)],
    world: { takeBack: [overQuota, done(aReceipt({ takeBack: undefined }))], giveBackReplica: done(given) },
    people: { 'Undo or leave?': 'undo', [undone]: choice },
  });
  const changed = report.steps
    .filter(({ title, state }) => state === 'done' && /^(Undo|Give back)/.test(title))
    .map(({ title }) => title);
  assert.deepEqual(changed, [undone, `Give back a replica: ${undone}`, `Undo: Give back a replica: ${undone}`]);
});

test('given to make room for undoing, it stays until that is done also when the incident rolls over meanwhile', async () => {
  const undone = `Undo: ${breaker}`;
  const nothing = done({ ...given, effect: { measured: 'none', text: 'The quota has no room.' } });
  const { report } = await trialOutage({
    rollOver: true,
    messages: [{ after: minutes(1), signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }] }, alertEnds(20)],
    world: {
      takeBack: [overQuota, done(aReceipt({ takeBack: undefined }))],
      giveBackReplica: [nothing, planned('held'), done(given)],
    },
    people: { 'Undo or leave?': 'undo', [undone]: choice, [`Give back a replica: ${undone}`]: ['retry', 'release'] },
  });
  const ended = (title: string) => stepOf(report, title)?.ended ?? 'never';
  assert.equal(ended(`Undo: Give back a replica: ${undone}`) > ended(undone), true);
  assert.equal(report.standing, undefined);
});

test('what people gave up long after it was done is undone in the order in which it was done', async () => {
  const nothing = done(aReceipt({ effect: { measured: 'none', text: '0 of 5' }, takeBack: { ...takeBackOf('breaker') } }));
  const { report } = await trialOutage({
    messages: [{ after: minutes(50), signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }] }, alertEnds(60)],
    world: { [breaker]: nothing, watch: finding('faulty'), takeBack: done(aReceipt({ takeBack: undefined })) },
    people: { ...usual, 'Undo or leave?': 'undo' },
  });
  const undone = report.steps.filter(({ title }) => title.startsWith('Undo: ')).map(({ title }) => title);
  assert.equal(undone.length > 1, true);
  assert.equal(undone.at(-1), `Undo: ${breaker}`);
});

const takeBackOf = (key: string) =>
  ({
    action: 'setFallback',
    key,
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
    words: 'a change',
  }) as const;
