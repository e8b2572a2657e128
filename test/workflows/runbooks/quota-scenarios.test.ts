// Quota Exhaustion as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { askedIn, changed, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'quota-exhaustion';
const limited = 'Implement Rate Limiting';

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  'quota-exhaustion'({ report, effects }, rehearsed) {
    const [declared, status, changes, billing] = askedIn(
      rehearsed,
      'Declare Incident',
      'Check Quota Status',
      'Review Quota Configuration: changes',
      'Check Billing',
    );
    assert.partialDeepStrictEqual(declared, { title: 'Quota Exhaustion' });
    assert.deepEqual(status, { above: 0.9, freeze: 'customers near their quota' });
    assert.partialDeepStrictEqual(changes, { workloads: ['api'], before: report.alerts[0]?.startsAt });
    assert.deepEqual(billing, { since: '24 hours', raised: true });
    const [near, after] = askedIn(rehearsed, 'Notify Customers', 'Customer Communication');
    assert.partialDeepStrictEqual([near, after], [{ text: 'limit-near' }, { text: 'limit-raised' }]);
    assert.equal(suggested(report), 'Legitimate High Usage');
    assert.ok(asked(report).includes('Increase quota limits for affected customers'));
    assert.deepEqual(changed(effects), [limited, 'Increase quota limits for affected customers']);
  },
  abuse({ report, messages }) {
    assert.equal(suggested(report), 'API Abuse');
    assert.deepEqual(asked(report).slice(-2), ['Implement stricter rate limiting', 'Block abusive IPs/users']);
    assert.match(remarks(messages), /This is a P1.*31% of all calls/);
  },
  configuration({ report, effects }, rehearsed) {
    assert.deepEqual(askedIn(rehearsed, 'Restart quota service: needed'), [{ layer: 'tiers' }]);
    assert.equal(suggested(report), 'Configuration Issue');
    assert.deepEqual(changed(effects), [
      limited,
      'Adjust quota settings',
      'Update billing configuration',
      'Restart quota service',
    ]);
  },
  rates({ messages }) {
    assert.match(remarks(messages), /runbooks open api-rate-limit-exceeded/);
  },
  'nobody-answers'({ effects }) {
    assert.deepEqual(changed(effects), [limited]);
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === limited));
  },
  'alert-resolves-in-phase-one'({ effects }) {
    assert.deepEqual(changed(effects), [limited]);
  },
};

const suggested = ({ questions }: Played['report']) => questions.findLast(({ title }) => title === 'What is the cause?')?.suggest;
const asked = ({ questions }: Played['report']) => questions.map(({ title }) => title);
const remarks = (messages: Played['messages']) => JSON.stringify(messages.filter(({ type }) => type === 'remark'));

playsShippedScenarios(slug, holds);
