import assert from 'node:assert/strict';
import test from 'node:test';
import { schedule, type State, stateAt } from '../../lab/world/systems.ts';
import { jobsFinished, jobsInFlight, jobsStarted, jobsWaiting, type PodRecord, type World } from '../../lab/world.ts';

const minute = 60_000;
const pod = (name: string, given: Partial<PodRecord> = {}): PodRecord => ({
  pod: name,
  uid: name,
  workload: 'worker',
  solver: 'dynex',
  fallback: true,
  since: 0,
  ...given,
});
const two = [pod('nqba-worker-a'), pod('nqba-worker-b')];
const world = (pods: PodRecord[], ...systems: World['systems']): World => ({ pods, systems });
const classical = (jobs: readonly { startedOn: string }[]) =>
  jobs.filter(({ startedOn }) => startedOn === 'classical_dimod').length / jobs.length;

test('the same clock gets the same answer', () => {
  assert.deepEqual(jobsFinished(world(two), minute, 2 * minute), jobsFinished(world(two), minute, 2 * minute));
});

test('what has been asked about stays so, whatever comes later', () => {
  const before = jobsStarted(world(two), 0, minute);
  const later = world(
    two.map(record => ({ ...record, until: minute + 1 })),
    { system: 'dynex', state: 'down', from: minute + 1 },
  );
  const told = (jobs: typeof before) => jobs.map(({ pod, began, startedOn, result }) => ({ pod, began, startedOn, result }));
  assert.deepEqual(told(jobsStarted(later, 0, minute)), told(before));
});

test('a minute told in pieces is the minute told at once', () => {
  const piece = (from: number) => jobsStarted(world(two), from, from + 7_000);
  const pieces = [0, 7_000, 14_000, 21_000].flatMap(piece);
  const whole = jobsStarted(world(two), 0, 28_000);
  assert.deepEqual(
    new Set(pieces.map(({ pod, began }) => `${pod} ${began}`)),
    new Set(whole.map(({ pod, began }) => `${pod} ${began}`)),
  );
  assert.equal(pieces.length, whole.length);
});

test('each pod starts a job every second, at a moment of its own', () => {
  const jobs = jobsStarted(world(two), minute, 2 * minute);
  const moments = new Set(jobs.map(({ began }) => began % 1_000));
  assert.deepEqual([jobs.length, moments.size], [120, 2]);
});

const afterRestart = (pods: PodRecord[]) => classical(jobsStarted(world(pods), minute + 5_000, 2 * minute));

test('restarting one of two pods moves half of the new jobs, and restarting both moves all', () => {
  const restarted = (record: PodRecord): PodRecord[] => [
    { ...record, until: minute },
    pod(`${record.pod}-new`, { solver: 'classical', since: minute }),
  ];
  const [first = pod(''), second = pod('')] = two;
  assert.equal(afterRestart(two), 0);
  assert.equal(afterRestart([...restarted(first), second]), 0.5);
  assert.equal(afterRestart([...restarted(first), ...restarted(second)]), 1);
});

test('a pod that goes away takes its jobs with it: they wait a moment, and never have a result', () => {
  const ending = world([pod('nqba-worker-a', { until: minute })]);
  const lost = jobsWaiting(ending, minute);
  assert.ok(lost.length >= 2);
  assert.deepEqual(jobsInFlight(ending, minute), []);
  assert.deepEqual(jobsWaiting(ending, minute + 3_000), []);
  const finished = jobsFinished(ending, 0, 10 * minute).map(({ began }) => began);
  assert.ok(lost.every(({ began }) => !finished.includes(began)));
});

const results: [State, boolean, string, string, boolean][] = [
  ['healthy', true, 'quantum_dynex', 'succeeded', false],
  ['slow', true, 'quantum_dynex', 'succeeded', false],
  ['mock', true, 'quantum_dynex', 'mock', false],
  ['down', true, 'classical_dimod', 'succeeded', true],
  ['down', false, 'quantum_dynex', 'failed', false],
  ['refused', true, 'classical_dimod', 'succeeded', true],
  ['garbage', false, 'quantum_dynex', 'failed', false],
  ['unauthorised', false, 'quantum_dynex', 'failed', false],
];
for (const [state, fallback, solver, result, fellBack] of results) {
  test(`while Dynex is ${state}, a job ${fallback ? 'with' : 'without'} the fallback ends ${result} on ${solver}`, () => {
    const asked = world([pod('nqba-worker-a', { fallback })], { system: 'dynex', state, from: 0 });
    const jobs = jobsFinished(asked, minute, 2 * minute);
    const told = new Set(jobs.map(job => `${job.solver} ${job.result} ${job.fallback}`));
    assert.deepEqual(told, new Set([`${solver} ${result} ${fellBack}`]));
  });
}

test('while keys are revoked, jobs of pods with a new key succeed', () => {
  const asked = world([pod('nqba-worker-a', { newKey: true })], { system: 'dynex', state: 'unauthorised', from: 0 });
  assert.deepEqual(new Set(jobsFinished(asked, minute, 2 * minute).map(({ result }) => result)), new Set(['succeeded']));
});

test('a job set to run classically does not notice that Dynex is down', () => {
  const asked = world([pod('nqba-worker-a', { solver: 'classical' })], { system: 'dynex', state: 'down', from: 0 });
  const lasted = new Set(jobsFinished(asked, minute, 2 * minute).map(({ began, ends }) => ends - began));
  assert.deepEqual(lasted, new Set([1_500]));
});

test('a pod that reads a share sends so many of a hundred jobs to Dynex, from when it reads it, whatever it was configured with', () => {
  const record = pod('nqba-worker-a', {
    solver: 'classical',
    shares: [
      { percent: 25, from: 0 },
      { percent: 0, from: 2 * minute },
    ],
  });
  assert.equal(classical(jobsStarted(world([record]), 0, 100_000)), 0.75);
  assert.equal(classical(jobsStarted(world([record]), 2 * minute, 3 * minute)), 1);
});

const inFlight = (state: State) => jobsInFlight(world(two, { system: 'dynex', state, from: 0 }), minute).length;

test('slow jobs last longer, so more of them are in flight', () => {
  assert.ok(inFlight('slow') > 3 * inFlight('healthy'));
});

test('a state can come later and end by itself, and a new word replaces what was still to come', () => {
  const planned = schedule([], 'dynex', { state: 'down', after: 1_000, for: 2_000 }, 0);
  const told = (history: typeof planned, at: number) => stateAt(history, 'dynex', at);
  assert.deepEqual(
    [0, 1_000, 2_999, 3_000].map(at => told(planned, at)),
    ['healthy', 'down', 'down', 'healthy'],
  );
  const replaced = schedule(planned, 'dynex', { state: 'slow' }, 1_500);
  assert.deepEqual(
    [1_000, 1_500, 9_000].map(at => told(replaced, at)),
    ['down', 'slow', 'slow'],
  );
  assert.equal(stateAt(replaced, 'slack', 9_000), 'healthy');
});
