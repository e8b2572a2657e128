// An incident closes on a measured recovery and a quiet alert, or by a person with a reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import { isOpen } from '../../../workflows/kit/record/state.ts';
import {
  aReceipt,
  alertEnds,
  aStart,
  aTakeBack,
  anAlert,
  done,
  effects,
  finding,
  minutes,
  planned,
  questionOf,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trial, trialOutage } from '../../support/trial/rehearsing.ts';

const closeAnyway = 'close: no mitigation was possible';
const asked = 'Recovery is not measured';
const notYet = finding('unknown', {}, 'Prometheus does not answer');
const healthy = finding('healthy', {}, '20 of 20 jobs succeeded');

test('while recovery is not measured the incident stays open, looks again every five minutes, and says so once', async () => {
  const rehearsed = await trialOutage({ world: { recovered: notYet }, atMost: minutes(120) });
  assert.equal(rehearsed.closed, false);
  assert.notEqual(rehearsed.report.state, 'resolved');
  assert.equal(questionOf(rehearsed.report, asked)?.because, 'Prometheus does not answer');
  assert.equal(rehearsed.report.questions.filter(({ title }) => title === asked).length, 1);
  const looks = effects(rehearsed, 'recovered').map(({ at }) => at);
  assert.equal(looks.length > 10, true);
  assert.equal(
    looks.slice(1).every((at, index) => at - (looks[index] ?? 0) <= minutes(5) + 2000),
    true,
  );
});

test('a person closes it with a reason, which is its outcome; it is told as closed, not as resolved', async () => {
  const decision = { question: 'recovery-is-not-measured', choice: closeAnyway, by: 'ann', reason: 'Dynex was retired' };
  const rehearsed = await trialOutage({
    world: { recovered: notYet },
    messages: [{ after: minutes(120), signal: 'decide', args: [decision] }],
  });
  assert.equal(rehearsed.report.outcome, `${closeAnyway}: Dynex was retired`);
  const told = effects(rehearsed, 'resolveIncident').map(({ args }) => args[0]);
  assert.deepEqual(told, [{ summary: `${closeAnyway}: Dynex was retired`, resolved: false }]);
});

test('when recovery is measured after all, nobody needs to answer any more', async () => {
  const { report } = await trialOutage({ world: { recovered: [notYet, notYet, healthy] } });
  assert.equal(questionOf(report, asked)?.withdrawn, 'recovery is measured');
  assert.equal(report.outcome, 'recovered');
  assert.deepEqual(report.recovery, { verdict: 'healthy', evidence: '20 of 20 jobs succeeded' });
});

test('the quiet time is waited for before it closes, at the pace of the platform', async () => {
  const real = await trialOutage();
  const quick = await trialOutage({ args: [aStart(anAlert(), 1 / 60)] });
  const quiet = ({ report: { times } }: typeof real) => Date.parse(times.closed ?? '') - Date.parse(times.resolved ?? '');
  assert.equal(Math.round(quiet(real) / 60_000), 60);
  assert.equal(Math.round(quiet(quick) / 60_000), 1);
});

test('an alert that fires in the quiet time reopens the remedy: it is investigated and asked again, and the quiet begins again', async () => {
  const again = { startsAt: new Date(threeAtNight + minutes(60)).toISOString() };
  const firesAgain = { after: minutes(60), signal: 'alert', args: [anAlert(again)] };
  const endsAgain = { after: minutes(62), signal: 'alert', args: [anAlert({ ...again, status: 'resolved' })] };
  const rehearsed = await trialOutage({ messages: [alertEnds(10), firesAgain, endsAgain] });
  const { questions, steps, times } = rehearsed.report;
  assert.equal(rehearsed.runs, 2);
  assert.equal(questions.filter(({ title }) => title === 'What is the cause?').length, 2);
  const investigated = steps.filter(({ title }) => title === 'Check Dynex Status Page').map(({ key }) => key.slice(-2));
  assert.deepEqual(investigated, ['/1', '/2']);
  assert.equal(steps.filter(({ title }) => title === 'Activate Circuit Breaker').length, 1);
  const quiet = Date.parse(times.closed ?? '') - Date.parse(times.resolved ?? '');
  assert.equal(Math.floor(quiet / minutes(1)), 60);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

for (const rollOver of [false, true])
  test(`what follows the remedy that is reopened is done, asked and looked at again${rollOver ? ', and over a roll-over' : ''}`, async () => {
    const again = { startsAt: new Date(threeAtNight + minutes(60)).toISOString() };
    const firesAgain = { after: minutes(60), signal: 'alert', args: [anAlert(again)] };
    const endsAgain = { after: minutes(62), signal: 'alert', args: [anAlert({ ...again, status: 'resolved' })] };
    const cause = 'Dynex Platform Issue';
    const people = { 'What is the cause?': [cause, cause] };
    const { report } = await trial('afterwards', { rollOver, people, messages: [alertEnds(10), firesAgain, endsAgain] });
    const times = (title: string) => report.steps.filter(step => step.title === title).map(({ key }) => key.slice(-2));
    assert.deepEqual(times('Review Recent Changes'), ['/1']);
    for (const title of ['Check Dynex Status Page', 'Update Status Page', 'Check Credentials'])
      assert.deepEqual(times(title), ['/1', '/2'], title);
    assert.equal(report.questions.filter(({ title }) => title === 'Anything to tell?').length, 2);
    assert.equal(report.phases.filter(({ title }) => title === 'Afterwards').length, 2);
    assert.equal(report.outcome, 'recovered');
  });

test('a change that people let happen in the quiet time is measured again before the incident is called recovered', async () => {
  let isOpen = false;
  const opens = ({ at }: Attempt) => {
    isOpen = at > threeAtNight + minutes(40);
    return isOpen ? done() : planned('held');
  };
  const standing = () => finding(isOpen ? 'faulty' : 'healthy', { standing: isOpen ? ['k'] : [] });
  const release = { question: 'activate-circuit-breaker', choice: 'release', by: 'bob' };
  const rehearsed = await trialOutage({
    world: { 'Activate Circuit Breaker': opens, standing },
    messages: [{ after: minutes(50), signal: 'decide', args: [release] }, alertEnds(60)],
    atMost: minutes(300),
  });
  assert.equal(isOpen, true);
  assert.equal(rehearsed.closed, false);
  assert.equal(rehearsed.report.state, 'mitigated');
  const choices = questionOf(rehearsed.report, 'Changes of this incident still stand')?.choices;
  assert.deepEqual(choices, ['restore them now', 'close: leave them standing']);
});

const notice = aTakeBack().takeBack;
const page = {
  'Update Status Page': done(aReceipt({ takeBack: { ...notice, key: 'notice' } })),
  'Update Status Page: measured': done(aReceipt({ takeBack: { ...notice, key: 'notice' } })),
  'Update Status Page: operational': done(aReceipt({ takeBack: undefined })),
};
const textsOf = (rehearsed: Rehearsal) => effects(rehearsed, 'setStatusPage').map(({ args: [input] }) => Object(input).text);

test('the page that said it is over says again what it said at first when the alert fires again', async () => {
  const again = { startsAt: new Date(threeAtNight + minutes(60)).toISOString() };
  const firesAgain = { after: minutes(60), signal: 'alert', args: [anAlert(again)] };
  const rehearsed = await trialOutage({
    world: { ...page, 'Update Status Page: again': page['Update Status Page'] },
    messages: [alertEnds(10), firesAgain],
    people: { ...usual, 'What is the cause?': ['Dynex Platform Issue'] },
    atMost: minutes(70),
  });
  assert.deepEqual(textsOf(rehearsed), ['degraded', 'quantum-fallback', 'dynex-resolved', 'degraded']);
});

test('so it does when people close it while the symptom is measured; what stands then is named', async () => {
  const decision = { question: 'recovery-is-not-measured', choice: closeAnyway, by: 'ann', reason: 'no one can' };
  const run = (verdict: 'faulty' | 'unknown') => {
    let isOut = false;
    const say = () => {
      isOut = true;
      return page['Update Status Page'];
    };
    return trialOutage({
      world: {
        ...page,
        'Update Status Page: again': say,
        recovered: finding(verdict),
        standing: () => finding(isOut ? 'faulty' : 'healthy', { standing: isOut ? ['notice'] : [] }),
      },
      messages: [alertEnds(10), { after: minutes(120), signal: 'decide', args: [decision] }],
    });
  };
  const rehearsed = await run('faulty');
  assert.deepEqual(textsOf(rehearsed), ['degraded', 'quantum-fallback', 'dynex-resolved', 'degraded']);
  assert.equal(rehearsed.report.standing?.length, 1);
  assert.deepEqual(textsOf(await run('unknown')), ['degraded', 'quantum-fallback', 'dynex-resolved']);
});

test('another alert of the incident in the quiet time counts as well', async () => {
  const another = { after: minutes(60), signal: 'alert', args: [anAlert({ fingerprint: 'beef' })] };
  const rehearsed = await trialOutage({
    messages: [alertEnds(10), another],
    people: { ...usual, 'What is the cause?': ['Dynex Platform Issue'] },
    atMost: minutes(120),
  });
  assert.equal(rehearsed.report.state, 'acknowledged');
  assert.equal(questionOf(rehearsed.report, 'What is the cause?')?.answer, undefined);
});

test('another alert reopens the remedy also while the first is still delivered', async () => {
  const another = { after: minutes(50), signal: 'alert', args: [anAlert({ fingerprint: 'beef' })] };
  const { report } = await trialOutage({
    messages: [another],
    people: { ...usual, 'What is the cause?': ['Dynex Platform Issue'] },
    atMost: minutes(120),
  });
  assert.equal(report.state, 'acknowledged');
  assert.equal(report.questions.filter(({ title }) => title === 'What is the cause?').length, 2);
});

test('a repeat of the alert that we know, and its end, disturb no quiet time', async () => {
  const delivered = (after: number, status: 'firing' | 'resolved') => ({ after, signal: 'alert', args: [anAlert({ status })] });
  const messages = [delivered(0, 'firing'), delivered(minutes(50), 'firing'), delivered(minutes(55), 'resolved')];
  const rehearsed = await trialOutage({ messages });
  assert.equal(effects(rehearsed, 'recovered').length, 1);
  assert.equal(rehearsed.report.absorbed, 1);
});

test('where we observe, the end of the alert ends the incident, and nothing is left to answer', async () => {
  const { report, closed } = await trialOutage({
    world: { setFallback: planned('observe'), setStatusPage: planned('observe'), recovered: notYet },
    people: { 'What is the cause?': 'Dynex Platform Issue' },
    messages: [{ after: minutes(90), signal: 'alert', args: [anAlert({ status: 'resolved' })] }],
  });
  assert.equal(closed, true);
  assert.equal(report.outcome, 'observed');
  assert.deepEqual(report.questions.filter(isOpen), []);
});

test('a decision that comes after the end is refused, and changes nothing of the report', async () => {
  const { report } = await trialOutage({ people: usual });
  const late = { question: 'what-is-the-cause', choice: 'Authentication Issue', by: 'eve' };
  const closing = Date.parse(report.times.closed ?? '') - threeAtNight;
  const again = await trialOutage({ messages: [alertEnds(10), { after: closing, signal: 'decide', args: [late] }] });
  assert.equal(again.report.refusals[0]?.by, 'eve');
  assert.equal(again.report.outcome, 'recovered');
});

test('the report is kept in the artifact store before the workflow ends with it, and an unreachable store does not hold it up', async () => {
  const kept = await trialOutage();
  const saved = Reflect.get(Object(effects(kept, 'saveReport')[0]?.args[0]), 'report');
  assert.deepEqual(saved, kept.report);
  const { closed } = await trialOutage({ world: { saveReport: new Error('disk full') } });
  assert.equal(closed, true);
});

test('an alert that nobody ends keeps its incident open; a person closes over it only with a reason', async () => {
  const decide = (after: number, reason?: string) => ({
    after: minutes(after),
    signal: 'decide',
    args: [{ question: 'the-alert-still-fires', choice: 'close: the alert is wrong', by: 'ann', ...(reason && { reason }) }],
  });
  const open = await trialOutage({ messages: [], atMost: minutes(600) });
  assert.equal(open.report.state, 'resolved');
  const { report, closed } = await trialOutage({ messages: [decide(200), decide(210, 'the probe was moved')] });
  assert.equal(closed, true);
  assert.match(report.refusals[0]?.because ?? '', /needs a reason/);
});
