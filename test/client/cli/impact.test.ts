// The first line of `show`: what is measured now, since when, and what is not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { details } from '../../../client/cli/details.ts';
import { firstLines } from '../../../client/cli/first-lines.ts';
import { impact } from '../../../client/cli/impact.ts';
import { questionLines } from '../../../client/cli/question-lines.ts';
import { asWritten } from '../../../client/cli/typed.ts';
import { markdown } from '../../../client/cli/markdown.ts';
import type { Report, StepReport } from '../../../workflows/contract/index.ts';
import { anAlert } from '../../support/building.ts';
import { aReport, aReportedStep, anAskedQuestion } from '../../support/reporting.ts';

const now = Date.parse('2026-11-24T03:20:00Z');
const at = (time: string) => `2026-11-24T${time}Z`;

const check = (title: string, state: StepReport['state'], evidence: string, ended: string) => {
  const { effect: _, ...step } = aReportedStep({ title, state, evidence, because: evidence, began: ended, ended, changes: [] });
  return step;
};

const open = (change: Partial<Report>) => aReport({ state: 'acknowledged', summary: 'No probe reaches Dynex', ...change });

const steps = [
  check('Test Connectivity', 'faulty', 'From inside: HTTP 503.', at('03:01:36')),
  check('Check Credentials', 'unknown', 'Dynex answered 503.', at('03:01:36')),
  check('Continue using classical fallback', 'healthy', '212 of 214 jobs succeeded.', at('03:09:37')),
];

test('newest findings stand with their times, and checks without a result are named', () => {
  assert.equal(
    impact(open({ steps }), now),
    'P1, the alert fired 20 min ago: No probe reaches Dynex. Faulty: “Test Connectivity”: From inside: HTTP 503 (03:01:36 UTC). ' +
      'Last good measurement: “Continue using classical fallback”: 212 of 214 jobs succeeded (03:09:37 UTC). Not known: “Check Credentials”',
  );
});

test('a check that has run again counts by its newest finding', () => {
  const again = check('Test Connectivity', 'healthy', '12 of 12 probes succeeded.', at('03:15:00'));
  const text = impact(open({ steps: [...steps, again] }), now);
  assert.doesNotMatch(text, /Faulty/);
  assert.match(text, /Last good measurement: “Test Connectivity”: 12 of 12 probes succeeded \(03:15:00 UTC\)/);
});

test('before any check there is the alert, and that nothing is measured', () => {
  assert.equal(impact(open({}), now), 'P1, the alert fired 20 min ago: No probe reaches Dynex. Nothing is measured yet');
});

test('an end without a measured recovery is not called one', () => {
  const closed = { state: 'closed', outcome: 'cancelled by bob: leave' } as const;
  assert.equal(impact(open(closed), now), 'not known, because recovery was not measured: cancelled by bob: leave');
});

test('times of another day have their date', () => {
  const report = open({ alerts: [anAlert({ startsAt: '2026-11-21T22:10:00Z' })] });
  assert.match(details({ name: 'n', report, now }, 'w').join('\n'), /firing, since 2026-11-21 22:10:00 UTC/);
});

test('a step has the time when it ended, and one that runs the time when it began', () => {
  const opened = aReportedStep({ began: at('03:00:20'), ended: at('03:01:00') });
  const { ended: _, ...running } = aReportedStep({ title: 'Notify Team', state: 'running', began: at('03:00:30') });
  const shown = details({ name: 'n', report: open({ steps: [opened, running] }), now }, 'w').join('\n');
  assert.match(shown, /^03:01:00 UTC +done +Activate Circuit Breaker/m);
  assert.match(shown, /^03:00:30 UTC +running +Notify Team/m);
});

test('an action that is held or stuck stands in the second line, with the time since when', () => {
  const { answer: _, ...held } = anAskedQuestion({ kind: 'held', title: 'Activate Circuit Breaker', asked: at('03:00:02') });
  const [, did] = firstLines({ name: 'n', report: open({ questions: [held] }), now });
  assert.match(did ?? '', /HELD since 03:00:02 UTC: Activate Circuit Breaker/);
  assert.match(questionLines('n', 'w', held, now).join('\n'), /held +since 03:00:02 UTC/);
});

test('notes, and the reasons for more time and another severity, stand in `show` and in the report', () => {
  const report = open({
    notes: [{ at: at('03:02:00'), by: 'bob', text: 'Dynex support has ticket 4711' }],
    phases: [
      {
        title: 'Investigation',
        began: at('03:00:00'),
        extended: [{ at: at('03:03:00'), by: 'ann', until: at('03:45:00'), reason: 'the vendor is on the line' }],
      },
    ],
    severityChanges: [{ at: at('03:04:00'), by: 'ann', from: 'P1', to: 'P0', reason: 'no customer can work' }],
  });
  for (const page of [details({ name: 'n', report, now }, 'w'), markdown(report)].map(lines => lines.join('\n')))
    for (const text of ['Dynex support has ticket 4711', 'the vendor is on the line', 'no customer can work'])
      assert.ok(page.split('Notes and reasons')[1]?.includes(text), text);
});

test('a choice is found whatever its letter case; two that differ only in it are not confused', () => {
  assert.equal(asWritten('dynex platform issue', ['Dynex Platform Issue', 'approve']), 'Dynex Platform Issue');
  assert.equal(asWritten('a', ['A', 'a']), 'a');
  assert.equal(asWritten('AB', ['ab', 'Ab']), 'AB');
  assert.equal(asWritten('nothing', ['ab']), 'nothing');
});
