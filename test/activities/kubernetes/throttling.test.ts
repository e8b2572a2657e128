/** Containers that their CPU limit holds back, by what cAdvisor counts. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, refuses } from '../bare.ts';
import { fetchOf, pod } from './cluster-of.ts';

const limited = (name: string) => pod(name, {}, { containers: [{ name: 'worker', resources: { limits: { cpu: '4' } } }] });
const two = [limited('w-1'), limited('w-2')];

/** Periods with something to run, and of these the throttled ones, by pod. */
type Counts = Record<string, [periods: number, throttled?: number]>;

function throttling(pods: object[], counts: Counts | typeof refuses) {
  const prometheus = typeof counts === 'function' ? counts : (request: Request) => answered(request, counts);
  const systems = { kubernetes: { fetch: fetchOf({ pods }) }, prometheus: { url: 'http://prometheus', fetch: prometheus } };
  return activitiesWith(systems).kubernetes.usage({ of: 'throttling', workloads: ['worker'], below: 0.25 });
}

async function answered(request: Request, counts: Counts): Promise<Response> {
  const query = new URLSearchParams(await request.text()).get('query') ?? '';
  const isThrottled = query.includes('throttled');
  const result = Object.entries(counts)
    .filter(([name]) => query.includes(name))
    .flatMap(([pod, [periods, throttled]]) => {
      const value = isThrottled ? throttled : periods;
      return value === undefined ? [] : [{ metric: { pod, container: 'worker' }, value: [0, String(value)] }];
    });
  return Response.json({ status: 'success', data: { resultType: 'vector', result } });
}

test('containers that are held back seldom are healthy, and the one that is most often is named', async () => {
  const { verdict, evidence, facts } = await throttling(two, { 'w-1': [9_000, 90], 'w-2': [8_000, 400] });
  assert.deepEqual([verdict, facts], ['healthy', { highest: 0.05, object: 'w-2', resource: 'periods' }]);
  assert.match(
    evidence,
    /^Of 2 containers with a CPU limit the highest is w-2 \(worker\): 5% of its CPU periods throttled, 400 of 8000/,
  );
});

test('a quarter of the periods held back is faulty, with the pod and the number', async () => {
  const { verdict, evidence } = await throttling(two, { 'w-1': [9_000, 2_250], 'w-2': [9_000, 90] });
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /^w-1 \(worker\): 25% of its CPU periods throttled, 2250 of 9000: not below 25%/);
});

test('a container with nothing to run was not held back', async () => {
  assert.equal((await throttling(two, { 'w-1': [0, 0], 'w-2': [100, 1] })).verdict, 'healthy');
});

test('a pod that is not counted, half counted, or a Prometheus that is silent, is unknown', async () => {
  const notCounted: Counts[] = [{ 'w-1': [9_000, 90] }, { 'w-1': [9_000, 90], 'w-2': [9_000] }];
  for (const counts of notCounted) {
    const { verdict, evidence } = await throttling(two, counts);
    assert.deepEqual([verdict, /Not measured: w-2/.test(evidence)], ['unknown', true]);
  }
  assert.equal((await throttling(two, {})).verdict, 'unknown');
  assert.equal((await throttling(two, refuses)).verdict, 'unknown');
  assert.equal((await throttling([], {})).verdict, 'unknown');
});

test('of a pod each container with a limit counts', async () => {
  const containers = ['worker', 'sidecar'].map(name => ({ name, resources: { limits: { cpu: '4' } } }));
  const { verdict, evidence } = await throttling([pod('w-1', {}, { containers })], { 'w-1': [9_000, 90] });
  assert.deepEqual([verdict, evidence.endsWith('Not measured: w-1 (sidecar).')], ['unknown', true]);
});

test('what has no CPU limit is never held back', async () => {
  const free = pod('w-1', {}, { containers: [{ name: 'worker', resources: { limits: { memory: '4Gi' } } }] });
  assert.equal((await throttling([free], {})).verdict, 'healthy');
  assert.equal((await throttling([free, limited('w-2')], { 'w-2': [9_000, 90] })).verdict, 'healthy');
});
