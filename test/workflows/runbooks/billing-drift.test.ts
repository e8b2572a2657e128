// Billing Drift as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'billing-drift';
const reversed = ['Correct pricing configuration', 'Reverse incorrect charges', 'Update customer accounts'];
const kept = 'Keep invoices as drafts';
const resumed = ['Release drafts: 5%', 'Release drafts: 100%'];

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  [slug]({ report }) {
    assert.equal(causeIn(report), 'Pricing Error');
    assert.deepEqual(doneIn(report), [kept, ...reversed, ...resumed]);
  },
  'usage-mismatch'({ report }) {
    assert.equal(causeIn(report), 'Usage Mismatch');
    assert.deepEqual(doneIn(report), [kept, 'Adjust billing accordingly', 'Update customer records', ...resumed]);
  },
  'usage-not-durable'({ report }) {
    assert.deepEqual(doneIn(report), [kept, 'Reconcile usage data: by finance', ...resumed]);
  },
  'payment-issue'({ report }) {
    assert.equal(causeIn(report), 'Payment Processing Issue');
    assert.deepEqual(doneIn(report), [kept, 'Retry failed charges', ...resumed]);
  },
  'wrong-again'({ report }) {
    const again = ['Release drafts: 5%', `${kept}: again at 5%`];
    assert.deepEqual(doneIn(report), [kept, ...reversed, ...again, ...reversed, ...resumed]);
    assert.match(causesIn(report).at(-1)?.because ?? '', /Tried without success: Pricing Error\./);
  },
  'nobody-answers'({ report }) {
    assert.deepEqual(doneIn(report), [], 'only people do tasks');
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

playsShippedScenarios(slug, holds);
