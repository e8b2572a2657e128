// The draft of a post-mortem, line by line: only what the record shows, and brackets for what only people know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postMortem } from '../../../client/cli/post-mortem.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { at } from '../../support/folding.ts';
import { aReport, aReportedStep, anAskedQuestion } from '../../support/reporting.ts';

const headings = ['**Timeline, UTC.**', '**What went well.**', '**What did not.**', '**What we will change.**'];
const nothing = ['- (Nothing that the record shows.)'];

/** The lines under a heading. */
function under(heading: string, change: Partial<Report>): string[] {
  const lines = postMortem(aReport(change));
  const from = lines.indexOf(heading) + 2;
  const next = headings[headings.indexOf(heading) + 1];
  return lines.slice(from, next === undefined ? undefined : lines.indexOf(next) - 1);
}
const cause = (change: Partial<Report>) => postMortem(aReport(change))[4];
const good = (change: Partial<Report>) => under('**What went well.**', change);
const bad = (change: Partial<Report>) => under('**What did not.**', change);
const answered = (how: 'claimed' | 'time', by: string, choice = 'Network Issue') =>
  anAskedQuestion({ answer: { choice, by, how, at: at(5) } });

test('of an incident without anything in its record there is a draft to fill in', () => {
  assert.deepEqual(postMortem(aReport({ times: { fired: at(0), opened: at(0), paged: undefined }, runbook: 'charging' })), [
    '**What happened.** No probe reaches Dynex (DynexHealthCheckFailed). Dynex Outage, P1, not resolved yet.',
    '',
    '**Impact on customers.** Perhaps: something was not as usual. (How many, and how do you know?)',
    '',
    '**Cause.** (No one named it.)',
    '',
    '**Timeline, UTC.**',
    '',
    '- 03:00:00 UTC the alert fired',
    '- 03:00:00 UTC the incident was opened',
    '',
    '**What went well.**',
    '',
    ...nothing,
    '',
    '**What did not.**',
    '',
    ...nothing,
    '',
    '**What we will change.**',
    '',
    '- [ ] (Action, owner, due date)',
  ]);
});

test('how long it took counts from the alert to when it was resolved, else closed', () => {
  const times = { fired: at(0), opened: at(1), closed: at(50) };
  assert.match(postMortem(aReport())[0] ?? '', /P1, resolved 40 min after the alert fired\.$/);
  assert.match(postMortem(aReport({ times }))[0] ?? '', /P1, resolved 50 min after the alert fired\.$/);
});

test('what breaks is said in the words of the catalog', () => {
  assert.match(postMortem(aReport())[2] ?? '', /Perhaps: quantum jobs fail, or run on classical solvers/);
});

test('the cause is what people named, each time that it was asked, and never what another question was answered', () => {
  assert.equal(cause({ questions: [answered('claimed', 'ann')] }), '**Cause.** Network Issue, said ann. (Why was it possible?)');
  assert.equal(
    cause({ questions: [answered('time', 'no one'), answered('claimed', 'bob')] }),
    '**Cause.** No one named it in time. Network Issue, said bob. (Why was it possible?)',
  );
  const another = { ...answered('claimed', 'ann'), title: 'What next?' };
  assert.equal(cause({ questions: [another, anAskedQuestion({ answer: undefined })] }), '**Cause.** (No one named it.)');
});

test('the timeline has the times, the changes and the answers, in order', () => {
  const steps = [
    aReportedStep({ ended: at(6.5) }),
    aReportedStep({ title: 'Lasts', began: at(30), ended: undefined, state: 'running' }),
    aReportedStep({ title: 'Observed', state: 'would have' }),
    aReportedStep({ title: 'Looked', changes: [] }),
  ];
  const questions = [answered('claimed', 'ann'), anAskedQuestion({ answer: undefined })];
  assert.deepEqual(under('**Timeline, UTC.**', { steps, questions }), [
    '- 03:00:00 UTC the alert fired',
    '- 03:01:00 UTC the incident was opened',
    '- 03:02:00 UTC the first page went out',
    '- 03:03:00 UTC someone acknowledged',
    '- 03:04:00 UTC a change had its measured effect',
    '- 03:05:00 UTC ann answered “What is the cause?”: Network Issue',
    '- 03:06:30 UTC Activate Circuit Breaker: done',
    '- 03:30:00 UTC Lasts: running',
    '- 03:40:00 UTC recovery was measured',
    '- 04:40:00 UTC the incident was closed',
  ]);
});

test('it went well where a phase was over in time, an effect was whole, and recovery was measured', () => {
  const phase = { title: 'Investigation', began: at(1), by: at(30), ended: at(20) };
  const over = [
    phase,
    { ...phase, ended: undefined },
    { ...phase, by: undefined },
    { ...phase, title: 'Recovery', overdue: at(30) },
  ];
  assert.deepEqual(good({ phases: over }), ['- Investigation was over in time.']);
  const part = aReportedStep({ effect: { measured: 'part', text: '3 of 5' } });
  assert.deepEqual(good({ steps: [aReportedStep(), part, aReportedStep({ effect: undefined })] }), [
    '- Activate Circuit Breaker: 5 of 5 jobs ran classically',
  ]);
  assert.deepEqual(good({ recovery: { verdict: 'healthy', evidence: '20 of 20' } }), ['- Recovery was measured: 20 of 20']);
  assert.deepEqual(good({ recovery: { verdict: 'faulty', evidence: '3 of 20' } }), nothing);
});

test('it did not where a phase was overdue, an effect was a part or unknown, people did not answer, or nothing arrived', () => {
  const phase = { title: 'Investigation', began: at(1), by: at(30), ended: at(20) };
  assert.deepEqual(bad({ phases: [phase, { ...phase, overdue: at(30) }] }), ['- Investigation was overdue.']);
  const steps = [
    aReportedStep({ state: 'part', effect: { measured: 'part', text: '3 of 5' } }),
    aReportedStep({ state: 'part', effect: undefined }),
    aReportedStep({ state: 'unknown', evidence: 'no samples' }),
    aReportedStep(),
  ];
  assert.deepEqual(bad({ steps }), [
    '- Activate Circuit Breaker had only a part of its effect: 3 of 5',
    '- Activate Circuit Breaker had only a part of its effect: ',
    '- Activate Circuit Breaker could not be known: no samples',
  ]);
  const questions = [
    anAskedQuestion({ kind: 'stuck', title: 'Page', because: '503' }),
    anAskedQuestion({ kind: 'stuck', title: 'Mail' }),
    answered('time', 'no one'),
  ];
  assert.deepEqual(bad({ questions }), [
    '- Page was stuck: 503',
    '- Mail was stuck: ',
    '- No one answered “What is the cause?” in time.',
  ]);
  assert.deepEqual(bad({ undelivered: [{ system: 'Slack', because: '503' }] }), ['- Not delivered: Slack: 503']);
  const refusal = { at: at(6), what: 'w', by: 'eve', because: 'b' };
  assert.deepEqual(bad({ refusals: [refusal] }), ['- Answers that were refused: 1.']);
});

test('what is left to do stands with its owner, before what people add', () => {
  const followUps = [{ title: 'Update Documentation', owner: 'commander', confirm: 'It is written' }];
  assert.deepEqual(under('**What we will change.**', { followUps }), [
    '- [ ] Update Documentation (commander): It is written',
    '- [ ] (Action, owner, due date)',
  ]);
});
