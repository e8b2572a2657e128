import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { StateChange } from '../../../lab/world/systems.ts';
import type { PodRecord, World } from '../../../lab/world.ts';
import { servedBySets } from '../../../activities/queries.ts';
import { type Answered, type Row, serving } from './serving.ts';

const now = 2_000_000_000;
const record = (pod: string, given: Partial<PodRecord> = {}): PodRecord => ({
  pod,
  uid: pod,
  workload: 'worker',
  solver: 'dynex',
  fallback: true,
  since: now - 3_600_000,
  ...given,
});
const worker = record('nqba-worker-1');
const batch = record('nqba-worker-batch-1', { workload: 'batch', fallback: false });
const dynex = (state: StateChange['state']): StateChange => ({ system: 'dynex', state, from: 0 });

const around = surroundings({ now: () => now });
const asked = (query: string, more = '') => `/api/v1/query?query=${encodeURIComponent(query)}${more}`;
const bad = (error: string) => ({ status: 400, body: { status: 'error', errorType: 'bad_data', error } });
const badQuery = (complaint: string) => bad(`invalid parameter "query": ${complaint}`);

const refusals: Record<string, Row> = {
  'a call without a query': { path: '/api/v1/query', ...badQuery('1:1: parse error: no expression found in input') },
  'a bracket that is never closed': { path: asked('sum(up'), ...badQuery('1:7: parse error: unclosed left parenthesis') },
  'a range that is never closed': { path: asked('rate(up[5m'), ...badQuery('1:11: parse error: unclosed left bracket') },
  'half an expression': { path: asked('up +'), ...badQuery('1:5: parse error: unexpected end of input') },
  'two expressions': { path: asked('up\nup'), ...badQuery('2:1: parse error: unexpected "up"') },
  'a function that does not exist': {
    path: asked('summe(up)'),
    ...badQuery('1:1: parse error: unknown function with name "summe"'),
  },
  'a rate of an instant': {
    path: asked('rate(up)'),
    ...badQuery('1:6: parse error: expected type range vector in call to function "rate", got instant vector'),
  },
  'a time that is none': {
    path: asked('up', '&time=yesterday'),
    ...bad('invalid parameter "time": cannot parse "yesterday" to a valid timestamp'),
  },
  'a limit that is none': {
    path: asked('up', '&timeout=soon'),
    ...bad('invalid parameter "timeout": cannot parse "soon" to a valid duration'),
  },
  'series of nothing': { path: '/api/v1/series', ...bad('no match[] parameter provided') },
  'the admin API': {
    path: '/api/v1/admin/tsdb/snapshot',
    init: { method: 'POST' },
    status: 503,
    body: { status: 'error', errorType: 'unavailable', error: 'admin APIs disabled' },
  },
  'a reload from outside': { path: '/-/reload', init: { method: 'POST' }, status: 403, body: 'Lifecycle API is not enabled.' },
  'another method': { path: '/api/v1/query', init: { method: 'PUT' }, status: 405, body: 'Method Not Allowed\n' },
  'an address that does not exist': { path: '/api/v2/query', status: 404, body: '404 page not found\n' },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`Prometheus refuses ${what}`, async t => {
    const ask = await serving(
      t,
      prometheus(around, () => ({ pods: [], systems: [] })),
    );
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body], [status, body]);
  });
}

const Vector = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const read = ({ body }: Answered): [Record<string, string>, string][] =>
  Vector.parse(body).data.result.map(({ metric, value }) => [metric, value[1]]);

const both = (systems: StateChange[] = []): World => ({ pods: [worker, batch], systems });
const apiServed = (ready: number) => ({ from: now - 1_000 * (ready + 1), wanted: 3, ready, bad: 0 });
const classical: World = { pods: [{ ...worker, solver: 'classical' }], systems: [] };
const started = 'sum by (pod, solver) (increase(nqba_quantum_jobs_started_total[10s]))';
const results = 'sum by (solver, result) (increase(nqba_quantum_jobs_total[10s]))';
const share = 'sum(increase(nqba_quantum_jobs_total{fallback="true"}[10s])) / sum(increase(nqba_quantum_jobs_total[10s]))';

const [calls, errors, p95] = [
  'sum(increase(http_requests_total{job="nqba-api"}[10s]))',
  '(sum(rate(http_requests_total{job="nqba-api", status=~"5.."}[10s])) or vector(0)) / sum(rate(http_requests_total{job="nqba-api"}[10s]))',
  'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="nqba-api"}[10s])))',
];
const api = (ready: number, bad = 0, from = 0): World => ({ pods: [], systems: [], api: [{ from, wanted: 3, ready, bad }] });

/** One served for the last ten seconds but two, one never, and one is gone. */
const sets: World['sets'] = [
  { set: 'good', from: now - 9_500, wanted: 3, ready: 3 },
  { set: 'bad', from: now - 9_500, wanted: 3, ready: 1 },
  { set: 'gone', from: now - 60_000, wanted: 3, ready: 3 },
  { set: 'gone', from: now - 30_000, wanted: 0, ready: 0, gone: true },
  { set: 'good', from: now - 1_500, wanted: 0, ready: 0 },
];
const releases: World = { pods: [], systems: [], sets };
const served = (window = 10_000) =>
  servedBySets({}, { namespace: 'nqba-platform', names: ['good', 'bad', 'gone'], window, step: 1_000 });
const second = (ago: number) => String(now / 1_000 - ago);

const named: [string, World, string, unknown][] = [
  ['the calls of the API', both(), calls, [[{}, '600']]],
  ['half the calls of an API that has been gone for half the window', api(0, 0, now - 5_000), calls, [[{}, '300']]],
  ['no calls, and so no errors, of an API that is gone', api(0), calls, []],
  ['no latency of an API that is gone', api(0), p95, []],
  ['no error while all pods answer well', both(), errors, [[{}, '0']]],
  ['as many errors as pods that answer badly', api(2, 1), errors, [[{}, '0.5']]],
  ['the usual latency', both(), p95, [[{}, '0.2']]],
  ['calls that take longer while few pods take them', api(1), p95, [[{}, '0.6000000000000001']]],
  ['a database that is up', both(), 'max(pg_up)', [[{}, '1']]],
  ['a queue that does not grow', both(), 'sum(delta(nqba_qih_queue_depth[10s]))', [[{}, '0']]],
  [
    'jobs started, by pod and solver',
    both(),
    started,
    [
      [{ pod: worker.pod, solver: 'quantum_dynex' }, '10'],
      [{ pod: batch.pod, solver: 'quantum_dynex' }, '10'],
    ],
  ],
  ['jobs started classically', classical, started, [[{ pod: worker.pod, solver: 'classical_dimod' }, '10']]],
  ['results while Dynex is healthy', both(), results, [[{ solver: 'quantum_dynex', result: 'succeeded' }, '20']]],
  [
    'results while Dynex is down: the worker falls back, the batch worker fails',
    both([dynex('down')]),
    results,
    [
      [{ solver: 'classical_dimod', result: 'succeeded' }, '10'],
      [{ solver: 'quantum_dynex', result: 'failed' }, '10'],
    ],
  ],
  ['mock results', both([dynex('mock')]), results, [[{ solver: 'quantum_dynex', result: 'mock' }, '20']]],
  ['no fallback while Dynex is healthy', both(), share, [[{}, '0']]],
  ['half fallback while Dynex is down', both([dynex('down')]), share, [[{}, '0.5']]],
  ['all fallback once everything runs classically', classical, share, [[{}, '1']]],
  ['an empty queue', both(), 'sum(nqba_qih_queue_depth)', [[{}, '0']]],
  ['a probe that reaches Dynex', both(), 'max(probe_success{job="blackbox-dynex"})', [[{}, '1']]],
  ['a probe that does not', both([dynex('refused')]), 'max(probe_success{job="blackbox-dynex"})', [[{}, '0']]],
  [
    'a probe that counts a refused key as reached',
    both([dynex('unauthorised')]),
    'max(probe_success{job="blackbox-dynex"})',
    [[{}, '1']],
  ],
  ['a probe of the API', both([dynex('down')]), 'max(probe_success{job="blackbox-api"})', [[{}, '1']]],
  [
    'a probe of the API while one of its pods is ready',
    { ...both(), api: [apiServed(3), apiServed(1)] },
    'max(probe_success{job="blackbox-api"})',
    [[{}, '1']],
  ],
  [
    'a probe of the API that finds no ready pod',
    { ...both(), api: [apiServed(3), apiServed(0)] },
    'max(probe_success{job="blackbox-api"})',
    [[{}, '0']],
  ],
  [
    'how many steps all pods of a ReplicaSet were ready',
    releases,
    served().steps,
    [
      [{ replicaset: 'good' }, '8'],
      [{ replicaset: 'bad' }, '0'],
    ],
  ],
  ['when they were first', releases, served().first, [[{ replicaset: 'good' }, second(9)]]],
  ['when they were last', releases, served().last, [[{ replicaset: 'good' }, second(2)]]],
  [
    'what it was before it was deleted',
    releases,
    served(60_000).last,
    [
      [{ replicaset: 'good' }, second(2)],
      [{ replicaset: 'gone' }, second(31)],
    ],
  ],
  ['nothing of ReplicaSets where none is recorded', both(), served().steps, []],
  ['nothing for two choices of ReplicaSets at once', releases, served().steps.replace('good', 'bad'), []],
  [
    'how many periods of CPU time the pods that are asked for had',
    both(),
    periodsOf('nqba-worker-1|nqba-worker-9'),
    [[{ pod: 'nqba-worker-1', container: 'worker' }, '100']],
  ],
  [
    'in how many of these their limit held them back',
    both(),
    periodsOf('nqba-worker-1', 'throttled_'),
    [[{ pod: 'nqba-worker-1', container: 'worker' }, '3']],
  ],
  ['nothing where no pod runs', { pods: [], systems: [] }, share, []],
  ['nothing for a query that nobody agreed on', both(), 'up', []],
  ['nothing for a named query with two different ranges', both(), share.replace('[10s]', '[20s]'), []],
];

function periodsOf(names: string, kind = '') {
  const pods = `namespace=~"nqba-platform", pod=~"${names}", container!=""`;
  return `sum by (pod, container) (increase(container_cpu_cfs_${kind}periods_total{${pods}}[10s]))`;
}

for (const [what, world, query, expected] of named) {
  test(`Prometheus knows ${what}`, async t => {
    const ask = await serving(
      t,
      prometheus(around, () => world),
    );
    assert.deepEqual(read(await ask(asked(query))), expected);
  });
}

test('jobs in flight are told for every pod that runs', async t => {
  const ask = await serving(
    t,
    prometheus(around, () => ({ pods: [worker, { ...batch, since: now }], systems: [] })),
  );
  const [[busy, many] = [], [idle, none] = []] = read(await ask(asked('sum by (pod) (nqba_quantum_jobs_in_flight)')));
  assert.deepEqual([busy, idle, none], [{ pod: worker.pod }, { pod: batch.pod }, '0']);
  assert.match(many ?? '', /^[23]$/);
});

test('spacing, line breaks and comments make no other query, and a form asks as an address does', async t => {
  const ask = await serving(t, prometheus(around, both));
  const written = `sum by(pod,solver)(  # per pod\n  increase( nqba_quantum_jobs_started_total [ 10s ] )\n)`;
  const posted = await ask('/api/v1/query', { method: 'POST', body: new URLSearchParams({ query: written }) });
  assert.deepEqual(read(posted), read(await ask(asked(started))));
});

test('a sparse Prometheus scrapes once a minute: a shorter window shows nothing, and a longer one does', async t => {
  const ask = await serving(t, prometheus(surroundings({ now: () => now, state: () => 'sparse' }), both));
  assert.deepEqual(read(await ask(asked(started))), []);
  assert.equal(read(await ask(asked(started.replaceAll('[10s]', '[180s]')))).length > 0, true);
});

const at = (ms: number) => `&time=${ms / 1_000}`;

test('an earlier moment can be asked about, and a share of nothing is no number', async t => {
  const ask = await serving(t, prometheus(around, both));
  assert.deepEqual(read(await ask(asked(started, at(worker.since - 1)))), []);
  assert.deepEqual(read(await ask(asked(share, at(worker.since + 1)))), [[{}, 'NaN']]);
});

test('Prometheus says that it is there, and which one it is', async t => {
  const ask = await serving(t, prometheus(around, both));
  assert.equal((await ask('/-/healthy')).body, 'Prometheus Server is Healthy.\n');
  assert.partialDeepStrictEqual((await ask('/api/v1/status/buildinfo')).body, { status: 'success', data: { version: '2.45.0' } });
});
