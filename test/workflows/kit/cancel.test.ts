// A cancelled incident lets its current action settle, begins nothing more, and asks only what becomes of its changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { isOpen } from '../../../workflows/kit/record/state.ts';
import {
  aReceipt,
  anAlert,
  callOf,
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

const seconds = (count: number) => count * 1000;
const byBob = (after: number) => ({ after, signal: 'cancel', args: [{ by: 'bob', reason: 'false alarm' }] });
const delivered = (after: number) => ({ after, signal: 'alert', args: [anAlert()] });
const alertEnds = (after: number) => ({ after, signal: 'alert', args: [anAlert({ status: 'resolved' })] });

/** The two ways to cancel: our own signal, and Temporal's cancellation. */
const ways = {
  'by signal': (after: number): Rehearsing => ({ messages: [byBob(after), alertEnds(minutes(900))] }),
  'in Temporal': (after: number): Rehearsing => ({
    messages: [alertEnds(minutes(900))],
    jobs: [{ after, job: { cancelWorkflow: { reason: 'enough' } } }],
  }),
};

const cancelled = (way: keyof typeof ways, after: number, choice: 'undo' | 'leave', more: Rehearsing = {}) =>
  trialOutage({ ...ways[way](after), people: { ...usual, 'Undo or leave?': choice }, ...more });

/** Every moment at which something begins or ends in an undisturbed incident, and those in between. */
async function moments(incident: Rehearsing = {}): Promise<number[]> {
  const { ran, report } = await trialOutage(incident);
  const over = Date.parse(report.times.resolved ?? '') || threeAtNight + minutes(30);
  const at = ran.flatMap(({ at, reaction: { takes = 1000 } }) => [at, at + takes / 2, at + takes]);
  return [...new Set(at)].filter(time => time < over).map(time => time - threeAtNight);
}

/** What must hold of an incident that was cancelled at `after`, whatever was going on. */
function assertLeftInOrder({ report, closed }: Rehearsal, after: number) {
  const when = `cancelled after ${after / 1000} s`;
  const late = report.steps.filter(({ began }) => Date.parse(began) > threeAtNight + after);
  const begun = late
    .map(({ title }) => title)
    .filter(
      title =>
        !/^Undo: |^Check for changes that still stand$|^Announce the resolution$|^Ask commander: Undo or leave\?$/.test(title),
    );
  assert.deepEqual(begun, [], `${when}: a step began`);
  assert.deepEqual(report.questions.filter(isOpen), [], `${when}: a question is open`);
  const running = report.steps.filter(({ ended }) => ended === undefined).map(({ title }) => title);
  assert.deepEqual(running, [], `${when}: a step is not settled`);
  assert.equal(closed, true, when);
  assert.match(report.outcome ?? '', /^cancelled by /, when);
}

/** Each change leaves a record of its own. */
const own = {
  setFallback: ({ args }: { args: unknown[] }) => {
    const { takeBack } = aReceipt();
    return done(aReceipt({ takeBack: takeBack && { ...takeBack, key: callOf(args).key } }));
  },
};

for (const way of ['by signal', 'in Temporal'] as const)
  test(`cancelled ${way} at any moment, the incident takes its changes back in reverse order and ends`, async () => {
    for (const after of await moments({ world: own })) {
      const rehearsed = await cancelled(way, after, 'undo', { world: own });
      assertLeftInOrder(rehearsed, after);
      const changed = rehearsed.report.steps.filter(({ takeBack }) => takeBack !== undefined);
      const taken = rehearsed.report.steps.filter(({ title }) => title.startsWith('Undo: '));
      assert.deepEqual(
        taken.map(({ title }) => title),
        changed.map(({ title }) => `Undo: ${title}`).reverse(),
        `cancelled after ${after / 1000} s`,
      );
    }
  });

test('a record that several steps have is taken back once, also when the incident rolls over meanwhile', async () => {
  for (const rollOver of [false, true]) {
    const undo = 'Undo: Gradual Rollback: 100%';
    const rehearsed = await cancelled('by signal', minutes(15), 'undo', {
      rollOver,
      world: { takeBack: [refused('exceeded quota', true), done(aReceipt({ takeBack: undefined }))] },
      people: { ...usual, 'Undo or leave?': 'undo', [undo]: 'retry' },
    });
    assert.equal(rehearsed.closed, true);
    const taken = rehearsed.report.steps.filter(({ takesBack }) => takesBack !== undefined);
    assert.deepEqual(
      taken.map(({ title, state }) => [title, state]),
      [[undo, 'done']],
    );
  }
});

const incidents: Record<string, Rehearsing> = {
  'in which nobody answers': { people: { 'Undo or leave?': 'undo' }, atMost: minutes(1000) },
  'with a stuck action and a relapse': {
    world: {
      'Activate Circuit Breaker': [refused('unclear', false), refused('unclear', true), done()],
      'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')],
    },
    people: {
      'Activate Circuit Breaker': ['retry', 'retry'],
      'What is the cause?': ['Dynex Platform Issue', 'Network/Configuration Issue'],
      'Gradual Rollback: 100%': 'approve',
      'Undo or leave?': 'undo',
    },
    atMost: minutes(1000),
  },
  'that is held': {
    world: { setFallback: planned('held'), setStatusPage: planned('held') },
    people: { ...usual, 'Undo or leave?': 'undo' },
    atMost: minutes(1000),
  },
  'that only observes': {
    world: { setFallback: planned('observe'), setStatusPage: planned('observe'), recovered: finding('faulty') },
    people: { ...usual, 'Undo or leave?': 'undo' },
    atMost: minutes(1000),
  },
};

for (const [what, incident] of Object.entries(incidents))
  test(`an incident ${what} can be cancelled at any moment too`, async () => {
    for (const after of await moments({ ...incident, atMost: minutes(30) }))
      assertLeftInOrder(await trialOutage({ ...ways['by signal'](after), ...incident }), after);
  });

test('an action in flight settles before anybody is asked, and what it changed is taken back with what its receipt said', async () => {
  const takeBack = {
    action: 'setFallback',
    key: 'the-key',
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
    words: 'a change',
  } as const;
  const rehearsed = await cancelled('by signal', 500, 'undo', {
    world: { 'Activate Circuit Breaker': done(aReceipt({ takeBack })) },
  });
  assert.equal(stepOf(rehearsed.report, 'Activate Circuit Breaker')?.state, 'done');
  const asked = questionOf(rehearsed.report, 'Undo or leave?')?.asked ?? '';
  assert.equal(asked >= (stepOf(rehearsed.report, 'Activate Circuit Breaker')?.ended ?? ''), true);
  assert.deepEqual(
    effects(rehearsed, 'takeBack').map(({ args }) => args[0]),
    [{ takeBack }],
  );
});

test('a dead pager does not keep people from the undo', async () => {
  const { report } = await cancelled('by signal', seconds(5), 'undo', { world: { page: new Error('503') } });
  assert.equal(questionOf(report, 'Undo or leave?')?.asked, new Date(threeAtNight + seconds(6)).toISOString());
  assert.deepEqual(report.undelivered, [{ system: 'pager', because: '503' }]);
});

test('an action in flight that fails asks nobody: it is withdrawn, and says what failed', async () => {
  const world = { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) };
  const rehearsed = await cancelled('by signal', 500, 'undo', { world });
  assertLeftInOrder(rehearsed, 500);
  const breaker = stepOf(rehearsed.report, 'Activate Circuit Breaker');
  assert.deepEqual([breaker?.state, breaker?.because], ['withdrawn', 'the incident was cancelled']);
  assert.match(breaker?.evidence ?? '', /Kubernetes is unreachable/);
  assert.deepEqual(rehearsed.report.questions, []);
});

test('a stuck action and an open question are withdrawn, and say why', async () => {
  const world = { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) };
  const rehearsed = await cancelled('by signal', minutes(20), 'undo', { world, people: {} });
  assertLeftInOrder(rehearsed, minutes(20));
  assert.deepEqual(rehearsed.report.withdrawn, [
    'Activate Circuit Breaker: the incident was cancelled',
    'What is the cause?: the incident was cancelled',
  ]);
  assert.equal(stepOf(rehearsed.report, 'Activate Circuit Breaker')?.state, 'withdrawn');
});

test('a task in hand is withdrawn with its step', async () => {
  const cause = { 'What is the cause?': 'Network/Configuration Issue' };
  const rehearsed = await cancelled('by signal', minutes(20), 'leave', { people: { ...cause, 'Undo or leave?': 'leave' } });
  assertLeftInOrder(rehearsed, minutes(20));
  assert.equal(stepOf(rehearsed.report, 'Check firewall rules and network policies: by hand')?.state, 'withdrawn');
});

test('a false alarm is an outcome that says so; the current change is left or undone as after any cancellation', async () => {
  const said = { by: 'bob', reason: 'the probe was moved', falseAlarm: true };
  const { report } = await trialOutage({
    messages: [{ after: seconds(10), signal: 'cancel', args: [said] }, alertEnds(minutes(10))],
    people: { 'Undo or leave?': 'undo' },
  });
  assert.equal(report.outcome, 'cancelled by bob as a false alarm (the probe was moved): undo');
  const wrong = { after: seconds(10), signal: 'cancel', args: [{ ...said, falseAlarm: 'yes' }] };
  const refusal = await trialOutage({ messages: [wrong], atMost: minutes(1) });
  assert.match(refusal.report.refusals[0]?.because ?? '', /true, false or absent/);
});

test('leave leaves: nothing is taken back', async () => {
  const rehearsed = await cancelled('by signal', seconds(10), 'leave');
  assertLeftInOrder(rehearsed, seconds(10));
  assert.deepEqual(effects(rehearsed, 'takeBack'), []);
  assert.equal(rehearsed.report.outcome, 'cancelled by bob (false alarm): leave');
});

test('nobody is asked to undo where nothing was changed', async () => {
  const done = { done: aReceipt({ changes: [], takeBack: undefined }) };
  const rehearsed = await cancelled('by signal', seconds(10), 'undo', { world: { setFallback: done } });
  assertLeftInOrder(rehearsed, seconds(10));
  assert.equal(questionOf(rehearsed.report, 'Undo or leave?'), undefined);
});

test('a cancelled incident absorbs its alert until it ends, so that it opens no second one', async () => {
  const { report, minutes: lasted } = await trialOutage({
    messages: [delivered(0), byBob(seconds(10)), delivered(minutes(60)), alertEnds(minutes(120))],
    people: { ...usual, 'Undo or leave?': 'leave' },
  });
  assert.equal(report.absorbed, 1);
  assert.equal(Math.round(lasted), 120);
});

test('a second cancellation changes nothing', async () => {
  const again = { after: seconds(20), signal: 'cancel', args: [{ by: 'eve' }] };
  const rehearsed = await trialOutage({
    messages: [byBob(seconds(10)), again, alertEnds(minutes(10))],
    people: { ...usual, 'Undo or leave?': 'undo' },
  });
  assertLeftInOrder(rehearsed, seconds(10));
  assert.match(rehearsed.report.outcome ?? '', /^cancelled by bob/);
  assert.equal(effects(rehearsed, 'takeBack').length, 1);
});
