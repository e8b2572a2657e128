/** Autoscalers that can no longer follow the load: at their ceiling, or blind. Where no metrics are served, nothing is known. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { clusterOf } from './cluster-of.ts';

const resource = (name: string) => ({ type: 'Resource', resource: { name } });
const onPods = (name: string) => ({ type: 'Pods', pods: { metric: { name } } });
const active = { type: 'ScalingActive', status: 'True' };

interface Counts {
  current?: number;
  desired?: number;
  measured?: object[];
  conditions?: object[];
  most?: number;
}

const metrics = [resource('cpu'), onPods('queue_depth')];
const hpa = (name: string, { current = 3, desired = current, measured = metrics, conditions = [active], most = 50 }: Counts = {}) => ({
  metadata: { name, namespace: 'nqba-platform' },
  spec: { minReplicas: 3, maxReplicas: most, metrics },
  status: { currentReplicas: current, desiredReplicas: desired, currentMetrics: measured, conditions },
});
const scaling = (...horizontalpodautoscalers: object[]) =>
  clusterOf({ others: { horizontalpodautoscalers } }).kubernetes.scaling({});
const both = (counts: Counts) => scaling(hpa('nqba-api', counts), hpa('nqba-worker'));

test('autoscalers that have what they want, below their ceiling, are healthy, with the numbers', async () => {
  const { verdict, evidence, facts } = await both({ current: 7 });
  assert.equal(verdict, 'healthy');
  assert.equal(evidence, 'nqba-api: 7 replicas, of 3 to 50. nqba-worker: 3 replicas, of 3 to 50.');
  assert.deepEqual(facts?.autoscalers?.[0], { name: 'nqba-api', current: 7, desired: 7, most: 50 });
});

test('an autoscaler at its ceiling, and one that wants other replicas, are named with the number', async () => {
  const high = await both({ current: 50 });
  assert.deepEqual([high.verdict, high.facts?.atCeiling], ['faulty', ['nqba-api']]);
  assert.match(high.evidence, /^nqba-api: 50 replicas, of 3 to 50; at its ceiling of 50\./);
  const low = await both({ current: 3, desired: 5 });
  assert.deepEqual([low.verdict, /nqba-api: 3 replicas, of 3 to 50; wants 5\./.test(low.evidence)], ['faulty', true]);
  assert.equal((await both({ current: 3, most: 3 })).verdict, 'healthy');
});

test('a metric without a value is faulty: the autoscaler scales by less than it should', async () => {
  const { verdict, evidence, facts } = await both({ measured: [resource('cpu'), { type: '' }] });
  assert.deepEqual([verdict, facts?.blind], ['faulty', ['nqba-api']]);
  assert.match(evidence, /nqba-api: .*; queue_depth reads unknown\./);
});

test('no metrics server is unknown and no fault, and what to install is said', async () => {
  const message = 'unable to get metrics for resource cpu: the server could not find the requested resource (get pods.metrics.k8s.io)';
  const blind = { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message };
  const { verdict, evidence, facts } = await both({ desired: 0, measured: [], conditions: [blind] });
  assert.deepEqual([verdict, facts?.blind], ['unknown', ['nqba-api']]);
  assert.match(evidence, /install a metrics server/);
});

test('an autoscaler of a workload at zero is off, one that is not there is named, and none may be listed is unknown', async () => {
  const off = { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled' };
  const zero = await both({ current: 0, measured: [], conditions: [off] });
  assert.deepEqual([zero.verdict, /off, as its workload is at zero/.test(zero.evidence)], ['healthy', true]);
  const gone = await scaling(hpa('nqba-api'));
  assert.deepEqual([gone.verdict, /^HorizontalPodAutoscaler nqba-worker of nqba-worker does not/.test(gone.evidence)], ['faulty', true]);
  const refused = await clusterOf({ forbidden: ['/horizontalpodautoscalers'] }).kubernetes.scaling({});
  assert.equal(refused.verdict, 'unknown');
});
