// Pods of the practice platform become ready at once, late or never, as their template says, and come and go as real ones do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { type Cluster, practiceCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const namespace = 'nqba-platform';
let cluster: Cluster;
let core: CoreV1Api;

before(async () => {
  cluster = await practiceCluster();
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.lab);
  core = config.makeApiClient(CoreV1Api);
});
after(() => cluster.stop());

const start = (name: string, image: string, ready?: string, more: object = {}) =>
  core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name, ...(ready !== undefined && { annotations: { 'practice.nqba/ready': ready } }), ...more },
      spec: { containers: [{ name: 'main', image }] },
    },
  });
const read = (name: string) => core.readNamespacedPod({ name, namespace });
const condition = ({ status }: V1Pod, wanted: string) => status?.conditions?.find(({ type }) => type === wanted);
const isReady = (pod: V1Pod) => condition(pod, 'Ready')?.status === 'True';
const container = ({ status }: V1Pod) => status?.containerStatuses?.[0];

test('a pod is ready at once, unless it says otherwise', async () => {
  await start('plain', 'nqba/api:1.0');
  const pod = await eventually(async () => {
    const found = await read('plain');
    assert.ok(isReady(found));
    return found;
  });
  assert.deepEqual([container(pod)?.ready, container(pod)?.restartCount], [true, 0]);
  assert.match(pod.status?.podIP ?? '', /^10\./);
});

test('a pod that says after how many seconds runs, and is ready only then', async () => {
  await start('late', 'nqba/api:1.0', '3');
  await eventually(async () => {
    const pod = await read('late');
    assert.deepEqual([pod.status?.phase, isReady(pod), container(pod)?.ready], ['Running', false, false]);
  });
  const pod = await eventually(async () => {
    const found = await read('late');
    assert.ok(isReady(found));
    return found;
  });
  const [started, ready] = [condition(pod, 'Initialized'), condition(pod, 'Ready')].map(
    found => found?.lastTransitionTime?.getTime() ?? 0,
  );
  assert.ok((ready ?? 0) - (started ?? 0) >= 2_000, JSON.stringify(pod.status));
  assert.deepEqual([container(pod)?.ready, container(pod)?.restartCount], [true, 0]);
});

for (const [what, image, ready] of [
  ['a bad image', 'nqba/api:2.0-bad', undefined],
  ['a template that never becomes ready', 'nqba/api:1.0', 'never'],
] as const)
  test(`a pod of ${what} is killed for its memory and started again, and is never ready`, async () => {
    const name = `never-${ready ?? 'bad'}`;
    await start(name, image, ready);
    await eventually(async () => {
      const pod = await read(name);
      assert.equal(isReady(pod), false);
      const { state, lastState, restartCount } = container(pod) ?? {};
      assert.equal(state?.waiting?.reason, 'CrashLoopBackOff');
      assert.deepEqual([lastState?.terminated?.exitCode, lastState?.terminated?.reason], [137, 'OOMKilled']);
      assert.ok((restartCount ?? 0) > 1, `restarted ${restartCount} times`);
    });
  });

test('a pod of a bad image becomes ready where its template says when: it takes calls, and answers them badly', async () => {
  await start('bad-but-ready', 'nqba/api:2.0-bad', '0');
  await eventually(async () => assert.ok(isReady(await read('bad-but-ready'))));
});

test('a tag that only contains the word is a good one', async () => {
  await start('embadded', 'nqba/bad-api:1.0-notbad');
  await eventually(async () => assert.ok(isReady(await read('embadded'))));
});

test('a pod that the controllers have called not ready is ready again, as a kubelet would say', async () => {
  const pod = await read('plain');
  const ready = condition(pod, 'Ready');
  assert.ok(ready);
  Object.assign(ready, { status: 'False', reason: 'NodeNotReady' });
  await core.replaceNamespacedPodStatus({ name: 'plain', namespace, body: pod });
  await eventually(async () => assert.ok(isReady(await read('plain'))));
});

test('a deleted pod goes, whatever state it was in', async () => {
  for (const name of ['plain', 'never-bad']) await core.deleteNamespacedPod({ name, namespace });
  await eventually(async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    const left = items.map(({ metadata }) => metadata?.name ?? '').filter(name => ['plain', 'never-bad'].includes(name));
    assert.deepEqual(left, []);
  });
});
