/** Each row of docs/when-things-go-differently.md, rehearsed in virtual time: a row without a rehearsal fails, and the reverse. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { firstLines } from '../client/cli/first-lines.ts';
import { leftByRecord } from '../client/cli/left.ts';
import { TemporalUnreachable } from '../client/errors.ts';
import type { Rehearsal } from '../worker/rehearsal/rehearse.ts';
import type { Attempt } from '../worker/rehearsal/virtual-server.ts';
import type { Report } from '../workflows/contract/index.ts';
import { isAction } from '../workflows/catalog/activities.ts';
import { isOpen } from '../workflows/kit/record/state.ts';
import { dynexDown, group } from './client/intake/bodies.ts';
import { intake } from './client/intake/edge.ts';
import {
  alertEnds,
  anAlert,
  aReceipt,
  aStart,
  aTakeBack,
  done,
  effects,
  finding,
  inputsOf,
  minutes,
  planned,
  questionOf,
  refused,
  type Rehearsing,
  rehearsal,
  stepOf,
  threeAtNight,
  usual,
} from './support/rehearsing.ts';
import { standing } from './support/differently.ts';
import { json, signalled } from './support/payloads.ts';
import { trial, trialOutage } from './support/trial/rehearsing.ts';

const stillStand = 'Changes of this incident still stand';
const breakerName = 'Activate Circuit Breaker';
const config = 'ConfigMap nqba-platform/nqba-config';
const atMinute = (minute: number) => new Date(threeAtNight + minutes(minute)).toISOString();

const cancelled = (choice?: string, more: object = {}): Rehearsing => ({
  world: standing(),
  messages: [{ after: minutes(4), signal: 'cancel', args: [{ by: 'ann', reason: 'a drill', ...more }] }, alertEnds(10)],
  people: choice === undefined ? {} : { 'Undo or leave?': choice },
});

const quietMinutesOf = ({ times }: Report) =>
  Math.floor((Date.parse(times.closed ?? '') - Date.parse(times.resolved ?? '')) / minutes(1));

const notice = aTakeBack().takeBack;
const published = {
  setStatusPage: ({ title }: Attempt) => {
    const takeBack = title.endsWith('operational') ? undefined : notice;
    return done(aReceipt({ changes: [], effect: { measured: 'nothing to measure', text: 'published' }, takeBack }));
  },
};

const endings = (rehearsed: Rehearsal) => inputsOf<{ summary: string }>(rehearsed, 'resolveIncident');

async function leaves(rehearsed: Rehearsal) {
  assert.deepEqual(rehearsed.report.standing, [`${breakerName}: ${config}`]);
  assert.equal(effects(rehearsed, 'takeBack').length, 0);
  assert.match(endings(rehearsed)[0]?.summary ?? '', /Still standing: .*runbooks undo/);
}

function asksWhatStands({ closed, report }: Rehearsal) {
  assert.equal(closed, false);
  assert.deepEqual(questionOf(report, stillStand)?.choices, ['restore them now', 'close: leave them standing']);
}

const rehearsals: Record<string, () => Promise<void>> = {
  async 'Skip a step that is stuck'() {
    const people = { ...usual, [breakerName]: 'skip' };
    const { report } = await trialOutage({ world: { [breakerName]: refused('the quota is full', true) }, people });
    const step = stepOf(report, breakerName);
    assert.deepEqual([step?.state, step?.changes, step?.takeBack], ['skipped', [], undefined]);
    assert.notEqual(stepOf(report, 'Check Dynex Status Page'), undefined);
  },
  async 'Skip the way back'() {
    const people = { ...usual, 'Gradual Rollback: 100%': 'skip' };
    asksWhatStands(await trialOutage({ world: standing(), people, atMost: minutes(180) }));
  },
  async 'Answer *restore them now*'() {
    const rehearsed = await trial('mitigating', { world: standing(), people: { [stillStand]: 'restore them now' } });
    assert.deepEqual([rehearsed.report.outcome, effects(rehearsed, 'takeBack').length], ['recovered', 1]);
    assert.equal(rehearsed.report.standing, undefined);
  },
  async 'Answer *close: leave them standing*'() {
    const choice = 'close: leave them standing';
    const rehearsed = await trial('mitigating', { world: standing(), people: { [stillStand]: choice } });
    assert.equal(rehearsed.report.outcome, `${choice}: as it is`);
    await leaves(rehearsed);
  },
  async 'Let a runbook of your own change a setting and end'() {
    const world = { ...standing(), setConfigMap: [planned('approval'), done()], probe: finding('healthy') };
    const people = { 'Raise the timeout': 'approve' };
    asksWhatStands(await trial('settingAndEnding', { world, people, atMost: minutes(180) }));
    const closed = await trial('settingAndEnding', {
      world: { ...world, ...standing() },
      people: { ...people, [stillStand]: 'restore them now' },
    });
    assert.deepEqual([closed.report.outcome, effects(closed, 'takeBack').length], ['recovered', 1]);
  },
  async 'Cancel, then answer *undo*'() {
    const rehearsed = await trial('mitigating', cancelled('undo'));
    assert.equal(rehearsed.report.outcome, 'cancelled by ann (a drill): undo');
    assert.deepEqual([effects(rehearsed, 'takeBack').length, rehearsed.report.standing], [1, undefined]);
  },
  async 'Cancel, then answer *leave*'() {
    const rehearsed = await trial('mitigating', cancelled('leave'));
    assert.equal(rehearsed.report.outcome, 'cancelled by ann (a drill): leave');
    await leaves(rehearsed);
  },
  async 'Cancel as a false alarm, before anything was changed'() {
    const { report } = await trial('confirming', { ...cancelled(undefined, { falseAlarm: true }), world: {} });
    assert.equal(report.outcome, 'cancelled by ann as a false alarm (a drill)');
    assert.deepEqual([questionOf(report, 'Undo or leave?'), report.standing], [undefined, undefined]);
  },
  async 'Cancel the workflow in Temporal'() {
    const jobs = [{ after: minutes(4), job: { cancelWorkflow: { reason: 'enough' } } }];
    const { closed, report } = await trial('mitigating', { world: standing(), jobs, atMost: minutes(180) });
    assert.deepEqual([closed, questionOf(report, 'Undo or leave?')?.choices], [false, ['undo', 'leave']]);
  },
  async 'Terminate the workflow in Temporal'() {
    const { report } = await trial('mitigating', { world: standing(), messages: [], atMost: minutes(4) });
    const left = leftByRecord(report);
    const cutOff = { how: 'terminated', at: atMinute(4), replaced: false, left };
    const [, , wants] = firstLines({ name: report.incident, report, cutOff, now: threeAtNight + minutes(5) });
    assert.match(wants ?? '', new RegExp(`terminated .* left changed by its own record: ${config}\\. Undo: runbooks undo `));
  },
  async 'Undo from outside, while the incident is open'() {
    const messages = [{ after: minutes(15), signal: 'undone', args: [{ key: 'k', by: 'bob' }] }];
    const rehearsed = await trial('stating', { messages, atMost: minutes(20) });
    assert.equal(rehearsed.report.times.mitigated, undefined);
    const texts = inputsOf<{ text: string }>(rehearsed, 'setStatusPage').map(({ text }) => text);
    assert.deepEqual(texts, ['degraded', 'quantum-fallback', 'degraded']);
  },
  async 'Hold everything'() {
    const world = { setFallback: planned('held'), setStatusPage: planned('held') };
    const { report } = await trialOutage({ world, atMost: minutes(20) });
    const held = report.questions.filter(({ kind, plan }) => kind === 'held' && plan);
    assert.equal(
      held.some(({ title }) => title === breakerName),
      true,
    );
    assert.deepEqual(
      report.steps.filter(({ changes }) => changes.length > 0),
      [],
    );
    assert.equal(stepOf(report, 'Test Connectivity')?.state, 'faulty');
    assert.notEqual(report.times.paged, undefined);
  },
  async Release() {
    const messages = [{ after: minutes(15), signal: 'release', args: [{ by: 'ann' }] }, alertEnds(30)];
    const rehearsed = await trialOutage({ world: { [breakerName]: [planned('held'), done()] }, messages });
    assert.equal(stepOf(rehearsed.report, breakerName)?.state, 'done');
    assert.equal(effects(rehearsed, 'setFallback').filter(({ title }) => title === breakerName).length, 2);
  },
  async 'Disarm a runbook in the middle of its incident'() {
    const world = {
      ...standing(),
      'Gradual Rollback: 100%': planned('observe'),
      'Update Status Page: operational': planned('observe'),
    };
    const rehearsed = await trialOutage({ world, people: { ...usual, [stillStand]: 'restore them now' } });
    assert.equal(stepOf(rehearsed.report, 'Gradual Rollback: 100%')?.state, 'would have');
    assert.deepEqual([rehearsed.report.outcome, effects(rehearsed, 'takeBack').length], ['recovered', 1]);
  },
  async 'An alert comes that is more than an hour old'() {
    const old = { startsAt: atMinute(-3 * 24 * 60) };
    const end = { after: minutes(30), signal: 'alert', args: [anAlert({ ...old, status: 'resolved', endsAt: atMinute(30) })] };
    const rehearsed = await rehearsal({ args: [aStart(anAlert(old))], messages: [end], people: {} });
    assert.equal(rehearsed.report.outcome, 'symptom not confirmed');
    const types = ['page', 'setStatusPage', 'setFallback'];
    assert.deepEqual(
      types.flatMap(type => effects(rehearsed, type)),
      [],
    );
    assert.equal(rehearsed.report.followUps.length, 1);
  },
  async 'A fresh alert joins the incident of an old one'() {
    const fresh = { after: minutes(2), signal: 'alert', args: [anAlert({ fingerprint: 'beef', startsAt: atMinute(2) })] };
    const args = [aStart(anAlert({ startsAt: atMinute(-3 * 24 * 60) }))];
    const rehearsed = await rehearsal({ args, messages: [fresh], people: {}, atMost: minutes(20) });
    const [first] = effects(rehearsed, 'page');
    assert.equal((first?.at ?? 0) >= threeAtNight + minutes(2), true);
    assert.equal(effects(rehearsed, 'page').length > 1, true);
  },
  async 'An alert of another cluster comes'() {
    const { results, started } = intake();
    const [result] = await results({ ...dynexDown, labels: { ...dynexDown.labels, cluster: 'nqba-staging' } });
    assert.deepEqual([result?.result, started], ['ignored: other cluster', []]);
  },
  async 'The alert fires again with the same start'() {
    const again = { after: minutes(13), signal: 'alert', args: [anAlert()] };
    const { closed, report } = await trialOutage({ messages: [alertEnds(10), again], atMost: minutes(100) });
    assert.equal(closed, false);
    assert.notEqual(report.alerts[0]?.firedAgain, undefined);
  },
  async 'Undo in the quiet time'() {
    const world = { ...standing(), standing: finding('healthy', { standing: [], staying: ['k'] }) };
    const messages = [alertEnds(10), { after: minutes(40), signal: 'undone', args: [{ key: 'k', by: 'bob' }] }];
    const rehearsed = await trial('mitigating', { world, messages });
    assert.equal(rehearsed.report.outcome, 'recovered');
    assert.equal(effects(rehearsed, 'recovered').at(-1)?.at, threeAtNight + minutes(40));
    assert.equal(quietMinutesOf(rehearsed.report), 60);
    assert.equal(effects(rehearsed, 'takeBack').length, 0);
  },
  async 'Cancel in the quiet time'() {
    const messages = [alertEnds(10), { after: minutes(60), signal: 'cancel', args: [{ by: 'ann', reason: 'a drill' }] }];
    const { report } = await trialOutage({ messages });
    assert.equal(report.outcome, 'cancelled by ann (a drill)');
    assert.deepEqual([questionOf(report, 'Undo or leave?'), report.standing], [undefined, undefined]);
    assert.equal(report.times.closed?.slice(0, 16), atMinute(60).slice(0, 16));
    const staying = finding('faulty', { standing: ['k'] });
    await leaves(await trialOutage({ world: { standing: [finding('healthy', { standing: [] }), staying] }, messages }));
  },
  async 'Hold everything in the quiet time'() {
    const held = { 'Update Status Page: operational': [planned('held'), done()] };
    const messages = [alertEnds(10), { after: minutes(200), signal: 'release', args: [{ by: 'ann' }] }];
    const [usually, waits] = await Promise.all([trialOutage(), trialOutage({ world: held, messages })]);
    assert.deepEqual(
      [usually, waits].map(({ report }) => report.outcome),
      ['recovered', 'recovered'],
    );
    assert.equal(quietMinutesOf(usually.report), 60);
    const resolved = Date.parse(usually.report.times.resolved ?? '');
    assert.ok(!usually.ran.some(({ type, at }) => isAction(type) && at > resolved));
    assert.equal(waits.report.times.closed?.slice(0, 16), atMinute(200).slice(0, 16));
  },
  async 'A fresh alert comes in the quiet time'() {
    const fresh = { after: minutes(60), signal: 'alert', args: [anAlert({ fingerprint: 'beef', startsAt: atMinute(60) })] };
    const people = { ...usual, 'What is the cause?': ['Dynex Platform Issue'] };
    const rehearsed = await trialOutage({ world: published, messages: [alertEnds(10), fresh], people, atMost: minutes(62) });
    assert.deepEqual(
      [rehearsed.closed, rehearsed.report.questions.filter(isOpen).map(({ title }) => title)],
      [false, ['What is the cause?']],
    );
    assert.equal(inputsOf<{ text: string }>(rehearsed, 'setStatusPage').at(-1)?.text, 'degraded');
    const since = rehearsed.ran.filter(({ at }) => at >= threeAtNight + minutes(60));
    const once = (title: string) => since.filter(one => one.title === title).length;
    assert.deepEqual([once('Page commander: asked “What is the cause?”'), once(breakerName)], [1, 0]);
  },
  async 'Paste a key into a signal'() {
    const note = JSON.stringify({ by: 'ann', text: `dnx_live_${'4f9a7c21'.repeat(4)}` });
    const job = signalled('note', json(note));
    const rehearsed = await trialOutage({ jobs: [{ after: minutes(2), job }], people: {}, atMost: minutes(4) });
    const [told] = inputsOf<{ text: string }>(rehearsed, 'remark');
    assert.match(told?.text ?? '', /^A key was pasted: rotate it now\. ann sent it as “note”/);
    assert.equal(JSON.stringify([rehearsed.report, rehearsed.ran]).includes('4f9a7c21'), false);
  },
  async 'Slack cannot be reached'() {
    const out = new Error('503');
    const { closed, report } = await trialOutage({ world: { announce: out, declareIncident: out, resolveIncident: out } });
    assert.deepEqual([closed, report.outcome, stepOf(report, breakerName)?.state], [true, 'recovered', 'done']);
    assert.deepEqual(report.undelivered, [{ system: 'incident channel', because: '503' }]);
  },
  async 'The status page cannot be reached'() {
    const { closed, report } = await trialOutage({ world: { setStatusPage: new Error('503') } });
    assert.deepEqual([closed, report.undelivered], [true, [{ system: 'status page', because: '503' }]]);
  },
  async 'Prometheus cannot be reached'() {
    const world = { recovered: finding('unknown', {}, 'Prometheus does not answer') };
    const { closed, report } = await trialOutage({ world, atMost: minutes(300) });
    assert.equal(closed, false);
    assert.deepEqual(questionOf(report, 'Recovery is not measured')?.choices, ['close: no mitigation was possible']);
  },
  async 'The cluster cannot be reached'() {
    const away = new Error('no answer within 10 s');
    const world = { [breakerName]: away, standing: finding('unknown', { standing: [] }) };
    const { report } = await trialOutage({ world, messages: [], atMost: minutes(60) });
    assert.deepEqual([questionOf(report, breakerName)?.kind, stepOf(report, breakerName)?.state], ['stuck', 'waiting']);
    asksWhatStands(await trial('mitigating', { world: { standing: world.standing }, atMost: minutes(180) }));
  },
  async 'Temporal cannot be reached'() {
    const openOrJoin = () => Promise.reject(new TemporalUnreachable('no answer within 5 seconds'));
    assert.equal((await intake({ openOrJoin }).post(group(dynexDown))).status, 503);
    const [usually, interrupted] = await Promise.all([trialOutage(), trialOutage({ evictEvery: 1 })]);
    assert.deepEqual(interrupted.report, usually.report);
  },
};

const page = readFileSync(new URL('../docs/when-things-go-differently.md', import.meta.url), 'utf8');
const [, , ...rows] = [...page.matchAll(/^\| (.*?) \|/gm)].map(([, first = '']) => first);

test('each row has a rehearsal, and each rehearsal a row', () => {
  assert.deepEqual(Object.keys(rehearsals), rows);
});

describe('rehearsed', () => {
  for (const [row, rehearse] of Object.entries(rehearsals)) test(row, rehearse);
});
