/** The way back in stages, where pods read the share of jobs while they run; the other tests go back at once, with a restart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import {
  type Answers,
  aReceipt,
  aStart,
  callOf,
  type Choices,
  done,
  effects,
  finding,
  planned,
  questionOf,
  refused,
  type Rehearsing,
  rehearsal,
  stepOf,
} from '../../support/rehearsing.ts';

const percentOf = ({ args }: Pick<Attempt, 'args'>) => Number(Reflect.get(Object(args[0]), 'percent'));

/** As the platform plans it: the first stage is asked, the others and the way down are not; last nothing moves any more. */
const runtime: Record<string, Answers> = {
  setShare: (attempt: Attempt) => {
    const percent = percentOf(attempt);
    return percent === 10 && !callOf(attempt.args).approved ? planned('approval') : done(shared(percent));
  },
  'Gradual Rollback: fallback off': done(aReceipt({ note: 'The circuit breaker is closed.' })),
};
const shared = (percent: number) => aReceipt({ note: `${percent}% of the quantum jobs go to Dynex.` });

const once: Choices = { 'What is the cause?': 'Dynex Platform Issue', 'Gradual Rollback: 10%': 'approve' };
const twice: Choices = {
  'What is the cause?': ['Dynex Platform Issue', 'Dynex Platform Issue'],
  'Gradual Rollback: 10%': ['approve', 'approve'],
};

const start = aStart();
const stages = [10, 25, 50, 100].map(percent => ({ percent, minutes: 10 }));
/** An incident that is started with the stages of its platform. */
const inStages = (rehearsing: Rehearsing) =>
  rehearsal({ args: [{ ...start, platform: { ...start.platform, stages } }], ...rehearsing });

/** The shares that were set, one after the other: a plan that is approved is one. */
const shares = (rehearsed: Rehearsal) =>
  effects(rehearsed, 'setShare')
    .filter(({ reaction }) => !isPlanned(reaction))
    .map(percentOf);
const isPlanned = (reaction: Rehearsal['ran'][number]['reaction']) =>
  'result' in reaction && 'planned' in Object(reaction.result);

test('jobs return at 10, 25, 50 and 100 per cent, each watched for ten minutes, and last the fallback is taken off', async () => {
  const rehearsed = await inStages({ world: runtime, people: once });
  const wayBack = rehearsed.ran.filter(({ title }) => /^(Gradual Rollback|Verify)/.test(title));
  assert.deepEqual(
    [...new Set(wayBack.map(({ title }) => title))],
    [
      'Gradual Rollback: canary',
      'Gradual Rollback: 10%',
      'Verify Quantum Jobs Resume: 10%',
      'Gradual Rollback: 25%',
      'Verify Quantum Jobs Resume: 25%',
      'Gradual Rollback: 50%',
      'Verify Quantum Jobs Resume: 50%',
      'Gradual Rollback: 100%',
      'Verify Quantum Jobs Resume: 100%',
      'Gradual Rollback: fallback off',
    ],
  );
  for (const { args } of wayBack.filter(({ type }) => type === 'watch'))
    assert.partialDeepStrictEqual(args, [
      {
        check: 'jobs',
        input: { solver: 'dynex', successRate: 0.95, orCanaries: true },
        watching: { every: 60_000, for: 600_000 },
      },
    ]);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

test('people approve the way back once, with its first stage', async () => {
  const { report } = await inStages({ world: runtime, people: once });
  assert.deepEqual(
    report.questions.map(({ title }) => title),
    ['What is the cause?', 'Gradual Rollback: 10%'],
  );
});

test('a relapse at 25% sends all jobs back at once, without asking, and asks for the cause with what was learnt', async () => {
  const relapse = [finding('faulty', {}, '12 of 40 jobs succeeded on quantum_dynex'), finding('healthy')];
  const rehearsed = await inStages({ world: { ...runtime, 'Verify Quantum Jobs Resume: 25%': relapse }, people: twice });
  const { report } = rehearsed;
  assert.deepEqual(shares(rehearsed), [10, 25, 0, 10, 25, 50, 100]);
  assert.equal(stepOf(report, 'Gradual Rollback: back to 0%')?.state, 'done');
  const asked = report.questions.filter(({ title }) => title === 'What is the cause?');
  assert.equal(asked.length, 2);
  assert.match(asked[1]?.because ?? '', /Dynex Platform Issue.*12 of 40 jobs succeeded on quantum_dynex/);
  assert.equal(asked[1]?.suggest, undefined);
  assert.equal(report.outcome, 'recovered');
});

test('an incident that rolls over at every quiet moment goes the same way back, and has learnt the same', async () => {
  const relapse = () => ({
    ...runtime,
    'Verify Quantum Jobs Resume: 25%': [finding('faulty', {}, '12 of 40 jobs'), finding('healthy')],
  });
  const [straight, often] = [
    await inStages({ world: relapse(), people: twice }),
    await inStages({ world: relapse(), people: twice, rollOver: true }),
  ];
  assert.ok(often.runs > 2);
  const asked = ({ report }: Rehearsal) => report.questions.map(({ title, because }) => ({ title, because }));
  assert.deepEqual([shares(often), asked(often)], [shares(straight), asked(straight)]);
});

test('a stage is watched for as long as the start says', async () => {
  const slow = { ...start, platform: { ...start.platform, stages: stages.map(stage => ({ ...stage, minutes: 30 })) } };
  const { ran } = await inStages({ args: [slow], world: runtime, people: once });
  const watched = ran.filter(({ title }) => title.startsWith('Verify Quantum Jobs Resume'));
  assert.equal(watched.length, 4);
  for (const { args } of watched) assert.partialDeepStrictEqual(args, [{ watching: { for: 1_800_000 } }]);
});

test('every stage has a key of its own, and the second time another', async () => {
  const relapse = [finding('faulty'), finding('healthy')];
  const rehearsed = await inStages({ world: { ...runtime, 'Verify Quantum Jobs Resume: 10%': relapse }, people: twice });
  const keys = effects(rehearsed, 'setShare').map(({ args }) => callOf(args).key.split('/').slice(-2).join('/'));
  assert.deepEqual(
    [...new Set(keys)],
    ['10%25/1', 'back to 0%25/1', '10%25/2', '25%25/1', '50%25/1', '100%25/1'].map(end => `Gradual Rollback: ${end}`),
  );
});

test('a measurement that stays unknown goes back, too: nothing is claimed that was not measured', async () => {
  const rehearsed = await inStages({
    world: { ...runtime, 'Verify Quantum Jobs Resume: 50%': [finding('unknown'), finding('healthy')] },
    people: twice,
  });
  assert.deepEqual(shares(rehearsed), [10, 25, 50, 0, 10, 25, 50, 100]);
});

test('a stage that somebody else stands in the way of is asked again, and the next is not', async () => {
  const asksAt25 = (attempt: Attempt) => (callOf(attempt.args).approved ? done(shared(25)) : planned('approval'));
  const { report } = await inStages({
    world: { ...runtime, 'Gradual Rollback: 25%': asksAt25 },
    people: { ...once, 'Gradual Rollback: 25%': 'approve' },
  });
  assert.deepEqual(
    report.questions.map(({ title }) => title),
    ['What is the cause?', 'Gradual Rollback: 10%', 'Gradual Rollback: 25%'],
  );
});

test('where no pod reads the share the stage is stuck, says what to fix, and a person goes on', async () => {
  const { report } = await inStages({
    world: { ...runtime, 'Gradual Rollback: 10%': [refused('No pod reads QUANTUM_SHARE_PERCENT', true), done(shared(10))] },
    people: { ...once, 'Gradual Rollback: 10%': 'retry' },
  });
  assert.match(questionOf(report, 'Gradual Rollback: 10%')?.because ?? '', /No pod reads QUANTUM_SHARE_PERCENT/);
  assert.equal(report.outcome, 'recovered');
});

test('a canary that comes back as a mock begins no stage', async () => {
  const mock = finding('faulty', {}, '"quantum_dynex" says success, the answer is a mock: counted as failure.');
  const rehearsed = await inStages({
    world: { ...runtime, 'Gradual Rollback: canary': [mock, finding('healthy')] },
    people: { ...twice, 'Gradual Rollback: 10%': 'approve' },
  });
  assert.deepEqual(shares(rehearsed), [10, 25, 50, 100]);
  assert.match(questionOf(rehearsed.report, 'What is the cause?')?.because ?? '', /the answer is a mock: counted as failure/);
});

test('an incident whose start says no stages lets jobs return at once', async () => {
  const rehearsed = await rehearsal({
    world: {
      ...runtime,
      'Gradual Rollback: 100%': ({ args }: Attempt) => (callOf(args).approved ? done() : planned('approval')),
    },
    people: { ...once, 'Gradual Rollback: 100%': 'approve' },
  });
  assert.deepEqual(shares(rehearsed), []);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

test('where we observe, every stage is a would-have and nobody approves any', async () => {
  const { report } = await inStages({
    world: {
      ...runtime,
      setFallback: planned('observe'),
      setShare: planned('observe'),
      setStatusPage: planned('observe'),
      'Gradual Rollback: fallback off': planned('observe'),
    },
    people: { 'What is the cause?': 'Dynex Platform Issue' },
  });
  assert.equal(stepOf(report, 'Gradual Rollback: 100%')?.state, 'would have');
  assert.equal(report.questions.length, 1);
});
