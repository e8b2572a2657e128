// A guarded action whose symptom is not confirmed asks, and is judged again until it applies; nothing else waits for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import {
  aPlan,
  alertEnds,
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
  rehearsal,
  stepOf,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const breaker = 'Activate Circuit Breaker';
const minuteOf = (time: string | number | undefined) =>
  ((typeof time === 'string' ? Date.parse(time) : (time ?? 0)) - threeAtNight) / minutes(1);
const notConfirmed = planned('not confirmed');

/** The symptom shows from that minute on. */
const from = (minute: number) => ({
  [breaker]: ({ at, args }: Attempt) => (minuteOf(at) >= minute || callOf(args).approved ? done() : notConfirmed),
});
const unconfirmed = (rehearsing: Rehearsing = {}) =>
  rehearsal({ people: {}, messages: [], atMost: minutes(9), ...rehearsing, world: { ...from(Infinity), ...rehearsing.world } });
const tries = async (rehearsing: Rehearsing) =>
  effects(await unconfirmed(rehearsing), 'setFallback').map(({ at }) => minuteOf(at));
const fires = (after: number, change = {}) => ({
  after: minutes(after),
  signal: 'alert',
  args: [anAlert({ startsAt: new Date(threeAtNight + minutes(after)).toISOString(), ...change })],
});

test('it asks as usual, and what follows does not wait for it', async () => {
  const { report } = await unconfirmed({ atMost: minutes(3) });
  const question = questionOf(report, breaker);
  assert.deepEqual([question?.kind, question?.choices], ['plan', ['approve', 'skip', 'done by hand']]);
  assert.match(
    question?.because ?? '',
    /^not confirmed It is checked again every minute, and applied automatically once confirmed\.$/,
  );
  assert.equal(stepOf(report, breaker)?.state, 'waiting');
  assert.ok(minuteOf(stepOf(report, 'Test Connectivity')?.began) < 1);
  assert.equal(questionOf(report, 'What is the cause?')?.answer, undefined);
});

for (const rollOver of [false, true])
  test(`it is judged every minute; confirmed, it is done, and the question is withdrawn${rollOver ? ', over roll-overs' : ''}`, async () => {
    const { report } = await unconfirmed({ rollOver, world: from(4) });
    const step = stepOf(report, breaker);
    assert.equal(step?.state, 'done');
    assert.ok(Math.abs(minuteOf(step?.ended) - 4.5) <= 1, `${step?.ended}`);
    assert.equal(questionOf(report, breaker)?.withdrawn, 'confirmed: Jobs run on classical solvers');
    assert.equal(report.questions.filter(({ title }) => title === breaker).length, 1);
  });

test('it is judged at each further alert, at a repeat, and when a person opens the incident', async () => {
  const messages = [
    fires(2.5, { fingerprint: 'beef' }),
    fires(4, { startsAt: anAlert().startsAt }),
    fires(5.3, { fingerprint: 'by-hand', name: 'OpenedByHand', source: 'person' }),
  ];
  const at = await tries({ messages });
  for (const minute of [2.5, 4, 5.3]) assert.ok(at.includes(minute), `${minute}: ${at.join()}`);
});

for (const [choice, state] of [
  ['approve', 'done'],
  ['skip', 'skipped'],
  ['done by hand', 'by hand'],
] as const)
  test(`${choice}: a person's answer ends it, and it is judged no more`, async () => {
    const rehearsed = await unconfirmed({
      messages: [{ after: minutes(2.5), signal: 'decide', args: [{ question: 'activate-circuit-breaker', choice, by: 'ann' }] }],
    });
    assert.equal(stepOf(rehearsed.report, breaker)?.state, state);
    assert.ok(effects(rehearsed, 'setFallback').every(({ at }) => minuteOf(at) < 3));
  });

test('the plan that is approved is the one that was judged last', async () => {
  const judged = ({ at, args }: Attempt) =>
    callOf(args).approved ? done() : planned('not confirmed', aPlan(minuteOf(at) < 1 ? 'first' : 'second'));
  const messages = [
    {
      after: minutes(2.5),
      signal: 'decide',
      args: [{ question: 'activate-circuit-breaker', choice: 'approve', by: 'ann', digest: 'second' }],
    },
  ];
  const rehearsed = await unconfirmed({ messages, world: { [breaker]: judged } });
  assert.equal(callOf(effects(rehearsed, 'setFallback').at(-1)?.args ?? []).approved, 'second');
  assert.equal(stepOf(rehearsed.report, breaker)?.state, 'done');
});

for (const [name, outcome, kind] of [
  ['a hold', planned('held'), 'held'],
  ['a plan that people must look at', planned('approval'), 'plan'],
  ['a failure', refused('exceeded quota', true), 'stuck'],
] as const)
  test(`judged again it comes to ${name}: that is asked instead`, async () => {
    const { report } = await unconfirmed({ world: { [breaker]: [notConfirmed, outcome] } });
    const asked = report.questions.filter(({ title }) => title === breaker);
    assert.deepEqual(
      asked.map(one => [one.kind, one.withdrawn === undefined]),
      [
        ['plan', false],
        [kind, true],
      ],
    );
  });

test("the alert's end withdraws it", async () => {
  const { report } = await unconfirmed({ messages: [alertEnds(2)], atMost: minutes(20) });
  assert.equal(questionOf(report, breaker)?.withdrawn, 'the alert has resolved');
  assert.equal(stepOf(report, breaker)?.state, 'withdrawn');
});

test('cancelling withdraws it', async () => {
  const cancel = { after: minutes(3.5), signal: 'cancel', args: [{ by: 'bob' }] };
  const rehearsed = await unconfirmed({ messages: [cancel, alertEnds(5)], atMost: minutes(60) });
  assert.equal(questionOf(rehearsed.report, breaker)?.withdrawn, 'the incident was cancelled');
  assert.ok(effects(rehearsed, 'setFallback').every(({ at }) => minuteOf(at) < 4));
});

test('an incident closes over it, and withdraws it', async () => {
  const ends = { ...alertEnds(1), after: minutes(40) };
  const { report } = await rehearsal({ people: usual, messages: [ends], world: from(Infinity) });
  assert.equal(report.outcome, 'recovered');
  assert.equal(questionOf(report, breaker)?.withdrawn, 'the incident closes');
});

test('once recovery is measured it is judged no more, whatever is delivered', async () => {
  const repeat = { after: minutes(60), signal: 'alert', args: [anAlert({ status: 'resolved' })] };
  const rehearsed = await rehearsal({
    people: usual,
    messages: [{ ...alertEnds(1), after: minutes(40) }, repeat],
    world: from(Infinity),
  });
  const resolved = minuteOf(rehearsed.report.times.resolved);
  assert.ok(resolved < 60, `resolved after ${resolved} minutes`);
  const late = effects(rehearsed, 'setFallback').filter(({ title, at }) => title === breaker && minuteOf(at) > resolved);
  assert.deepEqual(late, []);
});

test('recovery is not measured while it is judged: nothing changes after what was measured', async () => {
  const notYet = finding('unknown', {}, 'Prometheus does not answer');
  const recovered = ({ at }: Attempt) => (minuteOf(at) < 60 ? notYet : finding('healthy'));
  const run = (minute: number) =>
    rehearsal({
      people: usual,
      messages: [{ ...alertEnds(1), after: minutes(60) }],
      world: { ...from(minute), recovered },
      takes: { [breaker]: minutes(2) },
    });
  const { resolved = '' } = (await run(Infinity)).report.times;
  const reports = await Promise.all([1, 2, 3, 4, 5, 6].map(async before => (await run(minuteOf(resolved) - before)).report));
  const confirmed = reports.filter(report => stepOf(report, breaker)?.state === 'done');
  assert.ok(confirmed.length > 2);
  for (const report of confirmed) assert.ok((stepOf(report, breaker)?.ended ?? '') <= (report.times.resolved ?? ''));
});

test('what follows a step that the end of the incident withdraws does not begin any more', async () => {
  const { report } = await trial('leaving', { world: { [breaker]: refused('no room', true) }, messages: [alertEnds(10)] });
  assert.equal(report.outcome, 'recovered');
  const { state, because } = stepOf(report, `${breaker}: again`) ?? {};
  assert.deepEqual([state, because], ['withdrawn', 'the incident closes']);
});

test('what follows in the same phase does not wait either', async () => {
  const first = { [breaker]: notConfirmed };
  const { report } = await trial('leaving', { world: first, messages: [], atMost: minutes(1) });
  assert.equal(stepOf(report, `${breaker}: again`)?.state, 'done');
});
