// Quantum Job Failures and Dynex Service Outage as their scenarios play them: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { changed, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

/** Of each scenario what must be so, besides the outcome that it expects. */
const ofJobs: Record<string, (played: Played) => void> = {
  'quantum-job-failures'({ report, effects, messages }) {
    assert.equal(causeOf(report).suggest, 'Parameter Issue');
    assert.match(evidenceOf(report, 'Validate job parameters'), /12 of 40 waiting jobs/);
    assert.deepEqual(changed(effects), [], 'nothing is changed but what people answer');
    assert.deepEqual(mailed(report), ['done', 9], 'once customer success approved it');
    const [page] = messages.filter(({ title }) => title === 'Customer Communication: status page');
    assert.deepEqual(page?.input, { component: 'quantum', status: 'operational', text: 'jobs-resolved' });
  },
  'solver-issue'({ report, effects, messages }) {
    const { suggest, because, evidence } = causeOf(report);
    assert.equal(suggest, 'Solver Issue');
    assert.match(because ?? '', /nqba-api-2: OPEN/);
    assert.match(evidence ?? '', /neither pods nor quotas are near their limits/);
    const told = messages.filter(({ title }) => /^(Declare Incident|Notify Quantum Team|Customer)/.test(title));
    assert.match(
      JSON.stringify(told),
      /"Quantum Job Failures".*"jobs-failing".*Canary on quantum_dynex.*"jobs-resolved".*"jobs-resolved"/,
    );
    assert.match(evidenceOf(report, 'Check solver configuration'), /has the values that were agreed on/);
    assert.match(evidenceOf(report, 'Check solver configuration: key'), /use the same key/);
    const let100 = ['10%', '25%', '50%', '100%'].map(stage => `Resume Job Processing: ${stage}`);
    const others = ['Pause New Jobs', 'Restart failed solvers: restart', 'Implement fallback to classical solvers'];
    assert.deepEqual(changed(effects), [...others, ...let100, 'Resume Job Processing: fallback off']);
  },
  'resource-issue'({ report, effects }) {
    assert.equal(causeOf(report).suggest, 'Resource Issue');
    assert.ok(changed(effects).includes('Scale up computational resources: floor'));
    assert.deepEqual(inputsOf(effects, 'Implement job queuing').at(-1), { percent: 70 });
  },
  'wrong-cause'({ report, effects }) {
    assert.ok(changed(effects).includes('Resume Job Processing: back to 10%'));
    assert.match(causeOf(report).because ?? '', /Tried without success: Solver Issue\./);
  },
  'dynex-fails'({ report, messages }) {
    assert.match(JSON.stringify(messages.filter(({ type }) => type === 'remark')), /runbooks open dynex-outage/);
    assert.equal(causesOf(report)[0]?.suggest, 'Solver Issue');
  },
  'nobody-answers'({ closed, effects }) {
    assert.equal(closed, false);
    assert.deepEqual(new Set(changed(effects)), new Set(['Pause New Jobs']));
  },
  'nobody-answers-on-sunday'(played) {
    assert.deepEqual([played.closed, changed(played.effects)], [false, ['Pause New Jobs']]);
    assert.deepEqual(pages(played), [['2026-11-29T08:00:00.000Z', ['primary', 'quantum']]]);
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === 'Pause New Jobs'));
  },
  'alert-resolves-in-phase-one'({ report, effects }) {
    assert.deepEqual(mailed(report), ['by hand', 0], 'no job failed, so no one is asked');
    assert.ok(changed(effects).includes('Resume Job Processing: 100%'));
    assert.ok(!changed(effects).includes('Restart failed solvers: restart'));
  },
  'prometheus-dies'({ closed }) {
    assert.equal(closed, false);
  },
};

const ofTheService: typeof ofJobs = {
  'dynex-service-outage'({ effects, messages }) {
    assert.deepEqual(changed(effects), ['Enable classical fallback immediately', 'Gradual Rollback: 100%']);
    assert.ok(messages.some(({ title }) => title === 'Update status page: measured'));
  },
  'fallback-fails-too'({ messages }) {
    const [page] = messages.filter(({ title }) => title === 'Monitor fallback performance: page');
    assert.match(JSON.stringify(page?.input), /"roles":\["quantum"\].*31 of 60 jobs/);
    assert.ok(!messages.some(({ title }) => title === 'Update status page: measured'));
  },
  relapse({ effects }) {
    const [on, off] = ['Enable classical fallback immediately', 'Gradual Rollback: 100%'];
    assert.deepEqual(changed(effects), [on, off, 'Activate Circuit Breaker: relapse', on, off]);
  },
  'nobody-answers'({ effects }) {
    assert.deepEqual(changed(effects), ['Enable classical fallback immediately']);
  },
  'nobody-answers-on-sunday'(played) {
    const { closed, effects, questions } = played;
    assert.deepEqual([closed, changed(effects)], [false, ['Enable classical fallback immediately']]);
    const called = pages(played).map(([, roles]) => roles);
    assert.deepEqual(
      called.slice(0, 3),
      [['primary'], ['secondary'], ['escalation']],
      'no step pages, and a commander is asked for',
    );
    assert.ok(questions.some(({ title, result }) => title === 'Gradual Rollback: 100%' && result === 'open'));
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === 'Enable classical fallback immediately'));
  },
  'prometheus-dies'({ messages }) {
    assert.ok(messages.some(({ title }) => title === 'Monitor fallback performance: page'));
  },
};

/** How the mail to owners of failed jobs went, and how many these are. */
const mailed = ({ steps }: Played['report']) => {
  const { state, action } = steps.findLast(({ title }) => title === 'Customer Communication') ?? {};
  return [state, Object(action?.input).list?.count];
};

/** When, and who is paged then. */
const pages = ({ messages }: Played) =>
  messages.filter(({ type }) => type === 'page').map(({ at, to }) => [at, to.map(one => one.to)]);

const causesOf = ({ questions }: Played['report']) => questions.filter(({ title }) => title === 'What is the cause?');
const causeOf = (of: Played['report']) => {
  const asked = causesOf(of).at(-1);
  assert.ok(asked);
  return asked;
};
const evidenceOf = ({ steps }: Played['report'], title: string) => steps.findLast(step => step.title === title)?.evidence ?? '';
const inputsOf = (effects: Played['effects'], title: string) =>
  effects.filter(one => one.title === title).map(({ input }) => input);

const all = { 'quantum-job-failures': ofJobs, 'dynex-service-outage': ofTheService };
for (const [slug, holds] of Object.entries(all)) playsShippedScenarios(slug, holds);
