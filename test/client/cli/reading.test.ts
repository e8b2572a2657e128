import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { details } from '../../../client/cli/details.ts';
import { firstLines } from '../../../client/cli/first-lines.ts';
import type { CutOff, Left } from '../../../client/cli/left.ts';
import { leftByRecord } from '../../../client/cli/left.ts';
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
  choices: ["Somebody's change", 'none of these (I will fix it manually)'],
  owner: 'commander',
  blocking: true,
  asked: fired,
  expires: '2026-11-24T06:00:00Z',
  otherwise: 'none of these (I will fix it manually)',
  suggest: "Somebody's change",
};
const plan: Question = { ...cause, id: 'plan', title: 'Gradual Rollback', blocking: false, expires: '2026-11-24T03:00:00Z' };

const changes = [{ target: 'ConfigMap a/b', field: 'QUANTUM_BACKEND', before: 'dynex', after: 'classical' }];
const ended = (left: Partial<Left>): CutOff => ({
  how: 'terminated',
  at: '2026-11-24T02:10:00Z',
  replaced: false,
  left: { settings: [], others: [], looked: false, ...left },
});

const read = (report: Report, more = {}) => firstLines({ name, report, now, ...more });

describe('the first four lines', () => {
  test('say who is hurt, what was done and measured, what is asked, and what silence means', () => {
    assert.deepEqual(read(outage({ questions: [plan, cause] })), [
      'Customer impact:      P1, the alert fired 20 min ago: No probe reaches Dynex. Last good measurement: “Activate Circuit Breaker”: 24 of 31 jobs ran classically (02:00:00 UTC)',
      'What it did:          Activate Circuit Breaker (part: 24 of 31 jobs ran classically); paged at 02:00:02 UTC',
      `Needs from you:       an answer to “What is the cause?” (and 1 more below): runbooks decide ${name} what-is-the-cause 'Somebody'\\''s change' --as YOU`,
      'If you do nothing:    at 06:00:00 UTC (in 3 h 40 min) the answer is “none of these (I will fix it manually)”',
    ]);
  });

  test('say of a change that was undone when, and no effect of it', () => {
    const [step] = outage({}).steps;
    const undone = step ? [{ ...step, undone: '2026-11-24T02:12:00Z' }] : [];
    assert.match(
      read(outage({ steps: undone }))[1] ?? '',
      /^What it did: +Activate Circuit Breaker \(undone at 02:12:00 UTC\); paged/,
    );
    const below = details({ name, report: outage({ steps: undone }), now }, 'incident:dynex-outage:one').join('\n');
    assert.match(below, /undone +Activate Circuit Breaker +Undone at 02:12:00 UTC\./);
  });

  test('propose no answer where the incident proposes none: they list what may be chosen', () => {
    const { suggest: _, ...open } = cause;
    const [, , wants] = read(outage({ questions: [open] }));
    assert.match(
      wants ?? '',
      /what-is-the-cause <choice> --as YOU\. Choices: 'Somebody'\\''s change', 'none of these \(I will fix it manually\)'$/,
    );
    const asked = { ...open, choices: ['close: the alert is wrong'] };
    const below = details({ name, report: outage({ questions: [asked] }), now }, 'incident:dynex-outage:one').join('\n');
    assert.match(below, /runbooks decide .* 'close: the alert is wrong' --as YOU --reason WHY/);
    assert.match(below, /--input '\{"question":"what-is-the-cause","choice":"<choice>","by":"YOU","reason":"WHY"\}'/);
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
    assert.equal(broken, 'Customer impact:      none measured: 20 of 20 jobs');
    assert.match(`${wants} ${silence}`, /nothing: it is closed .* nothing: recovered/);
  });

  test('say of one that Temporal ended what is left changed, and the command that takes it back', () => {
    const report = outage({ questions: [cause] });
    const [, , wants, silence] = read(report, { cutOff: ended({ settings: changes, looked: true }) });
    assert.equal(
      wants,
      `Needs from you:       it was terminated at 02:10:00 UTC (10 min ago) and left changed: ConfigMap a/b. Undo: runbooks undo ${name}`,
    );
    assert.match(silence ?? '', /^If you do nothing: +nothing continues: all changes stay/);
    const below = details({ name, report, now, cutOff: ended({ settings: changes }) }, 'incident:dynex-outage:one').join('\n');
    assert.match(below, /^Left changed\n.*\nConfigMap a\/b +QUANTUM_BACKEND +dynex +classical$/m);
    assert.match(below, /^Never answered\nWhat is the cause\?$/m);
    assert.doesNotMatch(below, /runbooks decide|workflow signal/);
  });

  test('say how they know that nothing is left, what people must take back, and which take-back must be ordered again', () => {
    const wants = (left: Partial<Left>, more = {}) => read(outage(more), { cutOff: ended(left) })[2] ?? '';
    assert.match(wants({ looked: true }), /: +nothing: it was terminated .*, and no setting is left changed$/);
    assert.match(wants({}), /, and by its own record no setting is left changed$/);
    const others = [{ target: 'Status page Quantum', field: 'status', before: 'operational', after: 'degraded_performance' }];
    assert.match(wants({ others }), /: +it was terminated .*\. Set back by hand: Status page Quantum$/);
    assert.match(wants({}, { runbook: 'take-back' }), /order it again: runbooks undo <incident>$/);
  });

  test('ask no one to acknowledge an undo that waits for its time: that would order it now', () => {
    const [, , wants, silence] = read(outage({ runbook: 'take-back', state: 'triggered', questions: [] }));
    assert.match(wants ?? '', /: +nothing: it undoes the change at its time\. To undo it now: runbooks ack /);
    assert.match(silence ?? '', /: +it undoes the change at its time$/);
  });

  test('send from a run that was reset to the one that goes on', () => {
    const [, , wants, silence] = read(outage({ questions: [cause] }), { cutOff: { ...ended({}), replaced: true } });
    assert.match(wants ?? '', new RegExp(`: +nothing here: .* runbooks show ${name}$`));
    assert.doesNotMatch(silence ?? '', /stays/);
  });

  test('say before anything else that it does not progress, since when, and what fixes it', () => {
    const notProgressing = { error: 'TypeError', since: fired, fix: 'runbooks worker' };
    const [, , wants, silence] = read(outage({ questions: [cause] }), { notProgressing });
    assert.match(wants ?? '', /stuck since 2026-11-24T02:00:00Z: TypeError\. Fix: runbooks worker/);
    assert.match(silence ?? '', /nothing happens/);
  });
});

test('what is left changed, by the record, is what differs at the end from what was at the beginning', () => {
  const [breaker] = outage().steps;
  assert.ok(breaker);
  const takeBack = {
    action: 'setFallback',
    key: 'k',
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'a', name: 'b' },
    words: 'a change',
  } as const;
  const page = { target: 'Status page Quantum', field: 'status', before: 'operational', after: 'degraded_performance' };
  const restart = { target: 'Deployment a/w', field: 'restartedAt', before: null, after: 'k' };
  const opened = { ...breaker, takeBack, changes: [...changes, page, restart] };
  const back = {
    ...breaker,
    changes: [{ ...changes[0], before: 'classical', after: 'dynex' }].map(change => ({ ...page, ...change })),
  };
  const planned = { ...breaker, state: 'would have', changes } as const;
  assert.deepEqual(leftByRecord({ steps: [opened] }), { settings: changes, others: [page], looked: false });
  assert.deepEqual(leftByRecord({ steps: [opened, back] }), { settings: [], others: [page], looked: false });
  assert.deepEqual(leftByRecord({ steps: [planned] }), { settings: [], others: [], looked: false });
});

test('below stand the plan with every change and its digest, and three ways to answer', () => {
  const changes = [{ target: 'ConfigMap a/b', field: 'X', before: null, after: '1' }];
  const asked = { ...plan, plan: { summary: 'back to Dynex', changes, consequences: ['2 pods restart'], digest: '4f2c' } };
  const text = details({ name, report: outage({ questions: [asked] }), now }, 'incident:dynex-outage:one').join('\n');
  assert.match(text, /ConfigMap a\/b X: \(absent\) → 1\n {4}then 2 pods restart\n {4}digest 4f2c/);
  assert.match(text, /runbooks decide .* plan 'none of these \(I will fix it manually\)' --as YOU/);
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
  assert.doesNotMatch(page, /[^\n\P{Cc}]|(?<!\\)<img|(?<!\\)\[x\]\(|(?<!\\)`c|^# heading/mu);
  assert.match(page, /^ {4}line one\n {4}```\n {4}line two$/m);
  for (const row of page.split('\n').filter(line => line.includes('img') && line.startsWith('| 2026')))
    assert.equal(row.split(/(?<!\\)\|/).length, 6);
});

describe('an incident that began like an earlier one', () => {
  const opened = '2026-11-24T02:10:00Z';
  const report = outage({
    like: { incident: 'dynex-outage-20261123-xxxx', from: 'Test Connectivity' },
    times: { fired: opened, opened },
    phases: [{ title: 'Immediate Response', began: fired, ended: '2026-11-24T02:02:00Z', by: '2026-11-24T02:05:00Z' }],
  });

  test('does not say that it did what the earlier one has done', () => {
    const [, did] = firstLines({ name, report, now });
    assert.match(did ?? '', /it changed nothing; steps before “Test Connectivity” were done by dynex-outage-20261123-xxxx/);
    assert.ok(details({ name, report, now }, 'w').some(text => text.startsWith('Continues dynex-outage-20261123-xxxx')));
  });

  test('has used none of the earlier budgets', () => {
    const page = markdown(report).join('\n');
    assert.match(page, /Continues dynex-outage-20261123-xxxx: every step before “Test Connectivity” is taken from its record/);
    assert.doesNotMatch(page, /^## Budgets/m);
  });
});
