/** Nodes that are not well, and pods, nodes and quotas that use most of what they may. */

import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { activitiesWith, answers, refuses } from '../bare.ts';
import { clusterOf, fetchOf, pod } from './cluster-of.ts';

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

describe('a node that flaps', () => {
  const at = (time: string, status = 'True') => ({ type: 'Ready', status, lastTransitionTime: `2026-11-24T${time}:00Z` });
  const old = (name: string, ...conditions: object[]) => ({
    metadata: { name, creationTimestamp: '2026-11-01T00:00:00Z' },
    status: { conditions },
  });
  /** At 03:00 UTC, where Prometheus counts so many changes. */
  const counted = (changes: number, ...nodes: object[]) => {
    const result = [{ metric: { node: 'n-1' }, value: [0, String(changes)] }];
    const prometheus = answers(200, { status: 'success', data: { resultType: 'vector', result } });
    return activitiesWith({
      kubernetes: { fetch: fetchOf({ nodes }) },
      prometheus: { url: 'http://prometheus', fetch: prometheus },
    }).kubernetes.nodes({});
  };

  test('is not healthy in the good moment right after, and is once it has stayed Ready', async () => {
    const { verdict, evidence, facts } = await nodes(old('n-1', at('02:58')), old('n-2', at('00:00')));
    assert.deepEqual([verdict, facts], ['unknown', { nodes: 2, faulty: [] }]);
    assert.match(evidence, /Not yet known to stay Ready: n-1 is Ready again since 02:58 UTC\.$/);
    assert.equal((await nodes(old('n-1', at('02:50')))).verdict, 'healthy');
  });

  test('is faulty alike in its good and its bad moments, with how often and when', async () => {
    for (const status of ['True', 'False']) {
      const { verdict, evidence, facts } = await counted(6, old('n-1', at('02:58', status)), old('n-2', at('00:00')));
      assert.deepEqual([verdict, facts?.faulty], ['faulty', ['n-1']]);
      assert.match(evidence, /^1 of 2 nodes: n-1 flaps: Ready changed 6 times in the last hour, last at 02:58 UTC/);
    }
    const once = await counted(2, old('n-1', at('02:58')));
    assert.deepEqual([once.verdict, /changed 2 times in the last hour/.test(once.evidence)], ['unknown', true]);
  });

  test('is told apart from a new one, and a time that is still to come is not long ago', async () => {
    const fresh = { metadata: { name: 'n-1', creationTimestamp: '2026-11-24T02:55:00Z' }, status: { conditions: [at('02:56')] } };
    assert.equal((await nodes(fresh)).verdict, 'healthy');
    assert.equal((await nodes(old('n-1', at('03:04')))).verdict, 'unknown');
  });

  test('how often is not known where Prometheus does not answer, and the rest is', async () => {
    const connections = { kubernetes: { fetch: fetchOf({ nodes: [old('n-1', at('00:00'))] }) } };
    const blind = activitiesWith({ ...connections, prometheus: { url: 'http://prometheus', fetch: refuses } });
    assert.equal((await blind.kubernetes.nodes({})).verdict, 'healthy');
  });
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
  assert.deepEqual([low.verdict, low.facts], ['healthy', { highest: 0.4, object: 'a-2', resource: 'cpu' }]);
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

const large = (name: string) => ({ metadata: { name }, status: { allocatable: { cpu: '4', memory: '16Gi' } } });
const nodeUsage = (...nodeUsage: object[]) =>
  clusterOf({ nodes: [large('n-1'), large('n-2')], nodeUsage }).kubernetes.usage({ of: 'nodes', below: 0.8 });
const measured = (name: string, cpu: string, memory: string) => ({ metadata: { name }, usage: { cpu, memory } });

test('the node that uses most of what it may give is named with the number, and so are others at the bound', async () => {
  const low = await nodeUsage(measured('n-1', '1', '4Gi'), measured('n-2', '1', '12Gi'));
  assert.deepEqual([low.verdict, low.facts], ['healthy', { highest: 0.75, object: 'n-2', resource: 'memory' }]);
  assert.match(low.evidence, /^Of 2 nodes the highest is n-2: 75% of its allocatable memory, 12288Mi of 16384Mi, below 80%/);
  const high = await nodeUsage(measured('n-1', '3200m', '4Gi'), measured('n-2', '3600m', '4Gi'));
  assert.equal(high.verdict, 'faulty');
  assert.match(high.evidence, /^n-2: 90% of its allocatable cpu, 3600m of 4000m: not below 80%\. n-1: 80%/);
});

test('a node without a measurement, no metrics server and no right to ask one are unknown, with what to do', async () => {
  const one = await nodeUsage(measured('n-1', '1', '4Gi'));
  assert.deepEqual([one.verdict, /Not measured: n-2/.test(one.evidence)], ['unknown', true]);
  const none = await clusterOf({ nodes: [large('n-1')] }).kubernetes.usage({ of: 'nodes', below: 0.8 });
  assert.deepEqual([none.verdict, /use of nodes is not known: install a metrics server/.test(none.evidence)], ['unknown', true]);
  const refused = await clusterOf({ forbidden: ['metrics.k8s.io/v1beta1/nodes'] }).kubernetes.usage({ of: 'nodes', below: 0.8 });
  assert.deepEqual([refused.verdict, /403.*Grant it: `runbooks rights`/.test(refused.evidence)], ['unknown', true]);
});

const quota = (hard: object, used: object) => ({ metadata: { name: 'q', namespace: 'nqba-platform' }, status: { hard, used } });
const quotas = (...resourcequotas: object[]) =>
  clusterOf({ others: { resourcequotas } }).kubernetes.usage({ of: 'quota', below: 0.9 });

test('the bound of a quota that is used up most is named; no quota bounds nothing, an empty one is not known', async () => {
  const low = await quotas(quota({ pods: '100', 'limits.cpu': '100' }, { pods: '41', 'limits.cpu': '16' }));
  assert.deepEqual([low.verdict, low.facts?.highest, low.facts?.resource], ['healthy', 0.41, 'pods']);
  const high = await quotas(quota({ pods: '100', 'requests.memory': '100Gi' }, { pods: '41', 'requests.memory': '93Gi' }));
  assert.equal(high.verdict, 'faulty');
  assert.match(high.evidence, /^nqba-platform\/q: 93% of its requests\.memory, 95232Mi of 102400Mi: not below 90%/);
  assert.equal((await quotas()).verdict, 'healthy');
  assert.equal((await quotas(quota({}, {}))).verdict, 'unknown');
  const refused = clusterOf({ forbidden: ['/resourcequotas'] }).kubernetes.usage({ of: 'quota', below: 0.9 });
  assert.equal((await refused).verdict, 'unknown');
});
