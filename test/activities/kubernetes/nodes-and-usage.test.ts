/** Nodes that are not well, and pods that use most of what they may. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, refuses } from '../bare.ts';
import { clusterOf, pod } from './cluster-of.ts';

const node = (name: string, ...conditions: object[]) => ({ metadata: { name }, status: { conditions } });
const ready = { type: 'Ready', status: 'True' };
const since = { lastTransitionTime: '2026-11-24T02:11:00Z' };
const nodes = (...those: object[]) => clusterOf({ nodes: those }).kubernetes.nodes({});

test('all nodes Ready without pressure are healthy', async () => {
  const { verdict, facts } = await nodes(node('n-1', ready, { type: 'DiskPressure', status: 'False' }), node('n-2', ready));
  assert.deepEqual([verdict, facts], ['healthy', { nodes: 2, faulty: [] }]);
});

test('a node that is not Ready, or under pressure, is named with the condition and since when', async () => {
  const lost = {
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    ...since,
  };
  const pressed = { type: 'MemoryPressure', status: 'True', reason: 'KubeletHasInsufficientMemory', ...since };
  const { verdict, evidence, facts } = await nodes(
    node('n-1', lost),
    node('n-2', ready, pressed),
    node('n-3', ready),
    node('n-4'),
  );
  assert.deepEqual([verdict, facts], ['faulty', { nodes: 4, faulty: ['n-1', 'n-2', 'n-4'] }]);
  assert.match(evidence, /^3 of 4 nodes: n-1 is not Ready since 02:11 UTC \(NodeStatusUnknown: Kubelet stopped/);
  assert.match(evidence, /n-2 has MemoryPressure since 02:11 UTC.*n-4 is not Ready \(does not report its state\)/);
});

test('no node, no right to list them, and no cluster are unknown', async () => {
  assert.equal((await nodes()).verdict, 'unknown');
  assert.match((await clusterOf({ forbidden: ['/nodes'] }).kubernetes.nodes({})).evidence, /403.*\/api\/v1\/nodes is forbidden/);
  assert.equal((await activitiesWith({ kubernetes: { fetch: refuses } }).kubernetes.nodes({})).verdict, 'unknown');
  assert.equal((await activitiesWith({}).kubernetes.nodes({})).verdict, 'unknown');
});

const bounded = { containers: [{ name: 'api', resources: { requests: { cpu: '500m' }, limits: { memory: '4Gi' } } }] };
const used = (name: string, cpu: string, memory: string) => ({
  metadata: { name },
  containers: [{ name: 'api', usage: { cpu, memory } }],
});
const usage = (...measured: object[]) =>
  clusterOf({ pods: ['a-1', 'a-2'].map(name => pod(name, {}, bounded)), usage: measured }).kubernetes.usage({
    of: 'pods',
    workloads: ['api'],
    below: 0.8,
  });

test('the pod that uses most of its limit, else of its request, is named with the number', async () => {
  const low = await usage(used('a-1', '100m', '1Gi'), used('a-2', '200m', '1Gi'));
  assert.deepEqual([low.verdict, low.facts], ['healthy', { highest: 0.4, pod: 'a-2' }]);
  assert.match(low.evidence, /Of 2 pods the highest is a-2 \(api\): 40% of its cpu request, 200m of 500m, below 80%/);
  const high = await usage(used('a-1', '100m', '3686Mi'), used('a-2', '200m', '1Gi'));
  assert.equal(high.verdict, 'faulty');
  assert.match(high.evidence, /^a-1 \(api\): 90% of its memory limit, 3686Mi of 4096Mi: not below 80%/);
});

test('a pod that is not measured is no pod that uses little', async () => {
  const { verdict, evidence } = await usage(used('a-1', '100m', '1Gi'));
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /Not measured: a-2/);
  assert.equal((await usage()).verdict, 'unknown');
});
