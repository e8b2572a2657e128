// What happened, in order: derived from the record alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timelineOf } from '../../../workflows/kit/record/timeline.ts';
import { anAlert } from '../../support/building.ts';
import { at } from '../../support/folding.ts';
import { aReport, aReportedStep, anAskedQuestion, everythingReported } from '../../support/reporting.ts';

const told = (change: Parameters<typeof aReport>[0]) =>
  timelineOf(aReport({ alerts: [], times: { fired: at(0), opened: at(0) }, ...change }))
    .slice(1)
    .map(one => [one.at, one.who, one.what]);

test('a timeline begins with the alert and ends with the outcome', () => {
  assert.deepEqual(
    timelineOf(aReport()).map(({ who, what }) => `${who}: ${what}`),
    [
      'alert: DynexHealthCheckFailed fires',
      'incident: incident opened',
      'incident: first page sent',
      'incident: acknowledged',
      'incident: mitigated: a change had its effect, as measured',
      'incident: resolved',
      'incident: closed: recovered',
    ],
  );
});

test('a step stands where it ended, or where it began while it runs; pages are of the escalation, announcements of their question', () => {
  const steps = [
    aReportedStep({ ended: at(9), because: 'Jobs run.' }),
    aReportedStep({ began: at(2), ended: undefined, state: 'running', because: '' }),
    aReportedStep({ title: 'Page secondary', phase: 'Paging', ended: at(5), because: '' }),
    aReportedStep({ title: 'Ask quantum', phase: 'Questions' }),
  ];
  assert.deepEqual(told({ steps }), [
    [at(2), 'runbook', 'Activate Circuit Breaker: running'],
    [at(5), 'escalation', 'Page secondary: done'],
    [at(9), 'runbook', 'Activate Circuit Breaker: done: Jobs run.'],
  ]);
});

test('a question stands where it was announced, and each vote and answer with who gave it', () => {
  const vote = { choice: 'approve', by: 'ann', how: 'claimed', at: at(4) } as const;
  const answer = { ...vote, by: 'ann and bob', at: at(6), reason: 'seen' };
  const questions = [
    anAskedQuestion({ id: 'a', title: 'A?', announced: at(3), votes: [vote, { ...vote, by: 'bob', at: at(6) }], answer }),
    anAskedQuestion({ id: 'b', title: 'B?', asked: at(7), answer: { ...vote, by: 'no one', how: 'time', at: at(8) } }),
  ];
  assert.deepEqual(told({ questions }), [
    [at(3), 'incident', 'asks quantum: A? (a)'],
    [at(4), 'ann', 'answers A? (a): approve'],
    [at(6), 'ann and bob', 'answers A? (a): approve: seen'],
    [at(7), 'incident', 'asks quantum: B? (b)'],
    [at(8), 'time', 'answers B? (b): approve'],
  ]);
});

test('phases, clocks and what people say stand with their times', () => {
  const { phases, refusals, notes, severityChanges, brokenGlass, overdue } = everythingReported();
  assert.deepEqual(
    told({ phases, refusals, notes, severityChanges, brokenGlass, overdue }).map(([, who, what]) => `${who}: ${what}`),
    [
      'runbook: Recovery begins',
      'eve: refused: yes for why: nobody asked why',
      'ann: decides alone “Refund”: bob is on a plane',
      'ann: notes: look',
      `ann: Recovery has until ${at(30)}: slow`,
      'ann: severity P2 → P1: worse',
      'time: Recovery is overdue',
      'runbook: Recovery ends',
      'time: overdue: restore',
    ],
  );
});

test('an alert stands where it fires and resolves, in UTC whatever the sender writes, and says what causes it', () => {
  const alerts = [
    anAlert({ status: 'resolved', startsAt: '2026-11-24T05:01:00+02:00', endsAt: at(4) }),
    { ...anAlert({ name: 'QueueStuck', startsAt: at(2) }), explained: 'Activate Circuit Breaker' },
    anAlert({ source: 'person', startsAt: at(3) }),
  ];
  assert.deepEqual(told({ alerts }), [
    [at(1), 'alert', 'DynexHealthCheckFailed fires'],
    [at(2), 'alert', 'QueueStuck fires, caused by Activate Circuit Breaker'],
    [at(3), 'person', 'DynexHealthCheckFailed fires'],
    [at(4), 'alert', 'DynexHealthCheckFailed resolved'],
  ]);
});

test('the newest two hundred entries stand, each cut', () => {
  const steps = Array.from({ length: 300 }, (_, index) =>
    aReportedStep({ title: `${index}`, ended: at(10 + index), because: 'x'.repeat(500) }),
  );
  const all = timelineOf(aReport({ steps, times: { fired: at(0), opened: at(0) } }));
  assert.deepEqual([all.length, all[0]?.at, all.at(-1)?.what.length], [200, at(110), 200]);
});
