// A long incident rolls over into a new run at any moment at which nothing is in flight; nobody can tell from what it does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  aReceipt,
  alertEnds,
  aStart,
  anAlert,
  callOf,
  done,
  finding,
  minutes,
  planned,
  refused,
  type Rehearsing,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const planOf = (digest: string) => ({ summary: digest, changes: [], consequences: [], digest });
const moving = ({ args }: { args: unknown[] }) => {
  const { approved } = callOf(args);
  if (approved === 'second') return done();
  return approved === 'first' ? planned('moved', planOf('second')) : planned('approval', planOf('first'));
};
const later = { startsAt: new Date(threeAtNight + minutes(60)).toISOString() };

const incidents: Record<string, Rehearsing> = {
  undisturbed: {},
  'with a stuck breaker, retried under a new letter': {
    world: { 'Activate Circuit Breaker': [refused('exceeded quota', true), refused('exceeded quota', true), done()] },
    people: { ...usual, 'Activate Circuit Breaker': ['retry', 'retry'] },
  },
  'whose breaker has no effect at first': {
    world: { 'Activate Circuit Breaker': [done(aReceipt({ effect: { measured: 'none', text: '0 of 5' } })), done()] },
    people: { ...usual, 'Activate Circuit Breaker': 'retry' },
  },
  'whose breaker is done by hand long after its phase': {
    world: { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) },
    people: usual,
    messages: [
      alertEnds(10),
      {
        after: minutes(200),
        signal: 'decide',
        args: [{ question: 'activate-circuit-breaker', choice: 'done by hand', by: 'bob' }],
      },
    ],
  },
  'that is held': {
    world: { setFallback: [planned('held'), done()] },
    people: { ...usual, 'Activate Circuit Breaker': 'release' },
  },
  'whose plan moves': {
    world: { 'Gradual Rollback: 100%': moving },
    people: { ...usual, 'Gradual Rollback: 100%': ['approve', 'approve'] },
  },
  'whose plan waits under its second letter': {
    world: {
      'Gradual Rollback: 100%': ({ args }: { args: unknown[] }, times: number) =>
        times === 1 ? refused('exceeded quota', true) : callOf(args).approved ? done() : planned('approval'),
    },
    people: { ...usual, 'Gradual Rollback: 100%': ['retry', 'approve'] },
  },
  'with a relapse': {
    world: { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] },
    people: {
      ...usual,
      'What is the cause?': ['Dynex Platform Issue', 'Network/Configuration Issue'],
      'Check firewall rules and network policies: by hand': 'done',
      'Gradual Rollback: 100%': ['approve', 'approve'],
    },
  },
  'that only observes': { world: { setFallback: planned('observe'), setStatusPage: planned('observe') } },
  'whose recovery is late': { world: { recovered: [finding('unknown'), finding('faulty'), finding('healthy')] } },
  'that fires again in its quiet time': {
    messages: [
      alertEnds(10),
      { after: minutes(60), signal: 'alert', args: [anAlert(later)] },
      { after: minutes(62), signal: 'alert', args: [anAlert({ ...later, status: 'resolved' })] },
    ],
  },
  'whose alert ends before its cause is known': { messages: [alertEnds(2)], people: { 'Gradual Rollback: 100%': 'approve' } },
  'whose alert ends with a stuck breaker and a task in hand': {
    messages: [alertEnds(2)],
    world: { 'Activate Circuit Breaker': refused('exceeded quota', true) },
    people: { 'What is the cause?': 'none of these (I will fix it manually)', 'Gradual Rollback: 100%': 'approve' },
  },
  'whose alert ends, but goes on': {
    messages: [alertEnds(2)],
    people: { ...usual, 'The alert has resolved': 'keep going', 'What is the cause?': [] },
    atMost: minutes(200),
  },
  'whose end is not borne out': {
    messages: [alertEnds(2)],
    world: { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] },
    people: { 'Gradual Rollback: 100%': ['approve', 'approve'] },
  },
  'that begins in earnest at its third look': {
    args: [aStart(anAlert({ name: 'NQBAAPIDown' }))],
    world: { probe: [finding('healthy'), finding('healthy'), finding('faulty')] },
  },
  'whose body throws, and runs on after a fix': {
    world: { rollouts: [null, finding('healthy', { change: null })] },
    people: { ...usual, 'Runbook error': 'resume after a fix' },
  },
  'that is cancelled and undone': {
    messages: [alertEnds(10), { after: minutes(3), signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }] }],
    people: { 'Undo or leave?': 'undo' },
  },
};

/** What the world, people and the report can tell of an incident. */
const told = ({ ran, report, closed }: Rehearsal) => ({
  closed,
  outcome: report.outcome,
  state: report.state,
  effects: ran.map(({ type, title, args }) => [
    type,
    title,
    Reflect.get(Object(args[1]), 'key'),
    Reflect.get(Object(args[1]), 'approved'),
  ]),
  questions: report.questions.map(({ id, kind, because, plan, answer }) => [
    id,
    kind,
    because,
    plan?.digest,
    answer?.choice,
    answer?.by,
  ]),
  steps: report.steps.map(({ key, state, because, evidence, effect }) => [key, state, because, evidence, effect]),
  phases: report.phases.map(({ title, ended, overdue }) => [title, ended !== undefined, overdue !== undefined]),
  refusals: report.refusals.map(({ what, by, because }) => [what, by, because]),
  byHand: report.byHand,
  followUps: report.followUps,
  undelivered: report.undelivered,
});

/** Effects of things side by side have no order among each other. */
const sorted = ({ effects, ...rest }: ReturnType<typeof told>) => ({ ...rest, effects: effects.map(String).sort() });
const withoutRun = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(/run-\d+/g, 'run'));

for (const [what, incident] of Object.entries(incidents))
  test(`an incident ${what} does, asks and reports the same when it rolls over at every quiet moment`, async () => {
    const once = await trialOutage({ ...incident, rollOver: false });
    const rolled = await trialOutage({ ...incident, rollOver: true });
    assert.equal(rolled.runs > 1, true, `${rolled.runs} runs`);
    assert.deepEqual(withoutRun(sorted(told(rolled))), withoutRun(sorted(told(once))));
    assert.equal(Math.round(rolled.minutes), Math.round(once.minutes), 'a wait may begin again');
  });

test('the timeline of an incident that rolls over is that of one that does not', async () => {
  const whatOf = ({ report }: Rehearsal) => report.timeline?.map(({ who, what }) => `${who}: ${what}`).sort();
  assert.deepEqual(whatOf(await trialOutage({ rollOver: true })), whatOf(await trialOutage({ rollOver: false })));
});
