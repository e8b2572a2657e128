/** Why pods are missing or not ready, where a practice cluster cannot bring it about. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { clusterOf, deployment, type Held, pod, unready, warning } from './cluster-of.ts';

const api = (held: Held) => clusterOf({ deployment: deployment(), ...held }).kubernetes.pods({ workloads: ['api'] });
const two = [pod('a-1'), pod('a-2')];
const noClass = 'pods "nqba-api-x" is forbidden: no PriorityClass with name nqba-critical was found';
const stale = deployment({}, { conditions: [{ type: 'ReplicaFailure', status: 'True', message: noClass }] });

test('an obstacle that has gone is no obstacle: what the condition says is told as earlier, with the latest next try', async () => {
  const events = [warning('ReplicaSet', 's', noClass, '2026-11-24T02:58:00Z')];
  const { verdict, evidence, facts } = await api({ deployment: stale, pods: two, events });
  assert.deepEqual([verdict, facts?.missing, facts?.obstacle], ['faulty', 1, null]);
  assert.match(evidence, /^nqba-api: 2 of 3 ready; 1 missing\. The obstacle has gone: .*\(earlier: .*no PriorityClass/);
  assert.equal(facts?.retry?.by, '2026-11-24T03:14:40.000Z');
  assert.match(evidence, /by 03:14 UTC at the latest; to try now: `kubectl -n nqba-platform annotate deployment nqba-api .*`\./);
});

test('whether anything stands in the way is asked apart from whether the pods are there', async () => {
  const asked = (held: Held) =>
    clusterOf({ deployment: stale, pods: two, ...held }).kubernetes.pods({ workloads: ['api'], admission: true });
  const { verdict, facts } = await asked({});
  assert.deepEqual([verdict, facts?.missing], ['healthy', 1]);
  assert.equal((await asked({ refused: [403, noClass] })).verdict, 'faulty');
  assert.equal((await asked({ forbidden: ['pods'] })).verdict, 'unknown');
});

test('what is refused now is the reason, whatever condition and events say', async () => {
  const { facts } = await api({
    deployment: stale,
    pods: two,
    refused: [403, 'admission webhook "gate.acme.io" denied the request: no'],
  });
  assert.deepEqual(facts?.obstacle, {
    object: 'Admission webhook gate.acme.io',
    says: 'admission webhook "gate.acme.io" denied the request: no',
    refusesPods: true,
  });
  assert.equal(facts?.retry, null);
});

test('each workload has its own obstacle, and a pod that only crashes refuses no other', async () => {
  const crashing = pod('a-2', unready({ state: { waiting: { reason: 'CrashLoopBackOff' } } }));
  const { facts } = await api({ pods: [pod('a-1'), crashing] });
  const [{ workload, missing, obstacle } = { workload: '' }] = facts?.workloads ?? [];
  assert.deepEqual([workload, missing, obstacle?.object, obstacle?.refusesPods], ['api', 1, 'Pod nqba-platform/a-2', undefined]);
  const refused = await api({ deployment: stale, pods: [pod('a-1'), crashing], refused: [403, noClass] });
  assert.deepEqual(refused.facts?.workloads?.[0]?.obstacle, refused.facts?.obstacle);
  assert.equal(refused.facts?.obstacle?.refusesPods, true);
});

test('a PriorityClass is made again with the value that pods of it were given, as long as one is left', async () => {
  const template = { spec: { containers: [{ name: 'api' }], priorityClassName: 'nqba-critical' } };
  const spec = { priorityClassName: 'nqba-critical', priority: 1000 };
  const { facts } = await api({ deployment: deployment({ template }), pods: [pod('a-1', {}, spec)], refused: [403, noClass] });
  assert.equal(facts?.obstacle?.command, 'kubectl create priorityclass nqba-critical --value=1000');
});

test('where a dry run says nothing, the newest event does, and not the condition', async () => {
  const events = [
    warning('ReplicaSet', 's', noClass, '2026-11-24T02:00:00Z'),
    warning(
      'ReplicaSet',
      's',
      'Error creating: exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5',
      '2026-11-24T02:50:00Z',
    ),
    warning('ReplicaSet', 'of another', 'nothing of ours', '2026-11-24T02:59:00Z'),
  ];
  const dumb = 'admission webhook "gate.acme.io" does not support dry run';
  for (const refused of [
    [403, 'user cannot create resource "pods"'],
    [400, dumb],
  ] as const) {
    const { facts, evidence } = await api({ deployment: stale, pods: two, events, refused: [...refused] });
    assert.match(evidence, /its newest event, 02:50 UTC: .*exceeded quota/);
    assert.equal(
      facts?.obstacle?.command,
      `kubectl -n nqba-platform patch resourcequota q --type merge -p '{"spec":{"hard":{"pods":"6"}}}'`,
    );
  }
});

test('pods that only have not been made yet are missing without an obstacle', async () => {
  const { facts, evidence } = await api({ pods: two });
  assert.deepEqual([facts?.obstacle, facts?.retry], [null, null]);
  assert.match(evidence, /no refusal is recorded: the controllers have not made it yet/);
});

const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
const killed = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-24T02:59:00Z' } };
const troubles: [string, object, RegExp, string][] = [
  [
    'crashes',
    unready({ ...waiting('CrashLoopBackOff'), lastState: killed }),
    /a-3 CrashLoopBackOff since 02:11 UTC: exit 137 OOMKilled/,
    'Pod nqba-platform/a-3',
  ],
  [
    'finds no image',
    unready(waiting('ImagePullBackOff', 'Back-off pulling image "api:9"')),
    /a-3 ImagePullBackOff since 02:11 UTC: Back-off/,
    'Image api:9',
  ],
  [
    'lacks a Secret',
    unready(waiting('CreateContainerConfigError', 'secret "vault" not found')),
    /CreateContainerConfigError/,
    'Secret nqba-platform/vault',
  ],
  [
    'lacks a key',
    unready(waiting('CreateContainerConfigError', "couldn't find key k in Secret nqba-platform/vault")),
    /find key/,
    'Secret nqba-platform/vault',
  ],
  [
    'fits on no node',
    unready({}, [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/4 nodes are available: 4 Insufficient cpu.' },
    ]),
    /a-3 Unschedulable since 02:11 UTC: 0\/4 nodes/,
    'Pod nqba-platform/a-3',
  ],
  [
    'is told of by an event only',
    unready(waiting('ContainerCreating')),
    /a-3 Unhealthy since 02:11 UTC: Readiness probe failed: HTTP 503/,
    'Pod nqba-platform/a-3',
  ],
];

for (const [what, status, told, object] of troubles)
  test(`a pod that ${what} is named with the reason`, async () => {
    const events = [warning('Pod', 'a-3', 'Readiness probe failed: HTTP 503', '2026-11-24T02:59:00Z')];
    const { verdict, evidence, facts } = await api({ pods: [...two, pod('a-3', status)], events });
    assert.deepEqual([verdict, facts?.ready, facts?.missing, facts?.obstacle?.object], ['faulty', 2, 0, object]);
    assert.match(evidence, told);
  });

test('the same trouble of several pods is told once', async () => {
  const pods = ['a-1', 'a-2', 'a-3'].map(name =>
    pod(name, unready(waiting('ImagePullBackOff', 'Back-off pulling image "api:9"'))),
  );
  assert.match((await api({ pods })).evidence, /^nqba-api: 0 of 3 ready; a-1 and 2 more ImagePullBackOff since 02:11 UTC/);
});

test('the wish of an autoscaler counts, and at zero it has none', async () => {
  const hpa = { metadata: { name: 'nqba-api' }, spec: { minReplicas: 5 }, status: { desiredReplicas: 4 } };
  const wished = await api({ hpa, pods: [...two, pod('a-3')] });
  assert.deepEqual([wished.verdict, wished.facts?.wanted, wished.facts?.missing], ['faulty', 5, 2]);
  assert.match(wished.evidence, /its autoscaler wants 5, the Deployment has 3/);
  const zero = await api({ hpa, deployment: deployment({ replicas: 0 }, { updatedReplicas: 0 }) });
  assert.deepEqual([zero.verdict, zero.facts?.wanted], ['healthy', 0]);
});

test('a Deployment that is not there is unknown until it has been seen here, then faulty', async () => {
  const held: Held = { deployment: deployment(), pods: [...two, pod('a-3')] };
  const { kubernetes } = clusterOf(held);
  delete held.deployment;
  assert.equal((await kubernetes.pods({ workloads: ['api'] })).verdict, 'unknown');
  held.deployment = deployment();
  assert.equal((await kubernetes.pods({ workloads: ['api'] })).verdict, 'healthy');
  delete held.deployment;
  const { verdict, evidence } = await kubernetes.pods({ workloads: ['api'] });
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /Deployment nqba-platform\/nqba-api does not exist/);
});

test('what may not be read is unknown, and said', async () => {
  const { verdict, evidence, facts } = await api({ forbidden: ['/pods'] });
  assert.deepEqual([verdict, facts], ['unknown', {}]);
  assert.match(evidence, /403.*pods is forbidden/);
});
