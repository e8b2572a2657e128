// The practice platform is real: the API server itself admits, refuses and records.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiException, AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { applyPlatform } from '../../lab/kubernetes/platform.ts';
import { practiceCluster, writes } from '../support/cluster.ts';
import type { Cluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const namespace = 'nqba-platform';
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
let cluster: Cluster;

before(async () => {
  cluster = await practiceCluster();
});
after(() => cluster.stop());

function as(user: 'you' | 'worker' | 'bob') {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs[user]);
  return { core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) };
}

function asServiceAccount(name: string) {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.you);
  const { server, caData } = config.getCurrentCluster() ?? { server: '' };
  config.loadFromClusterAndUser(
    { name: 'practice', server, skipTLSVerify: false, ...(caData !== undefined && { caData }) },
    { name, token: config.getCurrentUser()?.token ?? '', impersonateUser: name },
  );
  return config.makeApiClient(CoreV1Api);
}

const codeOf = (error: unknown) => (error instanceof ApiException ? error.code : error);
const refused =
  (code: number, words = '') =>
  (error: unknown) => {
    assert.equal(codeOf(error), code);
    assert.match(String(error), new RegExp(words));
    return true;
  };

/** Patches one key of `nqba-config`. */
const configure = (user: 'worker' | 'bob', data: Record<string, string>) =>
  as(user).core.patchNamespacedConfigMap({ name: 'nqba-config', namespace, body: { data }, fieldManager: user }, merge);

const readConfig = async (name: string) => (await as('you').core.readNamespacedConfigMap({ name, namespace })).data ?? {};

const podOf = async (deployment: string) => {
  const { spec } = await as('worker').apps.readNamespacedDeployment({ name: deployment, namespace });
  return { metadata: { labels: spec?.template.metadata?.labels, generateName: 'asked-' }, spec: spec?.template.spec };
};

test('six pods of the three workloads run, and the API server counts them as ready', async () => {
  const { items } = await as('you').core.listNamespacedPod({ namespace });
  const ready = items.filter(pod => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));
  const count = (app: string) => ready.filter(pod => pod.metadata?.labels?.app === app).length;
  assert.deepEqual(['nqba-platform', 'nqba-worker', 'nqba-worker-batch'].map(count), [3, 2, 1]);
});

test('our worker may ask admission about a pod in a dry run, and is refused the real one in our own words', async () => {
  const body = await podOf('nqba-worker');
  const { core } = as('worker');
  await core.createNamespacedPod({ namespace, body, dryRun: 'All' });
  await assert.rejects(core.createNamespacedPod({ namespace, body }), refused(403, 'creates pods in dry runs only'));
  const { items } = await as('you').core.listNamespacedPod({ namespace });
  assert.equal(items.length, 6);
});

test('a worker inside the cluster, which signs in as a ServiceAccount, is held to dry runs too', async () => {
  const body = await podOf('nqba-worker');
  const core = asServiceAccount('system:serviceaccount:nqba-platform:nqba-runbooks');
  await core.createNamespacedPod({ namespace, body, dryRun: 'All' });
  await assert.rejects(core.createNamespacedPod({ namespace, body }), refused(403, 'creates pods in dry runs only'));
});

test('a dry run of a pod is answered by the quota as it stands now', async () => {
  const body = await podOf('nqba-worker');
  const quota = { name: 'nqba-platform-quota', namespace };
  await as('you').core.patchNamespacedResourceQuota({ ...quota, body: { spec: { hard: { pods: '6' } } } }, merge);
  const ask = () => as('worker').core.createNamespacedPod({ namespace, body, dryRun: 'All' });
  await eventually(() => assert.rejects(ask(), refused(403, 'exceeded quota: nqba-platform-quota')));
  await as('you').core.patchNamespacedResourceQuota({ ...quota, body: { spec: { hard: { pods: '100' } } } }, merge);
  await eventually(ask);
});

test('our worker may patch its three Deployments and nqba-config, and nothing else', async () => {
  const { core, apps } = as('worker');
  const stamp = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } };
  await as('you').apps.createNamespacedDeployment({ namespace, body: await strange() });
  await assert.rejects(
    apps.patchNamespacedDeployment({ name: 'strange', namespace, body: stamp }, merge),
    refused(403, 'cannot patch resource'),
  );
  await apps.patchNamespacedDeployment({ name: 'nqba-worker', namespace, body: stamp, dryRun: 'All' }, merge);
  const hold = { name: 'nqba-runbooks', namespace };
  await core.readNamespacedConfigMap(hold);
  await assert.rejects(core.patchNamespacedConfigMap({ ...hold, body: { data: { hold: '' } } }, merge), refused(403));
  await assert.rejects(core.readNamespacedSecret({ name: 'another', namespace }), refused(403));
  await assert.rejects(core.listNamespacedSecret({ namespace }), refused(403));
  await assert.rejects(core.listNamespacedConfigMap({ namespace: 'monitoring' }), refused(403));
  await as('you').apps.deleteNamespacedDeployment({ name: 'strange', namespace });
});

test('the audit log holds each write of our worker and of bob with its verb and body, and no dry run', async () => {
  await configure('worker', { QUANTUM_BACKEND: 'classical' });
  await configure('bob', { WORKER_CONCURRENCY: '5' });
  await as('worker').core.patchNamespacedConfigMap({ name: 'nqba-config', namespace, body: {}, dryRun: 'All' }, merge);
  await eventually(async () => {
    const found = await writes(cluster.auditLog, ['nqba-runbooks', 'bob']);
    assert.deepEqual(
      found.map(({ user, verb, resource, name, body }) => ({ user, verb, resource, name, body })),
      [written('nqba-runbooks', { QUANTUM_BACKEND: 'classical' }), written('bob', { WORKER_CONCURRENCY: '5' })],
    );
  });
});

test('a second start leaves what people and incidents have changed', async () => {
  await configure('worker', { QUANTUM_BACKEND: 'classical' });
  const hold = { name: 'nqba-runbooks', namespace };
  await as('you').core.patchNamespacedConfigMap({ ...hold, body: { data: { hold: 'drill' } } }, merge);
  await applyPlatform(cluster.kubeconfigs);
  assert.equal((await readConfig('nqba-config')).QUANTUM_BACKEND, 'classical');
  assert.deepEqual(await readConfig('nqba-runbooks'), { hold: 'drill', 'mode.dynex-outage': 'supervised' });
  await as('you').core.deleteNamespacedConfigMap(hold);
  await applyPlatform(cluster.kubeconfigs);
  await assert.rejects(readConfig('nqba-runbooks'), refused(404));
});

const written = (user: string, data: Record<string, string>) => ({
  user,
  verb: 'patch',
  resource: 'configmaps',
  name: 'nqba-config',
  body: { data },
});

/** A workload that runs in the same namespace and is none of ours. */
async function strange() {
  const { spec } = await as('you').apps.readNamespacedDeployment({ name: 'nqba-api', namespace });
  const labels = { app: 'strange' };
  const template = { metadata: { labels }, spec: spec?.template.spec };
  return { metadata: { name: 'strange' }, spec: { replicas: 0, selector: { matchLabels: labels }, template } };
}
