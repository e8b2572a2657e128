/** The last rollout of a workload: complete, stuck, going on, or not known. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, refuses } from '../bare.ts';
import { clusterOf } from './cluster-of.ts';

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
  assert.match(stuck.evidence, /^nqba-api: the rollout does not get on \(.*timed out progressing\.\): 1 of 3 updated, 2 available/);
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
