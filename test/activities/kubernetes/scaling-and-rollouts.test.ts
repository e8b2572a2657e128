/** Autoscalers that can no longer follow the load, and rollouts that are not complete. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, refuses } from '../bare.ts';
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
const hpa = (
  name: string,
  { current = 3, desired = current, measured = metrics, conditions = [active], most = 50 }: Counts = {},
) => ({
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
  const message =
    'unable to get metrics for resource cpu: the server could not find the requested resource (get pods.metrics.k8s.io)';
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
  assert.deepEqual(
    [gone.verdict, gone.evidence.startsWith('HorizontalPodAutoscaler nqba-worker of nqba-worker does not')],
    ['faulty', true],
  );
  const refused = await clusterOf({ forbidden: ['/horizontalpodautoscalers'] }).kubernetes.scaling({});
  assert.equal(refused.verdict, 'unknown');
});

const owned = [{ kind: 'Deployment', name: 'nqba-api', uid: 'd' }];
const set = (revision: string, creationTimestamp: string) => ({
  metadata: {
    name: `nqba-api-${revision}`,
    creationTimestamp,
    ownerReferences: owned,
    annotations: { 'deployment.kubernetes.io/revision': revision },
  },
  spec: { template: { spec: { containers: [] } } },
});
const sets = [set('6', '2026-11-01T00:00:00Z'), set('7', '2026-11-23T22:00:00Z')];
const all = { observedGeneration: 4, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
const progressing = (reason: string, status = 'True', message = '') => ({ type: 'Progressing', status, reason, message });

function status(counts: object, spec: object = {}) {
  const metadata = {
    name: 'nqba-api',
    namespace: 'nqba-platform',
    uid: 'd',
    generation: 4,
    annotations: { 'deployment.kubernetes.io/revision': '7' },
  };
  const template = { spec: { containers: [{ name: 'api' }] } };
  const deployment = { metadata, spec: { replicas: 3, template, ...spec }, status: { ...all, ...counts } };
  return clusterOf({ deployment, sets }).kubernetes.rolloutStatus({ workload: 'api' });
}

test('a complete rollout is healthy, with its revision and its age', async () => {
  const { verdict, evidence, facts } = await status({});
  assert.deepEqual([verdict, facts?.revision, facts?.rolledOutAt], ['healthy', 7, '2026-11-23T22:00:00.000Z']);
  assert.equal(evidence, 'nqba-api: 3 of 3 updated, 3 available; revision 7, 5 h old (2026-11-23 22:00 UTC).');
});

test('a rollout over its deadline, one that is refused, a paused one and lost pods are faulty, with the numbers', async () => {
  const late = progressing('ProgressDeadlineExceeded', 'False', 'ReplicaSet "nqba-api-7" has timed out progressing.');
  const stuck = await status({ updatedReplicas: 1, availableReplicas: 2, conditions: [late] });
  assert.equal(stuck.verdict, 'faulty');
  assert.match(
    stuck.evidence,
    /^nqba-api: the rollout does not get on \(.*timed out progressing\.\): 1 of 3 updated, 2 available/,
  );
  const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' };
  assert.match((await status({ updatedReplicas: 1, conditions: [refused] })).evidence, /does not get on \(exceeded quota\)/);
  const paused = await status({ updatedReplicas: 1 }, { paused: true });
  assert.deepEqual([paused.verdict, /the rollout is paused/.test(paused.evidence)], ['faulty', true]);
  const lost = await status({ availableReplicas: 2, conditions: [progressing('NewReplicaSetAvailable')] });
  assert.deepEqual([lost.verdict, lost.facts?.available], ['faulty', 2]);
});

test('a rollout that goes on, or that its controller has not seen, is unknown: check again', async () => {
  const going = await status({ updatedReplicas: 1, conditions: [progressing('ReplicaSetUpdated')] });
  assert.deepEqual([going.verdict, /goes on; check again/.test(going.evidence)], ['unknown', true]);
  assert.equal((await status({ observedGeneration: 3 })).verdict, 'unknown');
});

test('a workload that is not there is faulty; no cluster, and a workload that is not described, are unknown', async () => {
  assert.equal((await clusterOf({}).kubernetes.rolloutStatus({ workload: 'api' })).verdict, 'faulty');
  const silent = activitiesWith({ kubernetes: { fetch: refuses } }).kubernetes;
  assert.equal((await silent.rolloutStatus({ workload: 'api' })).verdict, 'unknown');
  const other = await clusterOf({}).kubernetes.rolloutStatus({ workload: 'elsewhere' });
  assert.deepEqual([other.verdict, /no workload elsewhere: it has api/.test(other.evidence)], ['unknown', true]);
});
