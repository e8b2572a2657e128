// API Rate Limit Exceeded as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { askedIn, changed, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'api-rate-limit-exceeded';
const limited = 'Implement Throttling';

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  'api-rate-limit-exceeded'({ report, effects }, rehearsed) {
    const [declared, status, changes, plans, quotas] = askedIn(
      rehearsed,
      'Declare Incident',
      'Check Rate Limit Status',
      'Review Rate Limit Settings: changes',
      'Check Customer Plans',
      'Analyze Usage Patterns: quotas',
    );
    assert.partialDeepStrictEqual(declared, { title: 'API Rate Limit Exceeded' });
    assert.partialDeepStrictEqual(changes, { workloads: ['api'], before: report.alerts[0]?.startsAt });
    assert.deepEqual([status, plans, quotas], [{}, { layer: 'tiers' }, { above: 0.9 }]);
    assert.partialDeepStrictEqual(askedIn(rehearsed, 'Customer Communication'), [{ text: 'limit-raised' }]);
    assert.equal(suggested(report), 'Legitimate High Usage');
    assert.ok(asked(report).includes('Increase rate limits for affected customers'));
    assert.deepEqual(changed(effects), [limited, 'Increase rate limits for affected customers']);
    assert.deepEqual(mailed(report), ['done', 3], 'once customer success approved it');
  },
  abuse({ report, messages }) {
    assert.equal(suggested(report), 'API Abuse');
    assert.deepEqual(mailed(report), ['by hand', 0], 'no customer is near a limit, so no one is asked');
    assert.deepEqual(asked(report).slice(-2), ['Implement stricter rate limiting', 'Block abusive IPs/users']);
    assert.match(remarks(messages), /This is a P1.*31% of all calls/);
  },
  configuration({ report, effects }) {
    assert.equal(suggested(report), 'Configuration Issue');
    assert.deepEqual(changed(effects), [limited, 'Adjust rate limit settings', 'Restart rate limiting service']);
  },
  quotas({ messages }) {
    assert.match(remarks(messages), /runbooks open quota-exhaustion/);
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
/** How the mail to customers near their limit went, and how many these are. */
const mailed = ({ steps }: Played['report']) => {
  const { state, action } = steps.find(({ title }) => title === 'Notify High-Usage Customers') ?? {};
  return [state, Object(action?.input).list?.count];
};
const remarks = (messages: Played['messages']) => JSON.stringify(messages.filter(({ type }) => type === 'remark'));

playsShippedScenarios(slug, holds);
