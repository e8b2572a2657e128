/** Pods, nodes and rollouts as a real API server tells of them: what is wanted but absent, who is at fault, what repairs it. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { podsHealth } from '../../../activities/connectors/health-resources.ts';
import { connectKubernetes } from '../../../activities/connectors/kubernetes.ts';
import { eventually } from '../../support/eventually.ts';
import { at, clock, kubectl, type Stage, stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
const critical = { metadata: { name: 'nqba-critical' }, value: 1000, description: 'practice' };
const pods = () => on.worker().kubernetes.pods({ workloads: ['api'] });
/** All pods go before new ones come. */
const recreated = (template: object) => ({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' }, template } });
const unready = (count: number) =>
  eventually(async () => {
    const { facts } = await pods();
    assert.deepEqual([facts?.ready, facts?.missing], [3 - count, count]);
  });

test('all wanted pods are ready: healthy, with the numbers', async () => {
  const { verdict, evidence, facts } = await on.worker().kubernetes.pods({});
  assert.equal(verdict, 'healthy');
  assert.equal(evidence, 'nqba-api: 3 of 3 ready. nqba-worker: 2 of 2 ready. nqba-worker-batch: 1 of 1 ready.');
  assert.partialDeepStrictEqual(facts, { ready: 6, wanted: 6, missing: 0, obstacle: null, retry: null });
});

test('a pod that an alert names leads to its Deployment, by the owners that the API server has, and to changes of that', async () => {
  const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
  const [pod] = await kubernetes.list(podsHealth, 'nqba-platform', { component: 'api' });
  const worker = on.worker();
  const around = { namespace: 'nqba-platform', subject: `Pod nqba-platform/${pod?.metadata.name}` };
  const { evidence, facts } = await worker.kubernetes.pods({ around });
  assert.match(evidence, /3 pods of Deployment nqba-platform\/nqba-api are ready/);
  const { owner = '' } = facts ?? {};
  const changes = await worker.kubernetes.rollouts({ workloads: [owner], before: new Date().toISOString() });
  assert.deepEqual([owner, changes.verdict === 'unknown'], ['Deployment nqba-platform/nqba-api', false]);
});

test('a PriorityClass that is gone is named with what repairs it, and once it is back the pods come', async () => {
  await on.bob.patch(at.api, recreated({ spec: { priorityClassName: 'nqba-critical' } }));
  await unready(3);
  const { verdict, evidence, facts } = await pods();
  assert.equal(verdict, 'faulty');
  assert.match(
    evidence,
    /^nqba-api: 0 of 3 ready; 3 missing: a new Pod is refused now: no PriorityClass with name nqba-critical/,
  );
  assert.deepEqual(facts?.obstacle, {
    object: 'PriorityClass nqba-critical',
    says: 'no PriorityClass with name nqba-critical was found',
    command: 'kubectl create priorityclass nqba-critical --value=0',
    refusesPods: true,
  });

  await on.you.create(classes, critical);
  await on.bob.patch(at.api, { metadata: { annotations: { 'nqba-runbooks/try-now': '1' } } });
  await eventually(async () => assert.equal((await pods()).verdict, 'healthy'));
  await on.you.remove(`${classes}/nqba-critical`);
});

test('what makes the controller try now rolls nothing out, and is no change that explains an outage', async () => {
  await on.bob.patch(at.api, { metadata: { annotations: { 'nqba-runbooks/try-now': '2' } } });
  const { facts } = await rollouts();
  assert.ok(!facts?.change?.what.includes('try-now'));
});

test('a quota without room is named, with the numbers and the room that is needed', async () => {
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '17' } } });
  await on.bob.patch(at.api, recreated({ metadata: { annotations: { turn: '1' } } }));
  await unready(3);
  const { facts } = await pods();
  assert.equal(facts?.obstacle?.object, 'ResourceQuota nqba-platform/nqba-platform-quota');
  assert.match(facts?.obstacle?.says ?? '', /requested: limits\.cpu=2, used: limits\.cpu=16, limited: limits\.cpu=17/);
  assert.match(facts?.obstacle?.command ?? '', /patch resourcequota nqba-platform-quota .*"limits\.cpu":"22"/);
});

test('a service account that does not exist is named, with what creates it', async () => {
  await on.bob.patch(at.api, recreated({ spec: { serviceAccountName: 'nqba-api' } }));
  await unready(3);
  const { facts } = await pods();
  assert.equal(facts?.obstacle?.object, 'ServiceAccount nqba-platform/nqba-api');
  assert.equal(facts?.obstacle?.command, 'kubectl -n nqba-platform create serviceaccount nqba-api');
});

test('zero replicas on purpose are not unhealthy, and said; so is a Deployment that is paused', async () => {
  await on.bob.patch(at.batch, { spec: { replicas: 0, paused: true } });
  await eventually(async () => {
    const { verdict, evidence } = await on.worker().kubernetes.pods({ workloads: ['batch'] });
    assert.equal(verdict, 'healthy');
    assert.match(evidence, /0 of 0 ready\. \(nqba-worker-batch: scaled to zero on purpose; paused/);
  });
});

test('a pod that crashes is named, with its exit code', async () => {
  const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
  const [pod] = await kubernetes.list(podsHealth, 'nqba-platform', { component: 'api' });
  const name = pod?.metadata.name ?? '';
  const ended = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: new Date().toISOString() } };
  const status = {
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-11-24T02:11:00Z' }],
    containerStatuses: [
      {
        name: 'api',
        image: 'i',
        imageID: '',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: ended,
      },
    ],
  };
  const path = `/api/v1/namespaces/nqba-platform/pods/${name}`;
  // Else the practice platform makes it ready again, as it does with every pod that is only called NotReady.
  await on.you.patch(path, { metadata: { annotations: { 'practice.nqba/ready': '86400' } } });
  await on.you.patch(`${path}/status`, { status });
  const { verdict, evidence, facts } = await pods();
  assert.equal(verdict, 'faulty');
  assert.match(evidence, new RegExp(`^nqba-api: 2 of 3 ready; ${name} CrashLoopBackOff since .*02:11 UTC: exit 137 OOMKilled`));
  assert.deepEqual([facts?.missing, facts?.obstacle?.object], [0, `Pod nqba-platform/${name}`]);
  await on.you.remove(path);
});

test('the worker may list all nodes, and a cordoned one is said and healthy', async () => {
  const node = '/api/v1/nodes/practice-main-3';
  await on.you.patch(node, { spec: { unschedulable: true } });
  const { verdict, evidence, facts } = await on.worker().kubernetes.nodes({});
  assert.deepEqual([verdict, facts], ['healthy', { nodes: 4, faulty: [] }]);
  assert.match(evidence, /^All 4 nodes are Ready.*cordoned\): practice-main-3/);
  await on.you.patch(node, { spec: { unschedulable: null } });
});

test('where no metrics server is installed, what pods use is unknown, and said', async () => {
  const { verdict, evidence } = await on.worker().kubernetes.usage({ of: 'pods', workloads: ['api'], below: 0.8 });
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /no metrics API/);
});

const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'api', image: name }] } } } });
const rollouts = () =>
  on.worker().kubernetes.rollouts({ workloads: ['api'], before: new Date(Date.now() + 1_000).toISOString() });

test('a rollout by somebody else is told with its revision, and our own writes beside it are marked', async () => {
  await on.bob.patch(at.api, image('nqba-platform/api:2'));
  await eventually(async () => {
    const { verdict, facts, evidence } = await rollouts();
    assert.deepEqual([verdict, facts?.change?.who, facts?.rollout?.workload], ['faulty', 'bob', 'api']);
    assert.ok((facts?.rollout?.revision ?? 0) > 1, evidence);
  });
  const restarted = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'run-1/a/b/1' } } } } };
  const ours = kubectl(on.cluster.kubeconfigs.you, 'nqba-runbooks');
  await ours.patch(at.worker, restarted);
  const { evidence } = await on.worker().kubernetes.rollouts({
    workloads: ['api', 'worker'],
    before: new Date(Date.now() + 1_000).toISOString(),
  });
  assert.match(evidence, /nqba-runbooks: Deployment nqba-platform\/nqba-worker: .*\(ours, no evidence\)/);
});
