// Whatever arrives, and however often: an incident pages, decides, rolls over and closes, and every payload fits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { longestPayload, longestRecord } from '../../../workflows/kit/record/bounds.ts';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { shortened } from '../../../workflows/kit/record/shorten.ts';
import { reportOf } from '../../../workflows/kit/record/state.ts';
import { aQuestion, aStep, at, changed, folded, kept, opened } from '../../support/folding.ts';
import { alertEnds, anAlert, aPlan, effects, minutes, questionOf, threeAtNight } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const count = 10_000;
const text = '停電'.repeat(450);
const time = (after: number) => new Date(threeAtNight + after).toISOString();

/** So many distinct alerts with long texts, five hundred at a time. */
const storm = (from: number, status: 'firing' | 'resolved') =>
  Array.from({ length: count }, (_, index) => {
    const after = from + Math.floor(index / 500) * 10;
    const annotations = { summary: `${index} ${text}`, description: text };
    const ended = status === 'resolved' && { endsAt: time(after) };
    const alert = { fingerprint: `storm-${index}`, startsAt: time(0), status, annotations, ...ended };
    return { after, signal: 'alert', args: [anAlert(alert)] };
  });

/** Bytes of everything that leaves the workflow. */
const payloads = ({ tasks }: Rehearsal) =>
  tasks.flat().flatMap(command => {
    const { scheduleActivity, continueAsNewWorkflowExecution, completeWorkflowExecution } = command;
    const given = [
      ...(scheduleActivity?.arguments ?? []),
      ...(continueAsNewWorkflowExecution?.arguments ?? []),
      ...(completeWorkflowExecution?.result ? [completeWorkflowExecution.result] : []),
    ];
    return given.length > 0 ? [given.reduce((sum, { data }) => sum + (data?.length ?? 0), 0)] : [];
  });

test('ten thousand alerts with long texts join one incident, which pages, decides, rolls over and closes', async () => {
  const ended = storm(minutes(11), 'resolved').slice(0, 2_000);
  const messages = [...storm(0, 'firing'), alertEnds(10), ...ended];
  const rehearsed = await trialOutage({ messages, rollOver: true, evictEvery: 1_000 });
  const { report, closed, runs } = rehearsed;
  assert.deepEqual([closed, report.outcome, runs > 1], [true, 'recovered', true]);
  assert.equal(effects(rehearsed, 'page').length > 0, true);
  assert.equal(Date.parse(questionOf(report, 'What is the cause?')?.asked ?? '') > threeAtNight + 200, true, 'after the storm');
  assert.equal(questionOf(report, 'What is the cause?')?.answer?.choice, 'Dynex Platform Issue');
  assert.deepEqual([report.alerts.length, report.moreAlerts, report.uncounted], [40, 1_960, undefined]);
  assert.equal(Math.max(...payloads(rehearsed)) < longestPayload, true, `${Math.max(...payloads(rehearsed))} bytes`);
  const checks = effects(rehearsed, 'recovered').filter(({ title }) => title === 'The alert has resolved: our own check');
  assert.deepEqual(
    checks.map(({ at }) => Math.round((at - threeAtNight) / 60_000)),
    [16, 21],
    'what is not counted fires until our own check has been healthy for five minutes',
  );
});

/** So many times the same, each with its number. */
const times = (most: number, event: (index: number) => Event, state = opened()) =>
  Array.from({ length: most }, (_, index) => index).reduce((next, index) => folded(9, next, event(index)), state);
const long = text.repeat(20);
const by = 'ann';

test('alerts: two thousand are counted, forty stand with their texts, and a repeat only changes a number', () => {
  const fires = (index: number): Event => ({ kind: 'alert', alert: anAlert({ fingerprint: `${long}${index}`, name: long }) });
  const state = times(2_100, fires);
  assert.deepEqual([state.alerts.length, state.counted.length, state.uncounted, state.firings], [40, 2_000, 101, 2_100]);
  assert.deepEqual(changed(state, folded(9, state, fires(7))), { absorbed: 1 });
  assert.equal(
    state.counted.every(({ id }) => id.length <= 64),
    true,
  );
  assert.equal(state.alerts[0]?.name.length, 200);
});

test('what people and the world say in lists: only the newest stand', () => {
  const lists: [string, number, (index: number) => Event][] = [
    ['refusals', 200, index => ({ kind: 'refused', what: `${index}${long}`, by: long, because: long })],
    ['notes', 200, index => ({ kind: 'note', text: `${index}${long}`, by })],
    ['severityChanges', 200, index => ({ kind: 'severity', severity: index % 2 ? 'P1' : 'P0', by, reason: long })],
    ['undelivered', 100, index => ({ kind: 'not delivered', system: `${index}`, because: long })],
    ['byHand', 100, index => ({ kind: 'by hand', step: `${index}`, system: 'a', paste: long })],
    ['followUps', 200, index => ({ kind: 'follow-up', title: `${index}`, owner: 'a', confirm: long })],
  ];
  for (const [name, most, event] of lists) {
    const state = times(300, event);
    assert.equal(Reflect.get(state, name).length, most, name);
    assert.equal(JSON.stringify(Reflect.get(state, name)).length < most * 4_200, true, name);
  }
});

test('what was withdrawn, extended and voted: only the newest stands', () => {
  const asked = Array.from({ length: 300 }, (_, index) => aQuestion({ id: `${index}`, title: `${index}` }));
  assert.equal(folded(9, opened({ questions: asked }), { kind: 'alert ended' }).withdrawn.length, 200);
  const each = times(300, index => ({ kind: 'withdrawn', question: `${index}`, because: long }), opened({ questions: asked }));
  assert.equal(each.withdrawn.length, 200);
  const phases = [{ title: 'Investigation', began: at(0), by: at(1) }];
  const extend = (index: number): Event => ({ kind: 'extend', phase: 'Investigation', by, reason: long, until: at(20 + index) });
  assert.equal(times(300, extend, opened({ phases })).phases[0]?.extended?.length, 200);
  const questions = [aQuestion({ second: 'finance' })];
  const vote = (index: number): Event => ({
    kind: 'decide',
    how: 'claimed',
    decision: { question: 'cause', choice: index % 2 ? 'ours' : 'theirs', by: `${index}` },
  });
  const people = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}`, ['quantum' as const]]));
  assert.equal((times(300, vote, opened({ questions, people })).questions[0]?.votes ?? []).length <= 100, true);
});

test('texts of a step, a plan and an answer are cut; how many changes are not shown is said', () => {
  const changes = Array.from({ length: 80 }, () => ({ target: long, field: long, before: long, after: null }));
  const plan = { ...aPlan(), changes, consequences: ['restarts'] };
  const settled = { kind: 'step settled', key: 'k', state: 'done', because: long, evidence: long, changes } as const;
  const state = folded(
    9,
    opened({ steps: [aStep()] }),
    { ...settled, facts: { text: long, list: changes } },
    { kind: 'asked', question: aQuestion({ because: long, evidence: long, plan }) },
    { kind: 'decide', how: 'claimed', decision: { question: 'cause', choice: 'ours', by, reason: long } },
  );
  const [step] = state.steps;
  assert.deepEqual([step?.because.length, step?.evidence.length, step?.changes.length], [1_000, 1_000, 50]);
  const { because, plan: shown, answer } = state.questions[0] ?? aQuestion();
  assert.deepEqual([because?.length, answer?.reason?.length], [1_000, 500]);
  assert.deepEqual([shown?.changes.length, shown?.digest], [50, aPlan().digest]);
  assert.deepEqual(shown?.consequences, ['30 more changes of the same plan are not listed here', 'restarts']);
});

test('settled plans and stuck steps beyond the newest are forgotten, but never the latest of a title', () => {
  const again = (index: number): Event[] => [
    { kind: 'asked', question: aQuestion({ id: `k-${index}`, title: index === 0 ? 'first' : 'again', kind: 'stuck' }) },
    { kind: 'withdrawn', question: `k-${index}`, because: 'the question is settled' },
  ];
  const { questions } = Array.from({ length: 300 }, (_, index) => again(index)).reduce(
    (next, events) => folded(9, next, ...events),
    opened(),
  );
  assert.deepEqual([questions.length, questions[0]?.id, questions[1]?.id, questions.at(-1)?.id], [201, 'k-0', 'k-100', 'k-299']);
});

test('pages, announcements and their steps: the newest stand, and keep their numbers', () => {
  const rung = times(150, () => ({ kind: 'rung', rung: 1 })).paging;
  assert.deepEqual([rung.pages.length, rung.pagesBefore], [100, 50]);
  const remarks = times(250, index => ({ kind: 'phase takes long', title: `${index}` }));
  assert.deepEqual([remarks.announcements.length, remarks.announcementsBefore], [200, 50]);
  const sent = times(250, index => ({ kind: 'step began', key: `${index}`, title: 'Page', phase: 'Paging' }));
  assert.deepEqual([sent.steps.length, sent.steps[0]?.key], [100, '150']);
});

test('a record that is too long is cut where it is settled, and a report loses its oldest steps last of all', () => {
  const change = { target: 'a', field: text.slice(0, 300), before: null, after: null };
  const plan = { ...aPlan(), changes: Array.from({ length: 50 }, () => change) };
  const steps = Array.from({ length: 200 }, (_, index) =>
    aStep({ key: `${index}`, because: text, evidence: text, ended: at(2) }),
  );
  const open = aQuestion({ id: 'open', plan });
  const questions = [...steps.map(({ key }) => aQuestion({ id: key, plan, withdrawn: 'over' })), open];
  const state = shortened(opened({ steps, questions }));
  assert.equal(Buffer.byteLength(JSON.stringify(state)) <= longestRecord, true);
  assert.deepEqual([state.steps.length, state.questions.length, state.shortened], [200, 201, true]);
  assert.deepEqual(kept(state).questions.at(-1), open, 'people still see all of what is asked');
  const many = Array.from({ length: 9_000 }, (_, index) => aStep({ key: `${index}`, ended: at(2) }));
  const report = reportOf(opened({ steps: many }));
  assert.equal(Buffer.byteLength(JSON.stringify(report)) <= longestRecord, true);
  assert.equal(report.steps.at(-1)?.key, '8999');
});
