// Authentication Failures as its scenarios play it: one for each cause, a takeover, and systems that fail.
import assert from 'node:assert/strict';
import { changed, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'authentication-failures';
/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  'authentication-failures'({ report, effects, messages }) {
    assert.equal(causeOf(report), 'Brute Force Attack');
    assert.ok(changed(effects).includes('Unlock Accounts'));
    const at = (title: string) => report.steps.findIndex(step => step.title === title);
    assert.ok(at('Unlock Accounts') < at('Monitor Failure Rates'), 'locked accounts keep the rates high');
    assert.equal(report.severity, 'P1');
    const [declared] = messages.filter(({ type }) => type === 'declareIncident');
    assert.match(JSON.stringify(declared?.input), /"private":true/, 'only people of the incident read about an attack');
  },
  'service-issue'({ report, effects }) {
    assert.equal(causeOf(report), 'Service Issue');
    assert.deepEqual(changed(effects), ['Restart authentication service']);
    assert.equal(report.severity, 'P0', 'no one logs in');
  },
  'configuration-issue'({ report, effects }) {
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
