import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { details } from '../../../client/cli/details.ts';
import { firstLines } from '../../../client/cli/first-lines.ts';
import { markdown } from '../../../client/cli/markdown.ts';
import type { Question, Report } from '../../../workflows/contract/index.ts';

const fired = '2026-11-24T02:00:00Z';
const now = Date.parse('2026-11-24T02:20:00Z');
const name = 'dynex-outage-20261124-k7fp';

const outage = (change: Partial<Report> = {}): Report => ({
  version: 1,
  incident: name,
  runbook: 'dynex-outage',
  title: 'Dynex Outage',
  severity: 'P1',
  state: 'acknowledged',
  summary: 'No probe reaches Dynex',
  timesFaster: 1,
  times: { fired, opened: fired, paged: '2026-11-24T02:00:02Z' },
  alerts: [],
  absorbed: 49,
  phases: [],
  steps: [
    {
      title: 'Activate Circuit Breaker',
      phase: 'Immediate Response',
      key: 'id/Immediate Response/Activate Circuit Breaker/1',
      state: 'part',
      because: 'batch does not read the ConfigMap',
      evidence: '',
      began: fired,
      changes: [{ target: 'ConfigMap a/b', field: 'QUANTUM_BACKEND', before: 'dynex', after: 'classical' }],
      effect: { measured: 'part', text: '24 of 31 jobs ran classically' },
    },
  ],
  questions: [],
  refusals: [],
  withdrawn: [],
  undelivered: [],
  byHand: [],
  followUps: [],
  ...change,
});

const cause: Question = {
  id: 'what-is-the-cause',
  kind: 'choice',
  title: 'What is the cause?',
  choices: ["Somebody's change", 'none of these: by hand'],
  owner: 'commander',
  blocking: true,
  asked: fired,
  expires: '2026-11-24T06:00:00Z',
  otherwise: 'none of these: by hand',
  suggest: "Somebody's change",
};
const plan: Question = { ...cause, id: 'plan', title: 'Gradual Rollback', blocking: false, expires: '2026-11-24T03:00:00Z' };

const read = (report: Report, more = {}) => firstLines({ name, report, now, ...more });

describe('the first four lines', () => {
  test('say who is hurt, what was done and measured, what is asked, and what silence means', () => {
    assert.deepEqual(read(outage({ questions: [plan, cause] })), [
      'Broken for customers: P1 since 20 min: customers may see that quantum jobs fail, or run on classical solvers. No probe reaches Dynex',
      'What it did:          Activate Circuit Breaker (part: 24 of 31 jobs ran classically); paged at 02:00:02 UTC',
      `What it wants of you: an answer to “What is the cause?”: runbooks decide ${name} what-is-the-cause 'Somebody'\\''s change' --as YOU (and 1 more below)`,
      'If you do nothing:    at 06:00:00 UTC (in 3 h 40 min) the answer is “none of these: by hand”',
    ]);
  });

  test('ask who is on it while nobody is and nothing else is asked', () => {
    assert.match(read(outage({ state: 'triggered' }))[2] ?? '', new RegExp(`runbooks ack ${name}$`));
  });

  test('say that it only observed', () => {
    assert.match(read(outage({ mode: 'observe' }))[1] ?? '', /only observes and changed nothing/);
  });

  test('say that it is over only with what was measured', () => {
    const [broken, , wants, silence] = read(
      outage({ state: 'closed', outcome: 'recovered', recovery: { verdict: 'healthy', evidence: '20 of 20 jobs' } }),
    );
    assert.equal(broken, 'Broken for customers: nothing that is measured: 20 of 20 jobs');
    assert.match(`${wants} ${silence}`, /nothing: it is closed .* nothing: recovered/);
  });

  test('say before anything else that it does not progress, since when, and what mends it', () => {
    const notProgressing = { error: 'TypeError', since: fired, mend: 'runbooks worker' };
    const [, , wants, silence] = read(outage({ questions: [cause] }), { notProgressing });
    assert.match(wants ?? '', /it is not progressing: TypeError, since 2026-11-24T02:00:00Z\. Mend: runbooks worker/);
    assert.match(silence ?? '', /nothing happens/);
  });
});

test('below stand the plan with every change and its digest, and three ways to answer', () => {
  const changes = [{ target: 'ConfigMap a/b', field: 'X', before: null, after: '1' }];
  const asked = { ...plan, plan: { summary: 'back to Dynex', changes, consequences: ['2 pods restart'], digest: '4f2c' } };
  const text = details({ name, report: outage({ questions: [asked] }), now }, 'incident:dynex-outage:one').join('\n');
  assert.match(text, /ConfigMap a\/b X: \(absent\) → 1\n {4}then 2 pods restart\n {4}digest 4f2c/);
  assert.match(text, /runbooks decide .* plan 'none of these: by hand' --as YOU/);
  assert.match(
    text,
    /or: temporal workflow signal --workflow-id incident:dynex-outage:one --name decide --input '\{"question":"plan"/,
  );
  assert.match(text, /49 repeats absorbed/);
});

test('the page holds what others wrote as text, never as Markdown or HTML', () => {
  const hostile = '| <img src=x> [x](http://e) *b* `c` # \u001b[1m\n# heading';
  const report = outage({
    summary: hostile,
    refusals: [{ at: fired, what: hostile, by: hostile, because: hostile }],
    byHand: [{ step: hostile, system: 'slack', paste: 'line one\n```\nline two' }],
  });
  const page = markdown(report).join('\n');
  assert.doesNotMatch(page, /[^\n\P{Cc}]|(?<!\\)<img|(?<!\\)\[x|(?<!\\)`c|^# heading/mu);
  assert.match(page, /^ {4}line one\n {4}```\n {4}line two$/m);
  for (const row of page.split('\n').filter(line => line.includes('img') && line.startsWith('| 2026')))
    assert.equal(row.split(/(?<!\\)\|/).length, 6);
});
