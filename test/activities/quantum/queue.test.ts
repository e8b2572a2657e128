/** How many jobs wait and for how long, how they come and go, and which are stuck: over stand-ins, each in a healthy, a faulty and an empty world. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { createActivities } from '../../../activities/index.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../lab/world.ts';
import { aPlatform, connected, refuses, running, virtualClock } from '../bare.ts';
import { fetchOf, pod } from '../kubernetes/cluster-of.ts';

const start = Date.parse('2026-11-24T03:00:00Z');
const minutesAgo = (minutes: number) => new Date(start - minutes * 60_000).toISOString();

interface Given {
  /** Queries that contain a text, and what is answered instead. */
  instead?: Record<string, number | 'nothing'>;
  queued?: object[];
  started?: object[];
  /** Jobs that wait in the hub of each pod; one that is text does not answer. */
  hubs?: Record<string, number | 'silent'>;
  systems?: string[];
}

const job = (id: string, given: object = {}) => ({
  job_id: id,
  status: 'queued',
  operation: 'routing',
  priority: 'normal',
  customer: 'customer-3',
  created_at: minutesAgo(1),
  timeout_seconds: 300,
  ...given,
});

/** The newest first, as the hub lists them. */
const listed = (jobs: object[], { searchParams }: URL) => {
  const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
  return Response.json(jobs.slice(offset, offset + limit));
};

function hubOf({ queued = [], started = [], hubs = {} }: Given): Fetch {
  return request => {
    const url = new URL(request.url);
    const status = url.searchParams.get('status');
    if (url.pathname.endsWith('/jobs') && status === 'queued') return listed(queued, url);
    if (url.pathname.endsWith('/jobs') && status === 'running') return listed(started, url);
    if (url.pathname.endsWith('/jobs')) return listed([job('young', { status: 'completed' })], url);
    const waiting = hubs[url.pathname.split('/')[1] ?? ''] ?? 0;
    if (waiting === 'silent') return new Response('no healthy upstream', { status: 503 });
    return Response.json({ circuit_breaker_status: 'CLOSED', active_jobs: 2, queued_jobs: waiting });
  };
}

const pods = ['w-1', 'w-2'].map(
  name => ({ pod: name, uid: name, workload: 'worker', solver: 'dynex', fallback: false, since: 0 }) as const,
);

function quantumAround(given: Given = {}) {
  const { instead = {}, hubs = {}, systems = ['prometheus', 'kubernetes', 'api'] } = given;
  const clock = virtualClock(start);
  const world = (): World => ({ pods: pods.map(one => ({ ...one, since: start - 3_600_000 })), systems: [] });
  const metrics = prometheus(surroundings(clock), world).fetch;
  const fetch: Fetch = async request => {
    const text = new URLSearchParams(await request.clone().text()).get('query') ?? '';
    const value = Object.entries(instead).find(([part]) => text.startsWith(part))?.[1];
    if (value === undefined) return metrics(request);
    const result = value === 'nothing' ? [] : [{ metric: {}, value: [0, String(value)] }];
    return Response.json({ status: 'success', data: { resultType: 'vector', result } });
  };
  const all = {
    prometheus: { url: 'http://prometheus', fetch },
    kubernetes: { fetch: fetchOf({ pods: ['w-1', ...Object.keys(hubs)].map(name => pod(name)) }) },
    api: { url: 'http://api', podUrl: 'http://api/{name}', fetch: hubOf(given) },
  };
  const chosen = Object.fromEntries(Object.entries(all).filter(([name]) => systems.includes(name)));
  const platform = { ...aPlatform, times: { ...aPlatform.times, pace: 1 / 60 } };
  return createActivities({ platform, systems: connected(chosen, clock), ...clock, running });
}

/** Ages are at the pace of the practice platform: a second there is a minute. */
const old = (seconds: number) => ({ created_at: new Date(start - seconds * 1000).toISOString() });

test('a short queue of young jobs is healthy, with what comes, goes and runs', async () => {
  const { verdict, evidence, facts } = await quantumAround({
    queued: [job('a', old(2))],
    hubs: { 'a-1': 3, 'a-2': 4 },
  }).quantum.queue({});
  assert.equal(verdict, 'healthy', evidence);
  assert.match(
    evidence,
    /^0 jobs wait, fewer than 100\. 120 arrive and 120 finish a minute\. \d run\. 7 jobs wait in the hubs of 3 pods/,
  );
  assert.match(evidence, /oldest job has waited for 2 min.*Not checked: Redis is not connected/);
  assert.equal(facts?.depth, 7, 'the deepest view counts');
});

test('a deep queue, or an old job alone, is faulty; the oldest urgent one is told', async () => {
  const deep = await quantumAround({ hubs: { 'a-1': 80, 'a-2': 40 } }).quantum.queue({});
  assert.deepEqual([deep.verdict, deep.facts?.depth], ['faulty', 120]);
  const queued = [job('a', old(2)), job('b', { ...old(45), priority: 'urgent' }), job('c', old(50))];
  const { verdict, facts } = await quantumAround({ queued }).quantum.queue({});
  assert.deepEqual([verdict, facts?.oldest, facts?.oldestPressing], ['faulty', 50, 45]);
  assert.equal((await quantumAround({ queued: [job('a', old(3))] }).quantum.queue({ youngerThan: 2 })).verdict, 'faulty');
});

test('a hub that does not answer hides any number of jobs, and nothing known is unknown', async () => {
  const silent = await quantumAround({ hubs: { 'a-1': 3, 'a-2': 'silent' } }).quantum.queue({});
  assert.equal(silent.verdict, 'unknown');
  assert.match(silent.evidence, /not counted: a-2: /);
  const metricsAlone = await quantumAround({ systems: ['prometheus'] }).quantum.queue({});
  assert.equal(metricsAlone.verdict, 'healthy', metricsAlone.evidence);
  assert.match(metricsAlone.evidence, /Not checked: .*NQBA API is not connected/);
  const blind: Given[] = [{ systems: [] }, { instead: { 'sum by (queue)': 'nothing' }, systems: ['prometheus'] }];
  for (const given of blind) assert.equal((await quantumAround(given).quantum.queue({})).verdict, 'unknown');
});

const before = { before: minutesAgo(0) };

test('as many jobs as usual that take as long are healthy; more, or longer ones, name the side', async () => {
  const usual = await quantumAround().quantum.flow(before);
  assert.equal(usual.verdict, 'healthy', usual.evidence);
  assert.equal(usual.facts?.since, undefined);
  const first = start / 1000 - 40;
  const more = await quantumAround({ instead: { 'sum(delta(': 60, 'min_over_time(timestamp': first } }).quantum.flow(before);
  assert.deepEqual([more.verdict, more.facts?.since], ['faulty', new Date(first * 1000).toISOString()]);
  assert.match(more.evidence, /^More come in: 4 times as many as usual\./);
  const slow = await quantumAround({
    instead: { 'histogram_quantile(0.95, sum by (le) (rate(nqba_quantum_job_duration_seconds_bucket[10s': 6 },
  }).quantum.flow(before);
  assert.equal(slow.verdict, 'faulty');
  assert.match(
    slow.evidence,
    /^Each takes longer: 2\.4 times as long as usual\..*p95 6 s, usual 2\.5 s \(slowest: quantum_dynex 2\.5 s\)/,
  );
});

test('what is usual is not known without a week of samples, and a dead Prometheus knows nothing', async () => {
  const young = await quantumAround({ instead: { 'avg_over_time(': 'nothing' } }).quantum.flow(before);
  assert.deepEqual([young.verdict, young.facts?.arrivalsTimesUsual], ['unknown', undefined]);
  assert.equal((await quantumAround({ systems: [] }).quantum.flow(before)).verdict, 'unknown');
});

test('jobs that succeed, and late, are faulty; where no one measures how late, it is not known', async () => {
  const timely = await quantumAround().quantum.jobs({ solver: 'dynex', p95: 300 });
  assert.deepEqual([timely.verdict, timely.facts?.successRate], ['healthy', 1]);
  assert.match(timely.evidence, /19 of 20 took at most 2\.5 s, below 5 s\./);
  const late = await quantumAround().quantum.jobs({ solver: 'dynex', p95: 150 });
  assert.equal(late.verdict, 'faulty');
  assert.match(late.evidence, /19 of 20 took at most 2\.5 s, not below 2\.5 s\./);
  const bySolver = 'histogram_quantile(0.95, sum by (le, solver)';
  const unmeasured = await quantumAround({ instead: { [bySolver]: 'nothing' } }).quantum.jobs({ solver: 'dynex', p95: 300 });
  assert.equal(unmeasured.verdict, 'unknown');
  assert.match(unmeasured.evidence, /Prometheus has no durations of jobs on quantum_dynex/);
});

const bounds = { mean: 300, p95: 1.2 };

test('durations are held against a bound and a week, with twenty jobs at least', async () => {
  const good = await quantumAround().quantum.durations(bounds);
  assert.equal(good.verdict, 'healthy', good.evidence);
  assert.match(good.evidence, /^\d+ jobs took 2\.5 s on average, p95 2\.5 s, below 5 s and 3 s \(1\.2 times that of a week\)\./);
  const mean = 'sum(increase(nqba_quantum_job_duration_seconds_sum';
  assert.equal((await quantumAround({ instead: { [mean]: 5.1 } }).quantum.durations(bounds)).verdict, 'faulty');
  const few = await quantumAround({ instead: { 'sum(increase(nqba_quantum_job_duration_seconds_count': 19 } }).quantum.durations(
    bounds,
  );
  assert.equal(few.verdict, 'unknown');
  assert.match(few.evidence, /fewer than 20 are too few/);
  assert.equal((await quantumAround({ instead: { [mean]: 'nothing' } }).quantum.durations(bounds)).verdict, 'unknown');
});

test('jobs over their time and jobs that were passed over are stuck, with owner, operation, solver and pod', async () => {
  const slow = job('slow', { status: 'running', solver: 'quantum_dynex', pod: 'w-1', started_at: minutesAgo(0.2) });
  const good = await quantumAround({
    started: [job('good', { status: 'running', started_at: minutesAgo(0.09) })],
  }).quantum.stuckJobs({});
  assert.equal(good.verdict, 'healthy', good.evidence);
  const queued = [job('new', old(2)), job('passed', old(90))];
  const { verdict, evidence, facts, frozen } = await quantumAround({ started: [slow], queued }).quantum.stuckJobs({
    freeze: 'stuck workers',
  });
  assert.equal(verdict, 'faulty');
  assert.match(
    evidence,
    /^2 jobs are stuck: slow \(routing, quantum_dynex, of customer-3, on w-1\) runs for 12 min of 5 min allowed; passed .*90 min, and younger ones/,
  );
  assert.deepEqual([facts, frozen?.name, frozen?.count], [{ stuck: 2, pods: 1 }, 'stuck workers', 1]);
  const gone = await quantumAround({ started: [{ ...slow, pod: 'w-9' }] }).quantum.stuckJobs({ freeze: 'stuck workers' });
  assert.deepEqual([gone.facts?.pods, gone.frozen], [0, undefined]);
  assert.equal((await quantumAround({ systems: ['kubernetes'] }).quantum.stuckJobs({})).verdict, 'unknown');
});

test('of a hundred thousand waiting jobs the oldest is found in a few calls', async () => {
  let calls = 0;
  const queued = Array.from({ length: 100_000 }, (_, index) => job(`j-${index}`, old(1 + index / 1000)));
  const counting: Fetch = request => {
    calls += 1;
    return hubOf({ queued })(request);
  };
  const clock = virtualClock(start);
  const systems = connected({ api: { url: 'http://api', fetch: counting } }, clock);
  const { quantum } = createActivities({
    platform: { ...aPlatform, times: { ...aPlatform.times, pace: 1 / 60 } },
    systems,
    ...clock,
    running,
  });
  const { facts } = await quantum.queue({});
  assert.ok(facts?.oldest !== undefined && facts.oldest > 100, String(facts?.oldest));
  assert.ok(calls < 30, String(calls));
});

test('it is over when few jobs wait, none for long, and they take as long as in the week before', async () => {
  const over = { of: 'delayed-jobs' };
  const good = await quantumAround().observe.recovered(over);
  assert.equal(good.verdict, 'healthy', good.evidence);
  assert.equal((await quantumAround({ hubs: { 'a-1': 20 } }).observe.recovered(over)).verdict, 'faulty');
  assert.equal((await quantumAround({ queued: [job('a', old(3))] }).observe.recovered(over)).verdict, 'faulty');
  const blind = await quantumAround({ systems: ['api', 'kubernetes'] }).observe.recovered(over);
  assert.equal(blind.verdict, 'unknown', blind.evidence);
  assert.equal(
    (
      await createActivities({
        ...virtualClock(start),
        platform: aPlatform,
        running,
        systems: connected({ prometheus: { url: 'http://p', fetch: refuses } }),
      }).observe.recovered(over)
    ).verdict,
    'unknown',
  );
});
