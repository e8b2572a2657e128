import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import type { PodRecord, World } from '../../../lab/world.ts';
import { type Ask, json, type Row, serving } from './serving.ts';

const path = '/api/v1/qih/jobs';
const qubo = [
  [-1, 2],
  [0, -3],
];
const canary = { operation: 'canary', inputs: { qubo }, metadata: { workload: 'worker' } };
const none: World = { pods: [], systems: [] };
const unprocessable = (type: string, loc: (string | number)[], msg: string, input: unknown) => ({
  status: 422,
  body: { detail: [{ type, msg, loc, input }] },
});

const refusals: Record<string, Row> = {
  'a job without its operation': {
    path,
    init: json({ inputs: {} }),
    ...unprocessable('missing', ['body', 'operation'], 'Field required', { inputs: {} }),
  },
  'inputs that are a list': {
    path,
    init: json({ ...canary, inputs: [] }),
    ...unprocessable('dict_type', ['body', 'inputs'], 'Input should be a valid dictionary', []),
  },
  'an unknown priority': {
    path,
    init: json({ ...canary, priority: 'asap' }),
    ...unprocessable('enum', ['body', 'priority'], "Input should be 'low', 'normal', 'high' or 'urgent'", 'asap'),
  },
  'an unknown solver': {
    path,
    init: json({ ...canary, solver_preference: 'dwave' }),
    ...unprocessable(
      'enum',
      ['body', 'solver_preference'],
      "Input should be 'quantum_dynex', 'classical_dimod', 'classical_ortools' or 'hybrid'",
      'dwave',
    ),
  },
  'a limit below one second': {
    path,
    init: json({ ...canary, timeout_seconds: 0 }),
    ...unprocessable('greater_than_equal', ['body', 'timeout_seconds'], 'Input should be greater than or equal to 1', 0),
  },
  'a limit above an hour': {
    path,
    init: json({ ...canary, timeout_seconds: 3601 }),
    ...unprocessable('less_than_equal', ['body', 'timeout_seconds'], 'Input should be less than or equal to 3600', 3601),
  },
  'a body that is no JSON': {
    path,
    init: { ...json({}), body: 'job' },
    status: 422,
    body: {
      detail: [
        { type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {}, ctx: { error: 'Expecting value' } },
      ],
    },
  },
  'no body at all': { path, init: { method: 'POST' }, ...unprocessable('missing', ['body'], 'Field required', null) },
  'a job that nobody submitted': { path: `${path}/1`, status: 404, body: { detail: 'Job not found' } },
  'an address that does not exist': { path: '/quantum/status', status: 404, body: { detail: 'Not Found' } },
  'another method': { path, init: { method: 'DELETE' }, status: 405, body: { detail: 'Method Not Allowed' } },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`the NQBA API refuses ${what}`, async t => {
    const ask = await serving(
      t,
      nqbaApi(surroundings(), () => none),
    );
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body], [status, body]);
  });
}

const Submitted = z.object({ job_id: z.string() });
const pod = (workload: PodRecord['workload'], solver: PodRecord['solver'], fallback = false): PodRecord => ({
  pod: `nqba-${workload}`,
  uid: workload,
  workload,
  solver,
  fallback,
  since: 0,
});

/** Submits, and looks again once every job of that world has had its time. */
async function outcome(ask: Ask, clock: { now: number }, job: object): Promise<unknown> {
  const { job_id: id } = Submitted.parse((await ask(path, json(job))).body);
  clock.now += 60_000;
  return (await ask(`${path}/${id}`)).body;
}

const dynexIs = (state: State, pods: PodRecord[]): World => ({ pods, systems: [{ system: 'dynex', state, from: 0 }] });
const onDynex = { ...canary, solver_preference: 'quantum_dynex' };

const outcomes: [string, World, object, object][] = [
  [
    'a canary runs where the pods of its workload run',
    dynexIs('healthy', [pod('worker', 'classical')]),
    canary,
    { status: 'completed', result: { solver: 'classical_dimod', status: 'succeeded', energy: -3 } },
  ],
  [
    'the batch canary runs on the batch worker, which has not moved',
    dynexIs('healthy', [pod('worker', 'classical'), pod('batch', 'dynex')]),
    { ...canary, metadata: { workload: 'batch' } },
    { status: 'completed', result: { solver: 'quantum_dynex' } },
  ],
  [
    'a canary on a pod with the fallback ends classically while Dynex is down',
    dynexIs('down', [pod('worker', 'dynex', true)]),
    canary,
    { status: 'completed', result: { solver: 'classical_dimod' } },
  ],
  [
    'a canary that asks for Dynex fails while Dynex is down, whatever the pods do',
    dynexIs('down', [pod('worker', 'classical')]),
    onDynex,
    { status: 'failed', error: 'quantum_dynex: solver returned no solution' },
  ],
  [
    'a mock answer says so, and its energy is not the lowest',
    dynexIs('mock', []),
    onDynex,
    { status: 'completed', result: { status: 'mock' } },
  ],
  [
    'a job that needs longer than its limit fails',
    dynexIs('slow', []),
    { ...onDynex, timeout_seconds: 5 },
    { status: 'failed', error: 'Job timed out after 5 seconds' },
  ],
  ['a job of a workload without pods waits', dynexIs('healthy', []), canary, { status: 'queued', result: null }],
];

for (const [what, world, job, expected] of outcomes) {
  test(what, async t => {
    const clock = { now: 1_000_000 };
    const ask = await serving(
      t,
      nqbaApi(surroundings({ now: () => clock.now }), () => world),
    );
    assert.partialDeepStrictEqual(await outcome(ask, clock, job), expected);
  });
}

test('a mock result misses the lowest energy', async t => {
  const clock = { now: 1_000_000 };
  const ask = await serving(
    t,
    nqbaApi(surroundings({ now: () => clock.now }), () => dynexIs('mock', [])),
  );
  const { result } = z.object({ result: z.object({ energy: z.number() }) }).parse(await outcome(ask, clock, onDynex));
  assert.ok(result.energy > -3);
});

test('the hub says that its breaker is open while Dynex fails', async t => {
  const ask = await serving(
    t,
    nqbaApi(surroundings(), () => dynexIs('down', [])),
  );
  assert.partialDeepStrictEqual((await ask('/api/v1/qih/health')).body, { status: 'degraded', circuit_breaker_status: 'OPEN' });
});

test('equal inputs are one job, and keep its answer', async t => {
  const clock = { now: 1_000_000 };
  const ask = await serving(
    t,
    nqbaApi(surroundings({ now: () => clock.now }), () => dynexIs('healthy', [])),
  );
  const submitted = async (job: object) => Submitted.parse((await ask(path, json(job))).body).job_id;
  const first = await submitted(onDynex);
  assert.equal(await submitted(onDynex), first);
  assert.notEqual(await submitted({ ...onDynex, inputs: { qubo, nonce: '2' } }), first);
});

test('an API without a ready pod answers 503, whatever is asked; with one of them it answers', async t => {
  const clock = { now: 2_000 };
  const api = [
    { from: 0, wanted: 3, ready: 1, bad: 0 },
    { from: 3_000, wanted: 3, ready: 0, bad: 0 },
  ];
  const ask = await serving(
    t,
    nqbaApi(surroundings({ now: () => clock.now }), () => ({ ...none, api })),
  );
  const asked = async () => [(await ask('/health')).status, (await ask(path, json(canary))).status];
  assert.deepEqual(await asked(), [200, 200]);
  clock.now = 3_000;
  assert.deepEqual(await asked(), [503, 503]);
  assert.equal((await ask('/nowhere')).body, 'no healthy upstream');
});

const put = (body: unknown): RequestInit => ({ ...json(body), method: 'PUT' });
const threePods: World = { ...none, api: [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }] };
const inState = (state: State) => nqbaApi(surroundings({ now: () => 2_000, state: () => state }), () => threePods);

test('each pod answers for itself at its own address, and one that does not run for none', async t => {
  const ask = await serving(t, inState('split'));
  const breakers = ['a', 'b', 'c'].map(async name => (await ask(`/pods/${name}/api/v1/qih/health`)).body);
  const words = z.array(z.looseObject({ circuit_breaker_status: z.string() })).parse(await Promise.all(breakers));
  assert.deepEqual(
    words.map(({ circuit_breaker_status: word }) => word),
    ['OPEN', 'CLOSED', 'CLOSED'],
  );
  await assert.rejects(ask('/pods/d/api/v1/qih/health'));
});

test('jobs of the last hour are listed, the newest first, page by page and by their status', async t => {
  const world = dynexIs('down', [pod('worker', 'dynex')]);
  const app = nqbaApi(surroundings({ now: () => 100_000 }), () => world);
  const ask = await serving(t, app);
  const records = z.array(z.looseObject({ job_id: z.string(), status: z.string(), created_at: z.string() }));
  const pages = [`${path}?limit=10`, `${path}?limit=10&offset=10`, `${path}?status=failed&limit=100`];
  const [first = [], second = [], failed = []] = await Promise.all(pages.map(async at => records.parse((await ask(at)).body)));
  const times = [...first, ...second].map(({ created_at: at }) => at);
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.equal(new Set([...first, ...second].map(({ job_id: id }) => id)).size, 20);
  assert.ok(failed.length > 50 && failed.every(({ status }) => status === 'failed'));
  assert.partialDeepStrictEqual((await ask(`${path}?limit=101`)).body, {
    detail: [{ type: 'less_than_equal', loc: ['query', 'limit'] }],
  });
});

test('a job whose pod went away waits only until another pod has taken it up', async t => {
  const clock = { now: 100_500 };
  const world = dynexIs('healthy', [{ ...pod('worker', 'dynex'), until: 100_000 }, { ...pod('batch', 'dynex') }]);
  const ask = await serving(
    t,
    nqbaApi(surroundings({ now: () => clock.now }), () => world),
  );
  const queued = async () => z.array(z.unknown()).parse((await ask(`${path}?status=queued`)).body).length;
  assert.ok((await queued()) > 0);
  clock.now += 60_000;
  assert.equal(await queued(), 0);
});

test('intake and order are what was put there last, and refuse what they cannot be', async t => {
  const ask = await serving(t, inState('healthy'));
  const [intake, order] = ['/api/v1/qih/intake', '/api/v1/qih/order'];
  assert.deepEqual((await ask(intake)).body, { percent: 100 });
  assert.deepEqual((await ask(intake, put({ percent: 25 }))).body, { percent: 25 });
  assert.deepEqual((await ask(`/pods/b${intake}`)).body, { percent: 25 });
  assert.equal((await ask(intake, put({ percent: 101 }))).status, 422);
  assert.equal((await ask(order, put({ classes: ['urgent', 'asap'] }))).status, 422);
  assert.deepEqual((await ask(order, put({ classes: ['urgent'], hold: ['low'] }))).body, { classes: ['urgent'], hold: ['low'] });
});

test('a platform that does not offer them answers as today', async t => {
  const ask = await serving(t, inState('unsupported'));
  const paths = [path, '/api/v1/qih/intake', '/api/v1/qih/order', '/api/v1/qih/health'];
  const answers = await Promise.all(paths.map(async at => (await ask(at)).status));
  assert.deepEqual(answers, [422, 404, 404, 200]);
});
