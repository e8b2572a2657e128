/** The checks of a morning on a real API server, with the rights that are shipped: what a cluster really answers. */

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { at, type Stage, stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());

const kubernetes = () => on.worker().kubernetes;

test('all pods of the cluster are ready', async () => {
  const { verdict, facts, evidence } = await kubernetes().pods({ namespaces: 'all' });
  assert.deepEqual([verdict, facts?.ready, facts?.wanted], ['healthy', 8, 8], evidence);
  const monitoring = await kubernetes().pods({ namespaces: 'monitoring' });
  assert.deepEqual([monitoring.verdict, monitoring.facts?.ready], ['healthy', 2], monitoring.evidence);
});

test('the quota is held against its bounds, and without a metrics server the use of nodes is unknown', async () => {
  const quota = await kubernetes().usage({ of: 'quota', below: 0.9 });
  assert.equal(quota.verdict, 'healthy', quota.evidence);
  assert.match(quota.evidence, /nqba-platform\/nqba-platform-quota: \d+% of its (requests|limits)\.|of its pods/);
  const nodes = await kubernetes().usage({ of: 'nodes', below: 0.8 });
  assert.deepEqual([nodes.verdict, /install a metrics server/.test(nodes.evidence)], ['unknown', true]);
});

test('a Service has ready endpoints by its slices, and a new one without pods is found', async () => {
  await eventually(async () => {
    const { verdict, evidence } = await kubernetes().services({ kind: 'service' });
    assert.deepEqual([verdict, /nqba-api 3 of 3/.test(evidence)], ['healthy', true], evidence);
  });
  const services = '/api/v1/namespaces/nqba-platform/services';
  await on.you.create(services, { metadata: { name: 'lonely' }, spec: { selector: { app: 'lonely' }, ports: [{ port: 80 }] } });
  const { verdict, evidence } = await kubernetes().services({ kind: 'service' });
  assert.deepEqual([verdict, /lonely has no endpoint \(no pod matches app=lonely\)/.test(evidence)], ['faulty', true], evidence);
  await on.you.remove(`${services}/lonely`);
});

const ingresses = '/apis/networking.k8s.io/v1/namespaces/nqba-platform/ingresses';
const backend = (name: string) => ({ path: '/', pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } });

test('an Ingress without an address, with a Service and a Secret that are not there, is found with all of it', async () => {
  const rules = [{ host: 'api.nqba.example', http: { paths: [backend('nqba-api'), backend('nqba-frontend')] } }];
  const tls = [{ hosts: ['api.nqba.example'], secretName: 'nqba-platform-tls' }];
  await on.you.create(ingresses, { metadata: { name: 'another-ingress' }, spec: { rules, tls } });
  const { verdict, evidence } = await kubernetes().services({ kind: 'ingress' });
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /another-ingress: has no address; Service nqba-frontend does not exist, for api\.nqba\.example\//);
  assert.match(evidence, /TLS Secret nqba-platform-tls does not exist/);
  await on.you.patch(`${ingresses}/another-ingress`, { spec: { tls: [{ secretName: 'another-tls' }] } });
  assert.match((await kubernetes().services({ kind: 'ingress' })).evidence, /another-tls may not be read/);
  await on.you.remove(`${ingresses}/another-ingress`);
});

test('manifests are saved with the rights that are shipped, a change by someone is named, and no backup is unknown', async () => {
  const worker = on.worker();
  const saved = await worker.kubernetes.saveManifests({});
  assert.match(saved.evidence, /^Saved 3 Deployments and \d HorizontalPodAutoscalers of nqba-platform/);
  await on.bob.patch(at.api, { metadata: { labels: { turn: 'one' } } });
  const { verdict, evidence } = await worker.kubernetes.compareManifests({ with: saved.facts?.digest ?? '' });
  assert.deepEqual(
    [verdict, evidence],
    ['faulty', 'Differences: 1. Deployment nqba-platform/nqba-api labels.turn: absent → one.'],
  );
  const backups = await worker.database.backups({ youngerThan: 26 });
  assert.match(backups.evidence, /^nqba-platform has no Job and no CronJob with backup in its name/);
});

test('the autoscalers here are blind and no fault: no metrics are served', async () => {
  await eventually(async () => {
    const { verdict, evidence } = await kubernetes().scaling({});
    assert.deepEqual([verdict, /install a metrics server/.test(evidence)], ['unknown', true], evidence);
  });
});

test('the last rollout is complete with its revision, and one that is paused half way is not', async () => {
  const complete = await kubernetes().rolloutStatus({ workload: 'api' });
  assert.deepEqual([complete.verdict, complete.facts?.revision, complete.facts?.available], ['healthy', 1, 3], complete.evidence);
  await on.bob.patch(at.api, { spec: { paused: true, template: { metadata: { annotations: { turn: '1' } } } } });
  await eventually(async () => {
    const { verdict, evidence } = await kubernetes().rolloutStatus({ workload: 'api' });
    assert.deepEqual([verdict, /the rollout is paused: 0 of 3 updated/.test(evidence)], ['faulty', true], evidence);
  });
});

test('a ConfigMap has the wanted values, which the worker reads and the batch worker does not', async () => {
  const { verdict, evidence, facts } = await kubernetes().configMap({
    configMap: 'quantum',
    expected: { QUANTUM_BACKEND: 'dynex' },
  });
  assert.deepEqual([verdict, facts], ['faulty', { differing: [], unreadBy: ['nqba-worker-batch'] }], evidence);
});

test('a namespace without pods is unknown', async () => {
  const deployments = '/apis/apps/v1/namespaces/monitoring/deployments';
  for (const name of ['prometheus', 'grafana']) await on.you.remove(`${deployments}/${name}`);
  await eventually(async () => {
    const { verdict, evidence } = await kubernetes().pods({ namespaces: 'monitoring' });
    assert.deepEqual([verdict, evidence.startsWith('monitoring has no pod')], ['unknown', true], evidence);
  });
});
