/** Named numbers of Prometheus, a picture that proves nothing, and when the platform counts as recovered. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { createActivities } from '../../../activities/index.ts';
import { platformRecovered } from '../../../activities/observe/recovered-platform.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../lab/world.ts';
import type { State } from '../../../lab/world/systems.ts';
import { aPlatform, answers, connected, refuses, running, virtualClock } from '../bare.ts';
import { deployment, fetchOf, pod } from '../kubernetes/cluster-of.ts';

interface Given {
  api?: World['api'];
  /** How the API is reached from outside. */
  reached?: State;
  /** Queries that contain a text, and what is answered instead. */
  instead?: Record<string, number | 'nothing'>;
  ready?: number;
  systems?: string[];
}

function around({ api, reached = 'healthy', instead = {}, ready = 3, systems = ['prometheus', 'kubernetes'] }: Given = {}) {
  const clock = virtualClock();
  const world = (): World => ({
    pods: [],
    systems: [{ system: 'api', state: reached, from: 0 }],
    ...(api && { api }),
  });
  const metrics = prometheus(surroundings({ ...clock, state: () => 'healthy' }), world).fetch;
  const fetch = async (request: Request) => {
    const text = new URLSearchParams(await request.clone().text()).get('query') ?? '';
    const value = Object.entries(instead).find(([part]) => text.includes(part))?.[1];
    if (value === undefined) return metrics(request);
    const result = value === 'nothing' ? [] : [{ metric: {}, value: [0, String(value)] }];
    return Response.json({ status: 'success', data: { resultType: 'vector', result } });
  };
  const pods = ['a-1', 'a-2', 'a-3'].slice(0, ready).map(name => pod(name));
  const all = {
    prometheus: { url: 'http://prometheus', fetch },
    kubernetes: { fetch: fetchOf({ deployment: deployment(), pods }) },
    api: { url: 'http://api', fetch: answers(200, { status: 'ok' }) },
  };
  const chosen = Object.fromEntries(Object.entries(all).filter(([name]) => systems.includes(name)));
  return { platform: aPlatform, systems: connected(chosen, clock), ...clock, running };
}

const metric = (given: Given, input: Parameters<ReturnType<typeof createActivities>['observe']['metric']>[0]) =>
  createActivities(around(given)).observe.metric(input);
const served = (wanted: number, ready: number, bad = 0) => [{ from: 0, wanted, ready, bad }];

test('a number within its bound is healthy, one outside is faulty, each with the number and the calls behind it', async () => {
  const good = await metric({}, { metric: 'api latency p95', below: 2 });
  assert.deepEqual(
    [good.verdict, good.evidence, good.facts],
    ['healthy', 'api latency p95 is 0.2 s, below 2 s, 18000 calls in 5 min.', { value: 0.2 }],
  );
  const bad = await metric({ api: served(3, 2, 1) }, { metric: 'api errors', below: 0.01 });
  assert.deepEqual([bad.verdict, bad.facts], ['faulty', { value: 0.5 }]);
  assert.match(bad.evidence, /^api errors is 50%, not below 1%, 18000 calls in 5 min\.$/);
  const down = await metric({ instead: { pg_up: 0 } }, { metric: 'database up', above: 0 });
  assert.deepEqual([down.verdict, down.evidence], ['faulty', 'database up is 0, not above 0.']);
  assert.equal((await metric({}, { metric: 'queue depth', below: 100 })).verdict, 'healthy');
  assert.equal((await metric({}, { metric: 'api calls', above: 100 })).verdict, 'healthy');
});

test('no samples, too few calls, no bound, and a Prometheus that is silent or absent are unknown', async () => {
  const gone = await metric({ api: served(3, 0) }, { metric: 'api latency p95', below: 2 });
  assert.equal(gone.verdict, 'unknown');
  assert.match(gone.evidence, /no samples of api latency p95: histogram_quantile/);
  const few = await metric({ instead: { 'increase(http_requests_total': 7 } }, { metric: 'api errors', below: 0.01 });
  assert.deepEqual([few.verdict, few.facts], ['unknown', undefined]);
  assert.match(few.evidence, /7 calls in 5 min are too few to judge by, at least 20/);
  assert.equal((await metric({}, { metric: 'queue depth' })).verdict, 'unknown');
  assert.equal((await metric({ systems: [] }, { metric: 'queue depth', below: 1 })).verdict, 'unknown');
});

test('a dashboard is a link, or what to configure, and never a verdict', async () => {
  const dashboards = { 'NQBA API Metrics': 'https://grafana.example.org/d/api' };
  const deps = around();
  const configured = createActivities({ ...deps, platform: { ...aPlatform, links: { dashboards } } }).observe;
  const { verdict, link } = await configured.dashboard({ dashboard: 'NQBA API Metrics' });
  assert.deepEqual([verdict, link], ['unknown', 'https://grafana.example.org/d/api']);
  const none = await createActivities(deps).observe.dashboard({ dashboard: 'NQBA API Metrics' });
  assert.equal(none.verdict, 'unknown');
  assert.match(none.evidence, /links\.dashboards/);
});

const recovered = (given: Given = {}) => platformRecovered(around(given));

test('the platform has recovered when it serves outside, fast, without errors, with all pods, and its queue drains', async () => {
  const { verdict, evidence, facts } = await recovered();
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /^From outside: the probe succeeds\..*3 of 3 ready.*api latency p95 is 0\.2 s.*0 jobs wait/);
  assert.deepEqual(facts, { calls: 18_000, unhealthyPods: 0 });
});

const relapses: [string, Given, RegExp][] = [
  ['slow', { instead: { histogram_quantile: 2.5 } }, /p95 is 2\.5 s, not below 2 s/],
  ['with errors', { instead: { '5..': 0.02 } }, /api errors is 2%, not below 1%/],
  ['a pod short', { ready: 2 }, /2 of 3 ready/],
  [
    'with a queue that grows',
    { instead: { 'delta(': 12, 'sum(nqba_qih_queue_depth)': 60 } },
    /60 jobs wait, 12 more than before/,
  ],
];
for (const [what, given, told] of relapses)
  test(`a platform that is ${what} has not recovered`, async () => {
    const { verdict, evidence } = await recovered(given);
    assert.equal(verdict, 'faulty', evidence);
    assert.match(evidence, told);
  });

test('a queue that is long and becomes shorter drains, one that is not measured is left out and said', async () => {
  const draining = await recovered({ instead: { 'delta(': -30, 'sum(nqba_qih_queue_depth)': 60 } });
  assert.equal(draining.verdict, 'healthy', draining.evidence);
  const none = await recovered({ instead: { queue_depth: 'nothing' } });
  assert.equal(none.verdict, 'healthy', none.evidence);
  assert.match(none.evidence, /Not checked: Prometheus has no queue depth/);
});

test('an answer from inside is no view from outside, and too few calls, no cluster or no Prometheus prove nothing', async () => {
  const inside = await recovered({ systems: ['prometheus', 'kubernetes', 'api'], instead: { probe_success: 'nothing' } });
  assert.equal(inside.verdict, 'unknown');
  assert.match(inside.evidence, /^No viewpoint outside: Prometheus has no probe of The NQBA API/);
  const few = await recovered({ instead: { 'increase(http_requests_total': 99 } });
  assert.deepEqual([few.verdict, few.facts?.calls], ['unknown', 99]);
  assert.equal((await recovered({ systems: ['prometheus'] })).verdict, 'unknown');
  assert.equal((await recovered({ systems: ['kubernetes', 'api'] })).verdict, 'unknown');
  const { platform, now, sleep } = around();
  const silent = connected({ prometheus: { url: 'http://prometheus', fetch: refuses } });
  assert.equal((await platformRecovered({ platform, systems: silent, now, sleep })).verdict, 'unknown');
});
