// Billing Drift as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { askedIn, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'billing-drift';
const reviewed = 'Correct pricing configuration';
const atStripe = `${reviewed}: at Stripe`;
const reversed = ['Reverse incorrect charges', 'Update customer accounts'];
const kept = 'Keep invoices as drafts';
const goingOn = ['Resume Billing: 5%', 'Resume Billing: 100%'];
const ownMail = 'Customer Communication';
const told = [...goingOn, ownMail];
const resumed = ['Release drafts: 5%', 'Release drafts: 100%'];

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  [slug]({ report }, rehearsed) {
    const [declared, paged, recent] = askedIn(rehearsed, 'Declare Incident', 'Notify Finance Team', 'Check Recent Transactions');
    assert.partialDeepStrictEqual(declared, { title: 'Billing Drift', channel: { private: true } });
    assert.partialDeepStrictEqual(paged, { roles: ['finance', 'primary'] });
    assert.deepEqual(recent, { since: `24 hours before ${report.alerts[0]?.startsAt}`, days: 7 });
    assert.equal(causeIn(report), 'Pricing Error');
    assert.deepEqual(doneIn(report), [kept, ...resumed]);
    assert.deepEqual(approvedIn(report), [reviewed, ...reversed, ...told]);
    const [released] = report.questions.filter(({ title }) => title === resumed[0]);
    assert.match(JSON.stringify(released), /Before: 12 invoices are drafts at Stripe, usd 3588\.00\. Their list/);
    assert.equal(voterOf(report, 'Reverse incorrect charges'), 'fin and mia', 'above the limit two people');
    assert.equal(voterOf(report, 'Update customer accounts'), 'fin', 'no money moves');
    assert.deepEqual(mailed(report), ['done', 84], 'once customer success approved it');
    const { tasks } = rehearsed;
    const last = tasks.findLastIndex(task =>
      task.some(({ scheduleActivity }) => scheduleActivity?.activityType === 'correctCharges'),
    );
    const events = eventsOf(tasks.slice(0, last + 1));
    assert.ok(last > 0 && events < 300, `${events} events until all is corrected, however long the list`);
  },
  'usage-mismatch'({ report }) {
    assert.equal(causeIn(report), 'Usage Mismatch');
    assert.deepEqual(doneIn(report), [kept, 'Update customer records', ...resumed]);
    assert.deepEqual(approvedIn(report), ['Adjust billing accordingly', ...told]);
  },
  'usage-not-durable'({ report }) {
    assert.deepEqual(doneIn(report), [kept, 'Reconcile usage data: by finance', ...resumed]);
    assert.deepEqual(approvedIn(report), told, 'nothing is credited from what is left');
  },
  'payment-issue'({ report }) {
    assert.equal(causeIn(report), 'Payment Processing Issue');
    assert.deepEqual(doneIn(report), [kept, ...resumed]);
    assert.deepEqual(approvedIn(report), ['Pause Billing', 'Retry failed charges', ...goingOn]);
    const unseen = report.followUps.find(({ title }) => title === 'Pause Billing: Jobs by hand');
    assert.match(unseen?.confirm ?? '', /^Kubernetes cannot be reached\. Finance has decided/);
    assert.deepEqual(mailed(report), ['by hand', 0], 'nothing was corrected, so no one is asked');
  },
  'wrong-again'({ report }, rehearsed) {
    assert.deepEqual(askedIn(rehearsed, 'Pause Billing: again at 5%'), [{ customers: '0%' }]);
    const again = ['Release drafts: 5%', `${kept}: again at 5%`];
    assert.deepEqual(doneIn(report), [kept, atStripe, ...again, atStripe, ...resumed]);
    const stopped = 'Pause Billing: stop Jobs';
    assert.deepEqual(askedIn(rehearsed, 'Pause Billing: Jobs that run'), [{ freeze: 'Jobs that charge' }]);
    assert.ok(report.followUps.some(({ title }) => title === 'Pause Billing: stopped Jobs'));
    assert.deepEqual(approvedIn(report), [stopped, reviewed, ...reversed, 'Resume Billing: 5%', reviewed, ...reversed, ...told]);
    assert.match(causesIn(report).at(-1)?.because ?? '', /Tried without success: Pricing Error\./);
  },
  'nobody-answers'({ report }) {
    assert.deepEqual(doneIn(report), [], 'only people do tasks');
    assert.deepEqual(approvedIn(report), []);
  },
  'every-system-fails'({ report, questions }) {
    assert.deepEqual(doneIn(report), []);
    assert.ok(questions.some(({ title }) => title === 'Pause Billing'));
  },
};

const causesIn = ({ questions }: Played['report']) => questions.filter(({ title }) => title === 'What is the cause?');
const causeIn = (report: Played['report']) => causesIn(report)[0]?.suggest;
/** Tasks that finance has done, in their order. */
const doneIn = ({ questions }: Played['report']) =>
  questions.filter(({ kind, answer }) => kind === 'task' && answer?.choice === 'done').map(({ title }) => title);

const approvedIn = ({ questions }: Played['report']) =>
  questions.filter(({ kind, answer }) => kind === 'plan' && answer?.choice === 'approve').map(({ title }) => title);
/** At most: a task has three events, an activity three, a timer two, and every task may have been woken by a message. */
const eventsOf = (tasks: Parameters<Holds[string]>[1]['tasks']) =>
  tasks.length * 4 + tasks.flat().reduce((sum, command) => sum + (command.scheduleActivity ? 3 : command.startTimer ? 2 : 1), 0);

/** How the mail to customers of the list went, and how many these are. */
const mailed = ({ steps }: Played['report']) => {
  const { state, action } = steps.findLast(({ title }) => title === ownMail) ?? {};
  return [state, Object(action?.input).list?.count];
};
const voterOf = ({ questions }: Played['report'], title: string) => questions.find(asked => asked.title === title)?.answer?.by;

playsShippedScenarios(slug, holds);
