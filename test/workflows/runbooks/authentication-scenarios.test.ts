// Authentication Failures as its scenarios play it: one for each cause, a takeover, and systems that fail.
import assert from 'node:assert/strict';
import { askedIn, changed, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'authentication-failures';
/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  'authentication-failures'({ report, effects, messages }, rehearsed) {
    assert.equal(causeOf(report), 'Brute Force Attack');
    assert.deepEqual(changed(effects), ['Implement IP blocking', 'Unlock Accounts']);
    const before = report.alerts[0]?.startsAt;
    const service = 'Check Authentication Service';
    assert.deepEqual(askedIn(rehearsed, service, `${service}: failures`), [{}, { before }]);
    const [told, logs, database] = askedIn(
      rehearsed,
      'Notify Security Team',
      'Check Service Logs',
      'Verify Database Connectivity',
    );
    assert.partialDeepStrictEqual(told, { roles: ['primary', 'security'] });
    assert.match(JSON.stringify(told), /5314 of 6120 logins failed.*Login, use, refresh and logout work/);
    assert.partialDeepStrictEqual([logs, database], [{ workload: 'api' }, {}]);
    const at = (title: string) => report.steps.findIndex(step => step.title === title);
    assert.ok(at('Unlock Accounts') < at('Monitor Failure Rates'), 'locked accounts keep the rates high');
    assert.equal(report.severity, 'P1');
    const [declared] = messages.filter(({ type }) => type === 'declareIncident');
    assert.match(JSON.stringify(declared?.input), /"private":true/, 'only people of the incident read about an attack');
  },
  'service-issue'({ report, effects }, rehearsed) {
    assert.deepEqual(askedIn(rehearsed, 'Check database connectivity', 'Verify configuration'), [{}, {}]);
    assert.equal(causeOf(report), 'Service Issue');
    assert.deepEqual(changed(effects), ['Restart authentication service']);
    assert.equal(report.severity, 'P0', 'no one logs in');
  },
  'configuration-issue'({ report, effects }, rehearsed) {
    const looked = askedIn(rehearsed, 'Verify JWT configuration', 'Check password policies');
    assert.deepEqual(looked, [{ what: 'jwt' }, { what: 'passwords' }]);
    assert.equal(causeOf(report), 'Configuration Issue');
    assert.deepEqual(changed(effects), ['Update authentication settings']);
  },
  takeover({ report }) {
    assert.equal(report.severity, 'P0');
    assert.match(JSON.stringify(report), /P1 → P0: Declare Incident: P0|"to":"P0"/);
  },
  'every-system-fails'({ effects, closed }) {
    assert.equal(closed, false);
    assert.deepEqual(changed(effects), []);
  },
};

const causeOf = ({ questions }: Played['report']) => questions.findLast(({ title }) => title === 'What is the cause?')?.suggest;

playsShippedScenarios(slug, holds);
