// P0 as its scenarios play it: one for each branch, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { changed, type Holds, type Played, playsShippedScenarios } from '../../support/shipped-scenarios.ts';

const slug = 'p0-critical-incident-response';
const rollback = 'If needed, rollback to last known good version';
const fallback = 'Enable quantum fallback if Dynex is down';
const scale = 'Scale up if performance issue';
const gone = 'Check overall system health: the obstacle has gone';
const [serves, holdsOn] = ['Recovery: the platform serves', 'Recovery: it holds'];

/** Minutes after the alert, and who is paged then: at three on a Sunday, which is played first. */
let pagesOnSunday: unknown;

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Holds = {
  [slug](played) {
    assert.deepEqual(changed(played.effects), [rollback]);
    assert.deepEqual(ownersOf(played, rollback), ['commander']);
    assert.match(said(played), /^Fits: roll back\. Rollback: revision 42 was rolled out 4\.5 minutes before/);
    assert.deepEqual(publicly(played), ['major_outage', 'operational']);
    assert.deepEqual(measured(played), [serves, holdsOn]);
    const nodes = played.report.steps.find(({ title }) => title === 'Check overall system health: nodes');
    assert.equal(nodes?.evidence, 'All is well.', 'the nodes are healthy, and the record says so');
    assert.equal(stateOf(played, 'Check monitoring dashboards'), 'healthy', 'whether people can look at dashboards is known');
  },
  'scale-fits'(played) {
    assert.deepEqual(changed(played.effects), [scale]);
    assert.deepEqual(ownersOf(played, scale), [], 'its database takes more: nobody is asked');
    assert.match(said(played), /Scaling up: api latency p95 is 4\.2 s/);
  },
  'dynex-fits'(played) {
    assert.deepEqual(changed(played.effects), [fallback]);
    assert.match(said(played), /the most telling first: errors: api errors is 31%/, 'its share of failed calls is told first');
    assert.deepEqual(
      played.report.followUps.map(({ title, owner }) => [title, owner]),
      [[`${fallback}: the way back`, 'quantum']],
    );
  },
  'nothing-fits'(played) {
    assert.deepEqual(changed(played.effects), []);
    const [page] = played.messages.filter(({ title }) => title === 'No written branch fits');
    assert.deepEqual(
      page?.to.map(({ to }) => to),
      ['infrastructure'],
    );
    assert.match(JSON.stringify(page?.input), /This repairs it: `kubectl create priorityclass nqba-critical/);
    assert.match(remarked(played, gone)[0] ?? '', /The controller tries again by itself by 10:51:40 at the latest/);
  },
  'wrong-rollback'(played) {
    assert.deepEqual(changed(played.effects), [rollback], 'it is not offered a second time');
    assert.equal(played.messages.filter(({ title }) => title === 'No written branch fits').length, 1);
    assert.deepEqual(publicly(played), ['major_outage', 'operational']);
  },
  'alert-resolves-in-phase-one'(played) {
    assert.deepEqual(changed(played.effects), []);
    assert.deepEqual([stateOf(played, rollback), stateOf(played, holdsOn)], ['withdrawn', 'healthy']);
  },
  'nobody-answers'(played) {
    assert.deepEqual([played.closed, changed(played.effects)], [false, []]);
    assert.deepEqual(ownersOf(played, rollback), ['commander']);
    assert.deepEqual(pages(played)[0], [0, ['primary']]);
    assert.deepEqual(pages(played), pagesOnSunday, 'the night is no reason to wait');
  },
  'nobody-answers-on-sunday'(played) {
    assert.deepEqual(changed(played.effects), []);
    pagesOnSunday = pages(played);
  },
  'every-system-fails'(played) {
    assert.deepEqual(changed(played.effects), []);
    assert.match(said(played), /^No written branch fits\./);
  },
  'prometheus-dies'(played) {
    assert.equal(played.closed, false);
    assert.equal(stateOf(played, serves), 'unknown');
  },
};

const stateOf = ({ report }: Played, title: string) => report.steps.find(one => one.title === title)?.state;
const ownersOf = ({ report }: Played, title: string) => [
  ...new Set(report.questions.filter(one => one.title === title).map(({ owner }) => owner)),
];
const remarked = ({ messages }: Played, title: string) =>
  messages.filter(one => one.title === title).map(({ input }) => String(Object(input).text));
/** Of the first round. */
const said = (played: Played) => remarked(played, 'Implement immediate mitigation: what fits')[0] ?? '';
/** The public page, as often as it changes. */
const publicly = ({ messages }: Played) =>
  messages
    .filter(({ type }) => type === 'setStatusPage')
    .map(({ input }) => String(Object(input).status))
    .filter((status, index, all) => status !== all[index - 1]);
const measured = ({ report }: Played) =>
  report.steps.filter(({ title, state }) => title.startsWith('Recovery: ') && state === 'healthy').map(({ title }) => title);
const pages = ({ report, messages }: Played) =>
  messages
    .filter(({ type }) => type === 'page')
    .map(({ at, to }) => [(Date.parse(at) - Date.parse(report.times.fired)) / 60_000, to.map(one => one.to)]);

playsShippedScenarios(slug, holds);
