/** Workloads that only the labels of an alert name, on a real API server: touched inside the allow list, and bounded by a policy of the cluster. */

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connectAll } from '../../activities/connectors/index.ts';
import { joinCatalog } from '../../activities/own-runbooks.ts';
import { parsePlatform, type Platform, readPlatform } from '../../activities/platform.ts';
import { manifests } from '../../lab/kubernetes/manifests.ts';
import { standingLines } from '../../worker/doctor/standing.ts';
import { done, planned } from '../activities/outcomes.ts';
import { clock, isSettled, kubectl, type Stage, stage } from '../activities/stage.ts';
import { runbooks } from '../client/command-line.ts';
import { apply } from '../support/apply.ts';
import { eventually } from '../support/eventually.ts';

const folder = 'examples/foreign-shop';
const worker = 'nqba-runbooks';
const shop = '/apis/apps/v1/namespaces/shop';
const at = {
  storefront: `${shop}/deployments/storefront`,
  ledger: `${shop}/statefulsets/ledger`,
  ofOthers: '/apis/apps/v1/namespaces/nqba-platform/deployments/nqba-api',
};
const storefront = 'Deployment shop/storefront';

let on: Stage;
let platform: Platform;
let file: string;
before(async () => {
  joinCatalog(`${folder}/runbooks`);
  const { workloads, ...whole } = await readPlatform(`${folder}/platform.json`);
  const quietMinutes = { P0: 1, P1: 1, P2: 1, P3: 1 };
  const described = {
    ...whole,
    times: { pace: 1 / 60, quietMinutes },
    workloads: { ledger: workloads['ledger'] },
  };
  platform = parsePlatform(described);
  file = join(mkdtempSync(join(tmpdir(), 'labelled-')), 'platform.json');
  writeFileSync(file, JSON.stringify(described));
  on = await stage();
  await apply(on.cluster.kubeconfigs.you, [...(await manifests(folder)), ...(await printed()), ...broad]);
  await on.you.patch('/api/v1/namespaces/shop/configmaps/runbooks', { data: { 'mode.ledger-stuck': 'supervised' } });
  await eventually(async () => {
    for (const path of [at.storefront, at.ledger]) assert.ok(isSettled(await on.you.get(path)), path);
  });
});
after(() => on.stop());

/** As `runbooks rights` prints it. */
async function printed() {
  const { stdout } = await runbooks({ RUNBOOKS_PLATFORM: file })('rights', '--user', worker);
  const folder = mkdtempSync(join(tmpdir(), 'rights-'));
  writeFileSync(join(folder, 'rights.yaml'), stdout);
  return manifests(folder);
}

/** A role that is far too broad: the policy holds all the same. */
const rbac = 'rbac.authorization.k8s.io';
const broad = [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'too-broad' },
    rules: [{ apiGroups: ['apps'], resources: ['*'], verbs: ['get', 'patch'] }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'too-broad' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'too-broad' },
    subjects: [{ apiGroup: rbac, kind: 'User', name: worker }],
  },
];

const asWorker = () => kubectl(on.cluster.kubeconfigs.worker, 'test');
const activities = () => on.worker({ platform, connected: ['kubernetes'], workflowType: 'ledgerStuck' });
const inContainer = (name: string, part: object) => ({ spec: { template: { spec: { containers: [{ name, ...part }] } } } });
const inPod = (spec: object) => ({ spec: { template: { spec } } });
const written = async () => (await on.writes()).map(({ what }) => what);

test('the policy refuses a patch outside of the list, and admits one inside', async () => {
  const refused = /403 .*nqba-runbooks changes workloads that the platform description names/;
  const outside = (name: string) =>
    assert.rejects(asWorker().patch(at.ofOthers, { metadata: { annotations: { [name]: 'yes' } } }), refused);
  // The API server learns of a policy a moment after it is applied.
  await eventually(() => outside('early'));
  await outside('touched');
  await asWorker().patch(at.storefront, { metadata: { annotations: { touched: 'yes' } } });
  await asWorker().patch(at.storefront, inContainer('web', { resources: { limits: { memory: '600Mi' } } }));
  await on.you.patch(at.storefront, inContainer('web', { resources: { limits: { memory: '512Mi' } } }));
  assert.equal((await on.you.get(at.storefront)).metadata.annotations['touched'], 'yes');
  assert.equal((await on.you.get(at.ofOthers)).metadata.annotations['touched'], undefined);
});

test('of a workload that only an alert names, the policy keeps what runs in it; of a described one it does not', async () => {
  const kept: object[] = [
    inContainer('web', { image: 'registry.example/other:1' }),
    inContainer('web', { command: ['sh'] }),
    inContainer('web', { env: [{ name: 'PROXY', value: 'elsewhere' }] }),
    inContainer('web', { securityContext: { runAsUser: 0 } }),
    inContainer('one-more', { image: 'registry.example/other:1' }),
    { spec: { template: { spec: { serviceAccountName: 'admin' } } } },
    { spec: { template: { spec: { hostNetwork: true } } } },
    { spec: { template: { spec: { volumes: [{ name: 'all', hostPath: { path: '/' } }] } } } },
    inContainer('web', { imagePullPolicy: 'Never' }),
    inContainer('web', { workingDir: '/tmp' }),
    inContainer('web', { ports: [{ containerPort: 9, name: 'other' }] }),
    inPod({ hostAliases: [{ ip: '203.0.113.7', hostnames: ['database'] }] }),
    inPod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['203.0.113.7'] } }),
    inPod({ dnsConfig: { searches: ['elsewhere.example'] } }),
    inPod({ imagePullSecrets: [{ name: 'other' }] }),
    inPod({ tolerations: [{ operator: 'Exists' }] }),
    inPod({ nodeSelector: { pool: 'other' } }),
    inPod({ affinity: { podAffinity: {} } }),
    inPod({ priorityClassName: 'system-node-critical' }),
    { spec: { template: { metadata: { labels: { more: 'yes' } } } } },
    { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } },
  ];
  for (const body of kept)
    await assert.rejects(asWorker().patch(at.storefront, body), /403 .*never what runs in it/, JSON.stringify(body));
  await asWorker().patch(at.ledger, inContainer('postgres', { env: [{ name: 'LEVEL', value: 'debug' }] }));
});

test('checks and actions take the workload that an alert names, and the change is found and undone', async () => {
  const { kubernetes, observe } = activities();
  const memory = { workload: storefront, limits: { memory: '1Gi' } };
  assert.equal((await kubernetes.pods({ workloads: [storefront] })).verdict, 'healthy');
  assert.equal((await kubernetes.rolloutStatus({ workload: storefront })).facts?.wanted, 2);

  const key = 'run-1/Resolution Steps/More memory/1';
  const plan = planned(await kubernetes.setResources(memory, { key }));
  const set = done(await kubernetes.setResources(memory, { key, approved: plan.digest }));
  assert.equal(set.effect.measured, 'whole', set.effect.text);
  assert.deepEqual(
    set.changes.map(({ target, field, after }) => `${target} ${field} ${after}`),
    [`${storefront} limits.memory of web 1Gi`],
  );
  const again = 'run-1/Resolution Steps/Restart/1';
  const restart = planned(await kubernetes.restart({ workload: storefront }, { key: again }));
  done(await kubernetes.restart({ workload: storefront }, { key: again, approved: restart.digest }));

  const { systems } = connected();
  const [line] = await standingLines({ systems, platform });
  assert.match(line?.text ?? '', /1 change of ours stands: Deployment shop\/storefront/);
  const lost = await observe.standing({ changes: [], tried: [{ action: 'setResources', key }] });
  assert.deepEqual(
    lost.facts?.found?.map(({ target }) => target.name),
    ['storefront'],
  );

  assert.ok(set.takeBack);
  done(await kubernetes.takeBack({ takeBack: set.takeBack }, { key: 'take-back-1/undo/1' }));
  assert.match(JSON.stringify(await on.you.get(at.storefront)), /"limits":\{"cpu":"1","memory":"512Mi"\}/);
});

const connected = () => ({
  systems: connectAll({ artifacts: { folder: 'nowhere' }, kubernetes: { kubeconfig: on.cluster.kubeconfigs.worker } }, clock),
});

test('outside of the list nothing is read or written, and the words say what is allowed', async () => {
  const { kubernetes } = activities();
  const before = await written();
  const key = 'run-1/x/Restart/1';
  const refused: [string, RegExp][] = [
    ['Deployment nqba-platform/nqba-api', /lets no runbook touch Deployment nqba-platform\/nqba-api.*allows Deployment in shop/],
    ['DaemonSet shop/watcher', /lets no runbook touch DaemonSet shop\/watcher/],
    ['of the alert', /has no workload of the alert: the alert must have the label namespace, and one of/],
    ['Deployment shop/../../secrets', /has no workload Deployment shop\/\.\.\/\.\.\/secrets: it has ledger/],
  ];
  for (const [workload, message] of refused) {
    await assert.rejects(kubernetes.restart({ workload }, { key }), { type: 'BadInput', message });
    const { verdict, evidence } = await kubernetes.pods({ workloads: [workload] });
    assert.equal(verdict, 'unknown');
    assert.match(evidence, message);
  }
  const absent = kubernetes.restart({ workload: 'Deployment shop/absent' }, { key });
  await assert.rejects(absent, { type: 'NotFound', message: /absent/ });
  const rolled = kubernetes.rollBack({ workload: storefront }, { key });
  await assert.rejects(rolled, { type: 'Refused', message: /rollout undo deployment\/storefront/ });
  assert.deepEqual(await written(), before);
});

test('a workload whose selector has more than matchLabels is refused: those alone would find pods of others', async () => {
  const labels = { app: 'narrow', track: 'blue' };
  const containers = [{ name: 'web', image: 'registry.example/narrow:1' }];
  const selector = { matchLabels: { app: 'narrow' }, matchExpressions: [{ key: 'track', operator: 'In', values: ['blue'] }] };
  const spec = { replicas: 0, selector, template: { metadata: { labels }, spec: { containers } } };
  await apply(on.cluster.kubeconfigs.you, [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'narrow', namespace: 'shop' }, spec },
  ]);
  const message = /must name Deployment shop\/narrow itself: it selects its pods with matchExpressions/;
  const { kubernetes } = activities();
  const workload = 'Deployment shop/narrow';
  await assert.rejects(kubernetes.restart({ workload }, { key: 'run-1/x/Restart/2' }), { type: 'BadInput', message });
  assert.match((await kubernetes.pods({ workloads: [workload] })).evidence, message);
});

test('an alert about a described workload means that one, under its own name', async () => {
  const { kubernetes } = activities();
  const { facts } = await kubernetes.pods({ workloads: ['StatefulSet shop/ledger'] });
  assert.deepEqual(
    facts?.workloads?.map(({ workload }) => workload),
    ['ledger'],
  );
});
