// Delayed Jobs as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { changed, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const ahead = ['Scale Workers', 'Prioritize Critical Jobs'];
const breakers = 'Add circuit breakers for long-running jobs';
const depth = 'Monitor Queue Depth';
const first = 'Communicate with customers: first message';
const ownMail = 'Customer Communication';
/** Those whose jobs were not delayed have had the first mail too. */
const end = 'Communicate resolution: mail';

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  'delayed-jobs'(played) {
    assert.equal(causeOf(played).suggest, 'Worker Bottleneck');
    assert.match(causeOf(played).because ?? '', /1 job is stuck.*31 jobs arrive and 18 finish a minute/);
    assert.deepEqual(changed(played.effects), [...ahead, 'Scale up worker instances']);
    assert.deepEqual(lastInput(played, 'Scale up worker instances'), { workload: 'worker', headroom: true, atLeast: 10 });
    assert.deepEqual(
      [approvers(played, 'Scale up worker instances'), approvers(played, 'Restart stuck workers')],
      [['primary'], ['primary']],
    );
    assert.deepEqual(told(played), ['Declare Incident', first, ownMail, end]);
    assert.deepEqual(mailed(played), ['done', 17, ['customer-success']], 'once a person approved it');
    assert.deepEqual(lastInput(played, 'Implement job prioritization: released'), { classes: [] });
    assert.deepEqual(atRecovery(played), [depth, 'Verify Processing Times']);
  },
  database(played) {
    assert.equal(causeOf(played).suggest, 'Database Bottleneck');
    assert.deepEqual(changed(played.effects), ['Prioritize Critical Jobs'], 'more workers are no help, and are refused');
    assert.deepEqual(approvers(played, 'Optimize queries'), ['database']);
    assert.match(evidenceOf(played, 'Check database performance'), /held by/, 'whoever fixes it reads what blocks');
    assert.deepEqual(mailed(played), ['by hand', 0, []], 'no job was delayed, so no one is asked');
    assert.equal(stepOf(played, ownMail)?.because, 'There is no customer to write to.');
    assert.deepEqual(
      approvers(played, 'Scale database resources'),
      [],
      'once it is measured as healthy no larger one is asked for',
    );
  },
  'larger-instance'(played) {
    assert.match(evidenceOf(played, 'Optimize queries: measured'), /188 of 200 connections/);
    assert.deepEqual(approvers(played, 'Scale database resources'), ['database']);
  },
  resources(played) {
    const [raised] = played.messages.filter(({ title }) => title === 'Declare Incident: P1');
    assert.match(JSON.stringify(raised?.input), /urgent or high job has waited for 41 minutes: this is a P1/);
    assert.match(causeOf(played).because ?? '', /exceeded quota.*96% of its limits\.cpu/);
    assert.deepEqual(changed(played.effects), [...ahead, 'Implement job prioritization', breakers]);
    assert.deepEqual(lastInput(played, 'Implement job prioritization'), { classes: ['urgent', 'high'], hold: ['low'] });
    assert.deepEqual(approvers(played, breakers), ['quantum']);
    assert.deepEqual(approvers(played, 'Scale up infrastructure: quota and nodes'), ['infrastructure']);
  },
  'larger-workers'(played) {
    assert.match(causeOf(played).because ?? '', /97% of its limits\.memory/);
    assert.deepEqual(changed(played.effects), [...ahead, 'Implement job prioritization', 'Scale up infrastructure', breakers]);
    assert.deepEqual(approvers(played, 'Scale up infrastructure'), ['infrastructure']);
  },
  'wrong-cause'(played) {
    const causes = played.report.questions.filter(({ title }) => title === 'What is the cause?');
    assert.equal(causes.length, 2);
    assert.match(causes[1]?.because ?? '', /Tried without success: Worker Bottleneck\./);
    assert.deepEqual(
      told(played),
      ['Declare Incident', first, ownMail, end],
      'customers hear of its beginning and of its end, and of nothing between',
    );
  },
  'alert-resolves-in-phase-one'(played) {
    assert.deepEqual(changed(played.effects), ['Prioritize Critical Jobs']);
    assert.deepEqual(atRecovery(played), [depth, 'Verify Processing Times']);
  },
  'nobody-answers'(played) {
    assert.equal(played.closed, false);
    assert.deepEqual(changed(played.effects), ahead);
    assert.deepEqual(told(played), ['Declare Incident', first]);
  },
  'nobody-answers-on-sunday'(played) {
    assert.deepEqual([played.closed, changed(played.effects)], [false, ahead]);
    assert.ok(!played.messages.some(({ type }) => type === 'page'));
  },
  'every-system-fails'(played) {
    assert.deepEqual(changed(played.effects), []);
    const waiting = played.questions.filter(({ result }) => result === 'open').map(({ title }) => title);
    assert.deepEqual(new Set(waiting), new Set([...ahead, 'Resolve by hand']));
  },
  'prometheus-dies'(played) {
    assert.equal(played.closed, false);
    assert.match(evidenceOf(played, depth), /Prometheus does not answer/);
  },
};

const causeOf = ({ report }: Played) => {
  const asked = report.questions.find(({ title }) => title === 'What is the cause?');
  assert.ok(asked);
  return asked;
};
const stepOf = ({ report }: Played, title: string) => report.steps.findLast(one => one.title === title);
/** How the mail to owners of delayed jobs went, how many its list has, and who was asked. */
const mailed = (played: Played) => {
  const { state, action } = stepOf(played, ownMail) ?? {};
  return [state, Object(action?.input).list?.count, approvers(played, ownMail)];
};
const lastInput = ({ effects }: Played, title: string) => effects.findLast(one => one.title === title)?.input;
const evidenceOf = ({ report }: Played, title: string) => report.steps.find(one => one.title === title)?.evidence ?? '';
const approvers = ({ report }: Played, title: string) =>
  report.questions.filter(one => one.title === title).map(({ owner }) => owner);
/** Other than questions, and the same message again. */
const told = ({ messages }: Played) =>
  [
    ...new Set(messages.filter(({ type }) => type === 'declareIncident' || type === 'tellCustomers').map(({ title }) => title)),
  ].filter(title => !title.endsWith(': again'));
/** Checks of the recovery that were healthy, in their order. */
const atRecovery = ({ report }: Played) =>
  report.steps
    .filter(({ title, state }) => state === 'healthy' && /^(Monitor Queue Depth|Verify Processing)/.test(title))
    .map(({ title }) => title);

playsShippedScenarios('delayed-jobs', holds);
