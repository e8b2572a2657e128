// An alert that the catalog has looked into is believed unless our own check is healthy; then it is a ticket for as long as it does not show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aStart,
  anAlert,
  effects,
  finding,
  minutes,
  questionOf,
  type Rehearsing,
  stepOf,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trial, trialOutage } from '../../support/trial/rehearsing.ts';

const api = { name: 'NQBAAPIDown', fingerprint: 'a91' };
const look = 'Confirm NQBAAPIDown';
const title = 'Symptom not confirmed: NQBAAPIDown';
const ended = (after: number) => ({ after: minutes(after), signal: 'alert', args: [anAlert({ ...api, status: 'resolved' })] });

const apiDown = (more: Rehearsing = {}) =>
  trialOutage({
    args: [aStart(anAlert(api))],
    messages: [ended(60)],
    ...more,
    world: { probe: finding('healthy', {}, '12 of 12 probes succeeded'), ...more.world },
  });

test('the corroborating check is scheduled in the first workflow task, and nothing else', async () => {
  const { tasks } = await apiDown();
  const scheduled = tasks[0]?.flatMap(({ scheduleActivity }) => scheduleActivity ?? []) ?? [];
  assert.deepEqual(
    scheduled.map(({ activityType, retryPolicy }) => [activityType, retryPolicy?.maximumAttempts]),
    [['probe', 1]],
  );
  assert.equal(Number(scheduled[0]?.scheduleToCloseTimeout?.seconds), 20);
});

test('a healthy look makes it a follow-up: nobody is paged, nothing is changed, and it closes with the alert', async () => {
  const rehearsed = await apiDown();
  assert.equal(rehearsed.report.outcome, 'symptom not confirmed');
  const ticket = { recurs: 'trial-outage/unconfirmed/a91', since: '2026-11-24T03:00:00.000Z' };
  assert.deepEqual(rehearsed.report.followUps, [{ title, owner: 'operations', confirm: '12 of 12 probes succeeded', ...ticket }]);
  assert.deepEqual([effects(rehearsed, 'page'), effects(rehearsed, 'setFallback')], [[], []]);
  assert.equal(questionOf(rehearsed.report, title)?.withdrawn, 'the alert has resolved');
});

test('while it fires it is looked at every minute', async () => {
  const looks = effects(await apiDown({ messages: [ended(5)] }), 'probe').map(({ at }) => at - threeAtNight);
  assert.deepEqual(
    looks.map(at => Math.floor(at / minutes(1))),
    [0, 1, 2, 3, 4],
  );
});

test('begun by a further alert, it stays begun when that alert ends, also over roll-overs', async () => {
  const further = (after: number, status: 'firing' | 'resolved') => ({
    after: minutes(after),
    signal: 'alert',
    args: [anAlert({ ...api, fingerprint: 'beef', startsAt: new Date(threeAtNight + minutes(5)).toISOString(), status })],
  });
  const messages = [further(5, 'firing'), further(7, 'resolved'), ended(60)];
  for (const rollOver of [false, true]) {
    const { report } = await apiDown({ rollOver, messages });
    assert.equal(report.outcome, 'recovered', `rolling over: ${rollOver}`);
    assert.equal(report.steps.findLast(step => step.title === look)?.state, 'unknown');
  }
});

for (const verdict of ['faulty', 'unknown'] as const) {
  test(`a first look that is ${verdict} prevents nothing`, async () => {
    const { report } = await apiDown({ world: { probe: finding(verdict) } });
    assert.equal(stepOf(report, 'Activate Circuit Breaker')?.state, 'done');
    assert.equal(report.outcome, 'recovered');
    assert.deepEqual(report.followUps.map(({ title }) => title).includes(title), false);
  });

  test(`the first look that is ${verdict} begins it in earnest`, async () => {
    const rehearsed = await apiDown({ world: { probe: [finding('healthy'), finding('healthy'), finding(verdict)] } });
    assert.equal(Math.floor((Date.parse(stepOf(rehearsed.report, 'Notify Team')?.began ?? '') - threeAtNight) / minutes(1)), 2);
    assert.equal(effects(rehearsed, 'probe').length, 3);
    assert.equal(rehearsed.report.outcome, 'recovered');
  });
}

test('a look that fails is tried once, and the alert is believed', async () => {
  const rehearsed = await apiDown({ world: { probe: new Error('the worker has no network') } });
  assert.equal(effects(rehearsed, 'probe').length, 1);
  assert.equal(stepOf(rehearsed.report, look)?.state, 'unknown');
  assert.equal(stepOf(rehearsed.report, 'Notify Team')?.state, 'done');
});

test('jobs that fall back are looked at first; what is an outside probe by itself is believed at once', async () => {
  const open = (name: string) =>
    trialOutage({ args: [aStart(anAlert({ name }))], world: { jobs: finding('healthy') }, atMost: minutes(3) });
  const first = async (name: string) => (await open(name)).ran[0]?.args[0];
  assert.deepEqual(await first('QuantumFallbackRateHigh'), { solver: 'dynex', share: 0.5 });
  for (const name of ['DynexHealthCheckFailed', 'QuantumServiceUnavailable'])
    assert.equal(stepOf((await open(name)).report, 'Declare Incident')?.state, 'done');
});

test('a second alert of the incident is believed', async () => {
  const second = { after: minutes(3), signal: 'alert', args: [anAlert()] };
  const over = { after: minutes(60), signal: 'alert', args: [anAlert({ status: 'resolved' })] };
  const rehearsed = await apiDown({ messages: [second, over, ended(60)] });
  assert.equal(rehearsed.report.outcome, 'recovered');
  assert.equal(effects(rehearsed, 'probe').length, 3);
});

test('the end of another alert that never began begins nothing', async () => {
  const end = { after: minutes(3), signal: 'alert', args: [anAlert({ status: 'resolved' })] };
  const { report } = await apiDown({ messages: [end, ended(9)] });
  assert.equal(report.outcome, 'symptom not confirmed');
});

test('another alert of the runbook within the hour, though its incident is closed, is believed', async () => {
  const rehearsed = await apiDown({ world: { noteUnseen: { times: 1, second: true } } });
  assert.deepEqual(effects(rehearsed, 'noteUnseen')[0]?.args[0], {
    runbook: 'trial-outage',
    fingerprint: 'a91',
    incident: rehearsed.report.steps[0]?.key.split('/')[0],
  });
  assert.match(stepOf(rehearsed.report, look)?.evidence ?? '', /^A second alert of this runbook fired within the hour/);
  assert.equal(rehearsed.report.outcome, 'recovered');
  assert.equal(
    rehearsed.report.followUps.some(one => one.title === title),
    false,
  );
});

test('the third time in a day it is the business of the runbook’s owner; what cannot be remembered is the first', async () => {
  const owners = async (noteUnseen: unknown) => (await apiDown({ world: { noteUnseen } })).report.followUps;
  const [third] = await owners({ times: 3, second: false });
  assert.partialDeepStrictEqual(third, {
    title,
    owner: 'quantum',
    confirm: '12 of 12 probes succeeded False alarm 3 times today: fix the alert rule.',
  });
  const [second] = await owners({ times: 2, second: false });
  assert.equal(second?.owner, 'operations');
  const [forgotten] = await owners(new Error('disk full'));
  assert.equal(forgotten?.owner, 'operations');
});

const pages = (rehearsed: Awaited<ReturnType<typeof trialOutage>>) =>
  effects(rehearsed, 'page').map(({ at, title }) => [Math.floor((at - threeAtNight) / minutes(1)), title]);
const told = 'Page primary: symptom not confirmed, but the alert still fires: please check when you can';
const critical = (more: Rehearsing = {}) =>
  trial('critical', {
    args: [aStart(anAlert(api))],
    messages: [ended(120)],
    ...more,
    world: { probe: finding('healthy'), ...more.world },
  });

test('the first rung of a P0 is told after ten minutes, once; nobody else is, and the ladder does not begin', async () => {
  const rehearsed = await critical();
  assert.deepEqual(pages(rehearsed), [[10, told]]);
  assert.equal(rehearsed.report.times.paged, undefined);
  assert.equal(rehearsed.report.outcome, 'symptom not confirmed');
  assert.deepEqual(pages(await apiDown()), [], 'a P1');
});

test('who has acknowledged, or an alert that ended, is not told', async () => {
  assert.deepEqual(pages(await critical({ messages: [ended(9)] })), []);
  const acknowledged = { after: minutes(2), signal: 'acknowledge', args: [{ by: 'ann' }] };
  assert.deepEqual(pages(await critical({ messages: [acknowledged, ended(60)] })), []);
});

test('when it shows after all, the ladder begins then, from its first rung', async () => {
  const probe = [...Array.from({ length: 20 }, () => finding('healthy')), finding('faulty')];
  const rehearsed = await critical({ world: { probe, recovered: finding('faulty') }, messages: [], atMost: minutes(31) });
  assert.deepEqual(pages(rehearsed), [
    [10, told],
    [20, 'Notify Team'],
    [25, 'Page secondary: not acknowledged'],
    [30, 'Page escalation: not acknowledged'],
  ]);
});

test('rolled over, it is told once all the same', async () => {
  assert.deepEqual(pages(await critical({ rollOver: true })), [[10, told]]);
});

test('a person may begin it, and then nothing is looked into any more', async () => {
  const rehearsed = await apiDown({ people: { ...usual, [title]: 'begin' } });
  assert.equal(effects(rehearsed, 'probe').length, 1);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

test('what a person has seen is not looked into', async () => {
  const rehearsed = await apiDown({ args: [aStart(anAlert({ ...api, source: 'person' }))], messages: [], atMost: minutes(30) });
  assert.deepEqual(effects(rehearsed, 'probe'), []);
});

test('cancelled while it does not show, it ends', async () => {
  const { report } = await apiDown({ messages: [{ after: minutes(5), signal: 'cancel', args: [{ by: 'bob' }] }, ended(9)] });
  assert.equal(report.outcome, 'cancelled by bob');
});
