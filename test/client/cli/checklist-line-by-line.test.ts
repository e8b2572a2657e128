// The written checklist, line by line: ticked from evidence, or a question to people.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOfPeople, checklistLines } from '../../../client/cli/checklist.ts';
import type { ChecklistLine } from '../../../workflows/catalog/checklist.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { at } from '../../support/folding.ts';
import { aReport, aReportedStep, anAskedQuestion } from '../../support/reporting.ts';

/** What stands for a line: its evidence, or what people are asked. */
function shown(line: ChecklistLine, change: Partial<Report>): string {
  const report = aReport(change);
  const [ticked = ''] = checklistLines(report).filter(one => one.slice(6).startsWith(line));
  const [asked] = askedOfPeople(report).filter(one => one.startsWith(`- ${line}: `));
  assert.equal(asked !== undefined, ticked === `- [ ] ${line} (open item, see below)`, 'a line is ticked or asked, never both');
  return asked === undefined ? ticked.slice(`- [x] ${line}: `.length) : `asked: ${asked.slice(`- ${line}: `.length)}`;
}
const bare: Partial<Report> = { times: { fired: at(0), opened: at(1) } };

test('the lines stand under the headings of the written checklist, in its order', () => {
  const lines = checklistLines(aReport(bare));
  assert.deepEqual(lines.slice(0, 4), [
    '',
    '### During Incident',
    '',
    '- [ ] Declare incident with appropriate severity (open item, see below)',
  ]);
  assert.deepEqual(
    lines.filter(line => line.startsWith('###')),
    ['### During Incident', '### Resolution', '### Post-Incident'],
  );
  assert.equal(lines.filter(line => line.startsWith('- [ ] ')).length, 16);
  assert.equal(lines.filter(line => line === '').length, 6);
  assert.equal(askedOfPeople(aReport(bare)).length, 16);
});

const asked: [ChecklistLine, string][] = [
  [
    'Declare incident with appropriate severity',
    'The record does not show that it was declared. Was it, and is the severity right?',
  ],
  ['Notify relevant team members', 'No page was delivered. Who was notified, and when?'],
  ['Implement immediate mitigation', 'No effect of a change was measured. What was done immediately?'],
  ['Begin investigation', 'No check was run. When did someone begin to investigate?'],
  ['Update status page', 'Does the status page match what customers see?'],
  ['Communicate with customers', 'What was published to customers, and by whose hand?'],
  ['Implement fix', 'What fixed it: us, or someone else?'],
  ['Verify resolution', 'Recovery was not measured. How do you know that it is over?'],
  ['Monitor metrics', 'The quiet time was not held to its end. Who watches it, and until when?'],
  ['Update documentation', 'Which page was changed? Give its address.'],
  ['Communicate resolution', 'Who was notified of the resolution?'],
  ['Conduct post-mortem', 'When, and who takes part? The draft below is a beginning.'],
  ['Update runbooks', 'What in Dynex Outage was missing, wrong or in the way?'],
  ['Implement preventive measures', 'What will keep it from happening again? Give the ticket.'],
  ['Review monitoring and alerting', 'Did the alert come early enough, and did it say enough?'],
  ['Update incident response procedures', 'Did people know what to do, and who to call?'],
];
for (const [line, question] of asked)
  test(`${line}: without evidence people are asked`, () => {
    assert.equal(shown(line, bare), `asked: ${question}`);
  });

test('times tick: when people were paged, and when a change had its measured effect', () => {
  assert.equal(shown('Notify relevant team members', {}), 'paged, 03:02:00 UTC');
  assert.equal(shown('Implement immediate mitigation', {}), 'a change whose effect was measured, 03:04:00 UTC');
});

test('the investigation begins with the first check, whatever it found, and not with an action', () => {
  const begins = (state: 'healthy' | 'faulty' | 'unknown' | 'done') =>
    shown('Begin investigation', {
      steps: [
        aReportedStep({ state: 'done', began: at(1) }),
        aReportedStep({ state, began: at(7) }),
        aReportedStep({ state: 'healthy', began: at(8) }),
      ],
    });
  for (const verdict of ['healthy', 'faulty', 'unknown'] as const) assert.equal(begins(verdict), 'the first check, 03:07:00 UTC');
  assert.equal(begins('done'), 'the first check, 03:08:00 UTC');
});

const steps: [ChecklistLine, string][] = [
  ['Declare incident with appropriate severity', 'Declare Incident'],
  ['Update status page', 'Update Status Page: partial outage'],
  ['Communicate with customers', 'Update customers'],
  ['Communicate with customers', 'Customer Communication'],
  ['Communicate resolution', 'Announce the resolution'],
  ['Communicate resolution', 'Update Status Page: operational'],
];
for (const [line, title] of steps)
  test(`${line}: the step ${title} ticks it once it was done, or done in part`, () => {
    const ticked = (change: object) =>
      shown(line, {
        ...bare,
        steps: [aReportedStep({ title: `Another: ${title}` }), aReportedStep({ title, because: 'sent', ...change })],
      });
    assert.equal(ticked({}), `${title}: sent 03:02:00 UTC`);
    assert.equal(ticked({ state: 'part' }), `${title}: sent 03:02:00 UTC`);
    assert.match(ticked({ state: 'not delivered' }), /^asked: /);
    assert.match(ticked({ ended: undefined }), /^asked: /);
  });

const messages: [ChecklistLine, string, string][] = [
  ['Declare incident with appropriate severity', 'Create incident channel', 'declareIncident'],
  ['Update status page', 'Declare Incident: status page', 'setStatusPage'],
  ['Communicate with customers', 'Update status page: mail', 'tellCustomers'],
];
for (const [line, title, type] of messages)
  test(`${line}: ${type} ticks it, whatever its runbook calls it`, () => {
    const steps = [aReportedStep({ title, because: 'sent', action: { type, input: {} } })];
    assert.equal(shown(line, { ...bare, steps }), `${title}: sent 03:02:00 UTC`);
  });

test('of two steps that show the same the first is shown', () => {
  const title = 'Declare Incident';
  const declared = [aReportedStep({ title, because: 'once' }), aReportedStep({ title, because: 'twice' })];
  assert.equal(shown('Declare incident with appropriate severity', { steps: declared }), 'Declare Incident: once 03:02:00 UTC');
});

test('a resolution is verified by a recovery that was found healthy', () => {
  assert.equal(shown('Verify resolution', { recovery: { verdict: 'healthy', evidence: '20 of 20' } }), '20 of 20');
  assert.match(shown('Verify resolution', { recovery: { verdict: 'unknown', evidence: '0 of 20' } }), /^asked: /);
});

test('metrics were monitored where it recovered and was quiet until it closed', () => {
  const monitored = (change: Partial<Report>) => shown('Monitor metrics', change);
  assert.equal(monitored({}), 'recovered at 03:40:00 UTC, and quiet until it closed at 04:40:00 UTC');
  const { times } = aReport();
  for (const change of [
    { outcome: 'cancelled' },
    { times: { ...times, resolved: undefined } },
    { times: { ...times, closed: undefined } },
  ])
    assert.match(monitored(change), /^asked: /);
});

test('the fix is the first change, or work that people confirmed, among the resolution steps', () => {
  const phase = 'Resolution Steps: Network Issue';
  const fix = aReportedStep({ title: 'Correct it', phase, because: 'corrected' });
  const fixed = (change: Partial<Report>) => shown('Implement fix', change);
  assert.equal(fixed({ steps: [aReportedStep(), fix, { ...fix, title: 'Again' }] }), 'Correct it: corrected');
  const byHand = { ...fix, changes: [] };
  assert.equal(
    fixed({ steps: [byHand], questions: [anAskedQuestion({ kind: 'task', title: 'Correct it' })] }),
    'Correct it: corrected',
  );
  assert.match(fixed({ steps: [byHand], questions: [anAskedQuestion({ title: 'Correct it' })] }), /^asked: /);
  assert.match(fixed({ steps: [{ ...fix, state: 'part' }] }), /^asked: /);
  assert.match(fixed({ steps: [{ ...fix, phase: 'Recovery' }] }), /^asked: /);
});

test('of several causes the one that was named last counts', () => {
  const named = (choice: string) => anAskedQuestion({ answer: { choice, by: 'ann', how: 'claimed', at: at(5) } });
  const questions = [named('Network Issue'), named('Dynex Platform Issue')];
  assert.match(shown('Implement fix', { questions }), /after ann named Dynex Platform Issue as the cause/);
});

test('who asks what fixed it says who named which cause, unless time answered or another question was', () => {
  const answer = { choice: 'Network Issue', by: 'ann', how: 'claimed', at: at(5) } as const;
  const ask = (change: object) =>
    shown('Implement fix', {
      questions: [anAskedQuestion({ title: 'What next?', answer }), anAskedQuestion({ answer, ...change })],
    });
  assert.equal(ask({}), 'asked: What fixed it, after ann named Network Issue as the cause: us, or someone else?');
  for (const change of [{ answer: { ...answer, how: 'time' } }, { title: 'What now?' }, { answer: undefined }])
    assert.equal(ask(change), 'asked: What fixed it: us, or someone else?');
});
