// Every choice of every question that an action can ask, and silence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anAlert,
  callOf,
  done,
  effects,
  finding,
  minutes,
  planned,
  questionOf,
  refused,
  stepOf,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const relapse = { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] };
const twice = {
  'What is the cause?': ['Dynex Platform Issue', 'Dynex Platform Issue'],
  'Gradual Rollback: 100%': ['approve', 'approve'],
};

/** The actions of the runbook that people may be asked about, and what brings each about. */
const steps = {
  'Activate Circuit Breaker': { world: {}, people: usual },
  'Gradual Rollback: 100%': { world: {}, people: usual },
  'Activate Circuit Breaker: relapse': { world: relapse, people: twice },
};

/** Why it waits, and what each choice makes of it. */
const waits = {
  stuck: {
    first: refused('Kubernetes is unreachable', false),
    choices: { retry: 'done', skip: 'skipped', 'done by hand': 'by hand' },
  },
  plan: { first: planned('approval'), choices: { approve: 'done', skip: 'skipped', 'done by hand': 'by hand' } },
  held: { first: planned('held'), choices: { release: 'done', skip: 'skipped', 'done by hand': 'by hand' } },
} as const;

test('a stuck step is asked of the owner of its runbook where the step names no one; its plan and its hold of the commander', async () => {
  const title = 'Activate Circuit Breaker';
  const ownerOf = async ({ first }: (typeof waits)[keyof typeof waits]) => {
    const rehearsed = await trialOutage({ world: { [title]: [first, done()] }, people: usual, atMost: minutes(4) });
    const { owner, also } = questionOf(rehearsed.report, title) ?? {};
    return [owner, also];
  };
  assert.deepEqual(await ownerOf(waits.stuck), ['quantum', 'commander']);
  assert.deepEqual(await ownerOf(waits.plan), ['commander', undefined]);
  assert.deepEqual(await ownerOf(waits.held), ['commander', undefined]);
});

for (const [title, { world, people }] of Object.entries(steps))
  for (const [kind, { first, choices }] of Object.entries(waits)) {
    for (const [choice, state] of Object.entries(choices))
      test(`${title} is ${kind}: ${choice} leaves it ${state}, and the incident goes on to its end`, async () => {
        const rehearsed = await trialOutage({
          world: { ...world, [title]: [first, done()] },
          people: { ...people, [title]: choice },
        });
        const asked = questionOf(rehearsed.report, title);
        assert.deepEqual([asked?.kind, asked?.answer?.choice, asked?.answer?.by], [kind, choice, 'ann']);
        assert.equal(stepOf(rehearsed.report, title)?.state, state);
        assert.equal(rehearsed.ran.filter(attempt => attempt.title === title).length, state === 'done' ? 2 : 1);
        assert.equal(rehearsed.closed, true);
      });

    test(`${title} is ${kind} and nobody answers while the alert fires: nothing is done, it stays on the board, and the incident stays open`, async () => {
      const rehearsed = await trialOutage({
        world: { ...world, [title]: [first, done()] },
        people: { ...people, [title]: [] },
        messages: [],
        atMost: minutes(600),
      });
      assert.equal(rehearsed.closed, false);
      assert.equal(questionOf(rehearsed.report, title)?.answer, undefined);
      assert.equal(stepOf(rehearsed.report, title)?.state, 'waiting');
      assert.equal(rehearsed.ran.filter(attempt => attempt.title === title).length, 1);
    });
  }

test('an action is attempted four times and a check three times before people hear of it', async () => {
  const world = { 'Activate Circuit Breaker': new Error('500'), 'Check Credentials': new Error('500') };
  const { ran, report } = await trialOutage({ world, people: {}, atMost: minutes(20) });
  const attempts = (title: string) => ran.filter(attempt => attempt.title === title).length;
  assert.deepEqual([attempts('Activate Circuit Breaker'), attempts('Check Credentials')], [4, 3]);
  assert.equal(questionOf(report, 'Activate Circuit Breaker')?.kind, 'stuck');
  assert.equal(stepOf(report, 'Check Credentials')?.because, 'check failed: 500');
});

test('a check has 30 seconds in all, and an action 90: neither is attempted beyond', async () => {
  const world = { declareIncident: new Error('slow'), 'Check Credentials': new Error('slow') };
  const takes = { 'Declare Incident': 40_000, 'Check Credentials': 14_000 };
  const { ran } = await trialOutage({ world, takes, people: {}, atMost: minutes(1.5) });
  const attempts = (title: string) => ran.filter(attempt => attempt.title === title).length;
  assert.deepEqual([attempts('Declare Incident'), attempts('Check Credentials')], [3, 2]);
});

test('an approval carries the digest of its plan, and nothing else does', async () => {
  const rehearsed = await trialOutage();
  const approvals = effects(rehearsed, 'setFallback').map(({ args }) => callOf(args).approved);
  assert.deepEqual(approvals, [undefined, undefined, 'd1']);
});

test('an approval that fails is not used again: the next try plans again', async () => {
  const world = { 'Gradual Rollback: 100%': [planned('approval'), refused('unclear', false), planned('approval'), done()] };
  const people = { ...usual, 'Gradual Rollback: 100%': ['approve', 'retry', 'approve'] };
  const rehearsed = await trialOutage({ world, people });
  const calls = rehearsed.ran.filter(({ title }) => title === 'Gradual Rollback: 100%');
  assert.deepEqual(
    calls.map(({ args }) => callOf(args).approved),
    [undefined, 'd1', undefined, 'd1'],
  );
});

test('the signal release plans every held action again; the plan may be another one, and is asked', async () => {
  const moved = { summary: 'another', changes: [], consequences: [], digest: 'd2' };
  const world = { 'Gradual Rollback: 100%': [planned('held'), planned('approval', moved), done()] };
  const rehearsed = await trialOutage({
    world,
    people: { ...usual, 'Gradual Rollback: 100%': [] },
    messages: [
      { after: minutes(30), signal: 'release', args: [{ by: 'bob' }] },
      {
        after: minutes(40),
        signal: 'decide',
        args: [{ question: 'gradual-rollback-100-2', choice: 'approve', by: 'bob', digest: 'd2' }],
      },
    ],
  });
  const [held, plan] = rehearsed.report.questions.filter(({ title }) => title === 'Gradual Rollback: 100%');
  assert.deepEqual([held?.answer?.choice, held?.answer?.by, plan?.answer?.choice], ['release', 'bob', 'approve']);
  assert.equal(stepOf(rehearsed.report, 'Gradual Rollback: 100%')?.state, 'done');
});

test('approving while held changes nothing: what is asked is a release, and an approval is no choice of it', async () => {
  const approve = { question: 'gradual-rollback-100', choice: 'approve', by: 'eve' };
  const rehearsed = await trialOutage({
    world: { 'Gradual Rollback: 100%': planned('held') },
    people: { ...usual, 'Gradual Rollback: 100%': [] },
    messages: [{ after: minutes(30), signal: 'decide', args: [approve] }],
    atMost: minutes(60),
  });
  assert.match(rehearsed.report.refusals[0]?.because ?? '', /choose one of: release, skip, done by hand/);
  assert.equal(questionOf(rehearsed.report, 'Gradual Rollback: 100%')?.answer, undefined);
  assert.equal(effects(rehearsed, 'setFallback').length, 2);
});

test('an approval that met a hold is used when that is released', async () => {
  const title = 'Gradual Rollback: 100%';
  const world = { [title]: [planned('approval'), planned('held'), done()] };
  const { ran } = await trialOutage({ world, people: { ...usual, [title]: ['approve', 'release'] } });
  const calls = ran.filter(attempt => attempt.title === title);
  assert.deepEqual(
    calls.map(({ args }) => callOf(args).approved),
    [undefined, 'd1', 'd1'],
  );
});

test('a hold that comes between plan and approval is met by the activity, and asked as held', async () => {
  const world = { 'Gradual Rollback: 100%': [planned('approval'), planned('held'), done()] };
  const people = { ...usual, 'Gradual Rollback: 100%': ['approve', 'release'] };
  const { report } = await trialOutage({ world, people });
  const kinds = report.questions.filter(({ title }) => title === 'Gradual Rollback: 100%').map(({ kind }) => kind);
  assert.deepEqual(kinds, ['plan', 'held']);
  assert.equal(stepOf(report, 'Gradual Rollback: 100%')?.state, 'done');
});

test('a body that throws is handed over with what it said; the incident stays open and its clocks run', async () => {
  const rehearsed = await trialOutage({ world: { rollouts: null }, people: {}, atMost: minutes(120) });
  const asked = questionOf(rehearsed.report, 'Runbook error');
  assert.match(asked?.because ?? '', /null/);
  assert.deepEqual(asked?.choices, ['resume after a fix', 'finish by hand']);
  assert.equal(rehearsed.closed, false);
});

test('after a fix it runs on: what is recorded is not done again, what was cut off is', async () => {
  const failed = { 'Runbook error': 'resume after a fix' };
  const rehearsed = await trialOutage({
    world: { rollouts: [null, finding('healthy', { change: null })] },
    people: { ...usual, ...failed },
  });
  assert.equal(rehearsed.runs, 2);
  assert.equal(rehearsed.report.outcome, 'recovered');
  assert.equal(rehearsed.ran.filter(({ title }) => title === 'Notify Team').length, 1);
  assert.equal(effects(rehearsed, 'dynexKey').length, 1);
  assert.equal(effects(rehearsed, 'rollouts').length, 2);
  assert.equal(rehearsed.ran.filter(({ title }) => title === 'Activate Circuit Breaker: measured').length, 2);
});

test('run on without a fix it fails again, and is asked again; meanwhile what waits for people waits', async () => {
  const world = {
    rollouts: [null, null, finding('healthy', { change: null })],
    'Activate Circuit Breaker': [refused('x', false), done()],
  };
  const failed = { 'Runbook error': ['resume after a fix', 'resume after a fix'] };
  const rehearsed = await trialOutage({
    world,
    people: { ...usual, ...failed, 'Activate Circuit Breaker': [] },
    messages: [
      { after: minutes(30), signal: 'decide', args: [{ question: 'activate-circuit-breaker', choice: 'retry', by: 'bob' }] },
    ],
    atMost: minutes(60),
  });
  assert.equal(rehearsed.report.questions.filter(({ kind }) => kind === 'handover').length, 2);
  assert.equal(effects(rehearsed, 'setFallback').filter(({ title }) => title === 'Activate Circuit Breaker').length, 2);
  assert.equal(stepOf(rehearsed.report, 'Activate Circuit Breaker')?.state, 'done');
});

test('a failed runbook can be cancelled, and what it changed is asked for', async () => {
  const cancel = { after: minutes(30), signal: 'cancel', args: [{ by: 'bob' }] };
  const over = { after: minutes(60), signal: 'alert', args: [anAlert({ status: 'resolved' })] };
  const { report } = await trialOutage({
    world: { rollouts: null },
    people: { 'Undo or leave?': 'undo' },
    messages: [cancel, over],
  });
  assert.equal(report.outcome, 'cancelled by bob: undo');
});

test('finished by hand, it still closes only on a measured recovery', async () => {
  const people = { 'Runbook error': 'finish by hand' };
  const open = await trialOutage({ world: { rollouts: null, recovered: finding('faulty') }, people, atMost: minutes(300) });
  assert.equal(open.closed, false);
  const { report } = await trialOutage({ world: { rollouts: null }, people });
  assert.equal(report.outcome, 'recovered');
});

test('a cause that was tried without success is not proposed again, and people are told', async () => {
  const { report } = await trialOutage({ world: relapse, people: twice });
  const second = report.questions.findLast(({ title }) => title === 'What is the cause?');
  assert.equal(second?.suggest, undefined);
  assert.match(second?.because ?? '', /Tried without success: Dynex Platform Issue/);
});

test('an incident that its worker forgets after every task ends as one that is never forgotten', async () => {
  const messages = [{ after: minutes(5), signal: 'alert', args: [anAlert({ fingerprint: 'beef' })] }];
  const world = { ...relapse, 'Activate Circuit Breaker': [refused('unclear', true), done()] };
  const people = { ...twice, 'Activate Circuit Breaker': 'retry' };
  const [forgotten, kept] = [1, 0].map(evictEvery => trialOutage({ messages, world, people, evictEvery }));
  const withoutRun = (text: string) => text.replace(/run-\d+/g, 'run');
  const reports = [(await forgotten)?.report, (await kept)?.report].map(report => withoutRun(JSON.stringify(report)));
  assert.equal(reports[0], reports[1]);
});

test('where the findings support no written cause, whoever knows more is paged, and people are asked all the same', async () => {
  const world = { dynexStatus: finding('unknown'), probeDynex: finding('unknown'), dynexKey: finding('unknown') };
  const rehearsed = await trialOutage({ world, people: {}, messages: [], atMost: minutes(3) });
  assert.equal(stepOf(rehearsed.report, 'No written branch fits')?.state, 'done');
  const page = effects(rehearsed, 'page').find(({ title }) => title === 'No written branch fits');
  assert.deepEqual(Reflect.get(Object(page?.args[0]), 'roles'), ['infrastructure']);
  const asked = questionOf(rehearsed.report, 'What is the cause?');
  assert.match(asked?.because ?? '', /^No written branch fits\. The findings support none/);
  assert.equal(asked?.suggest, undefined);
});
