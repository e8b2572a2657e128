// Dynex Outage as its scenarios play it.
import assert from 'node:assert/strict';
import { type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const breaker = 'Activate Circuit Breaker';
const cause = 'What is the cause?';
const pagerDuty = 'pagerduty PAGERDUTY_ROUTING_KEY';

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  'dynex-outage'(played) {
    assert.deepEqual(timesOf(played, breaker), 1);
  },
  'again-after-days'(played) {
    assert.deepEqual(timesOf(played, breaker), 1);
  },
  'refused-key'(played) {
    assert.equal(suggested(played), 'Authentication Issue');
  },
  'rotation-left-behind'(played) {
    assert.equal(suggested(played), 'Network/Configuration Issue');
  },
  /** It is tried again under a new letter, because nothing was done. */
  'stuck-breaker'({ effects }) {
    const [first, second] = effects.filter(({ title }) => title === breaker);
    assert.match(String(Object(first).failed), /exceeded quota/);
    assert.equal(second?.key, `${first?.key}b`);
    const given = effects.filter(({ title }) => title.endsWith(`Give back a replica: ${breaker}`));
    assert.deepEqual(
      given.map(({ title }) => title.startsWith('Undo: ')),
      [false, false, true],
      'planned, approved, and returned',
    );
  },
  /** It opens the breaker again, and asks for the cause again. */
  relapse(played) {
    assert.equal(timesOf(played, 'Activate Circuit Breaker: relapse'), 1);
    assert.equal(answered(played), 2);
  },
  /** It goes back to 0 at a relapse, and is approved once for each way back. */
  'in-stages'({ effects, questions }) {
    const stages = new Set(effects.filter(({ title }) => title.endsWith('%')).map(({ key }) => key.split(': ').at(-1)));
    assert.deepEqual(
      [...stages].map(stage => stage?.replace('%25', '')),
      ['10/1', '25/1', 'back to 0/1', '10/2', '25/2', '50/1', '100/1'],
    );
    assert.equal(questions.filter(({ title }) => title.startsWith('Gradual Rollback')).length, 2);
  },
  /** The question expires, nothing more is changed, and the incident stays open. */
  'nobody-answers'({ closed, effects, questions }) {
    assert.equal(closed, false);
    assert.equal(questions.find(({ title }) => title === cause)?.result, 'expired');
    assert.deepEqual([...new Set(effects.map(({ title }) => title))], [breaker]);
  },
  /** It does nothing, pages all the same, and says what it would have done. */
  observe({ report, messages }) {
    assert.equal(
      report.steps.some(({ state, changes }) => state === 'done' && changes.length > 0),
      false,
    );
    assert.equal(report.steps.find(({ title }) => title === breaker)?.state, 'would have');
    assert.deepEqual(messages.find(({ type }) => type === 'page')?.to, [
      { to: 'primary', way: pagerDuty },
      { to: 'quantum', way: pagerDuty },
    ]);
  },
};

/** Keys of a step: an effect has one. */
const timesOf = ({ effects }: Played, title: string) =>
  new Set(effects.filter(one => one.title === title).map(({ key }) => key)).size;
const suggested = ({ report }: Played) => report.questions.find(({ title }) => title === cause)?.suggest;
const answered = ({ questions }: Played) =>
  questions.filter(({ title, result }) => title === cause && result === 'answered').length;

playsShippedScenarios('dynex-outage', holds);
