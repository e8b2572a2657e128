/** The installation as it is shipped: its files as they stand, without kustomize, without a cluster. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { manifests } from '../lab/kubernetes/manifests.ts';
import { secretVariables } from '../activities/connectors/index.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));
const shipped = await manifests(join(root, 'deploy/install'));

const container = z.looseObject({
  name: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  securityContext: z.unknown(),
  resources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }),
  volumeMounts: z.array(z.looseObject({ name: z.string() })),
});
const deployment = z
  .object({
    spec: z.object({
      template: z.object({
        metadata: z.object({ labels: z.record(z.string(), z.string()) }),
        spec: z.looseObject({
          serviceAccountName: z.string(),
          automountServiceAccountToken: z.literal(false),
          securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.number() }),
          containers: z.array(container),
        }),
      }),
    }),
  })
  .parse(shipped.find(({ kind }) => kind === 'Deployment'));
const { containers } = deployment.spec.template.spec;
const [previous] = await manifests(join(root, 'deploy/versions/previous'));

test('worker and intake run without root, without privileges and on a read-only file system', () => {
  assert.deepEqual(
    containers.map(({ name, args }) => [name, args]),
    [
      ['worker', ['worker']],
      ['intake', ['intake']],
    ],
  );
  const confined = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
  for (const { securityContext } of containers) assert.deepEqual(securityContext, confined);
  assert.match(readFileSync(join(root, 'Dockerfile'), 'utf8'), /^USER 1000:1000$/m);
});

test('a worker of an earlier version is the same worker, but that it has a version and a name of its own', () => {
  const { spec } = z.object({ spec: z.looseObject({ template: z.object({ spec: z.looseObject({}) }) }) }).parse(previous);
  const { containers: others, ...pod } = spec.template.spec;
  const { containers: _, ...own } = deployment.spec.template.spec;
  assert.deepEqual(pod, own);
  const [worker, ...more] = z.array(container).parse(others);
  const version = ['WORKER_DEPLOYMENT', 'WORKER_BUILD_ID'];
  assert.deepEqual(more, []);
  assert.deepEqual({ ...worker, env: worker?.env.filter(({ name }) => !version.includes(name)) }, containers[0]);
});

test('both share ARTIFACTS, the worker alone has a token of the API server, and the intake lives in 512 MiB', () => {
  const mounting = (volume: string) =>
    containers.filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === volume)).map(({ name }) => name);
  assert.deepEqual([mounting('artifacts'), mounting('account')], [['worker', 'intake'], ['worker']]);
  assert.equal(containers.find(({ name }) => name === 'intake')?.resources.limits.memory, '512Mi');
});

test('Service, NetworkPolicy, PodDisruptionBudget and ServiceMonitor mean these pods and ports that they have', () => {
  const labels = 'app.kubernetes.io/name: nqba-runbooks';
  const files = ['service', 'network-policy', 'disruption-budget', 'monitoring/service-monitor'];
  const ports = containers.flatMap(({ ports }) => ports.map(({ name }) => name));
  assert.equal(deployment.spec.template.metadata.labels['app.kubernetes.io/name'], 'nqba-runbooks');
  for (const file of files) {
    const text = readFileSync(join(root, `deploy/install/${file}.yaml`), 'utf8');
    assert.ok(text.includes(labels), file);
    for (const [, port = ''] of text.matchAll(/\b(?:port|targetPort): ([a-z-]+)/g))
      assert.ok(ports.includes(port), `${file}: ${port}`);
  }
});

test('the PrometheusRule has the rules that promtool tries', () => {
  const { spec } = z.object({ spec: z.unknown() }).parse(read('deploy/install/monitoring/prometheus-rule.yaml'));
  assert.deepEqual(spec, read('deploy/prometheus/rules/nqba-runbooks.yaml'));
});

test('the hold is neither pruned nor overwritten by Flux and Argo CD', () => {
  const { metadata } = z
    .object({ metadata: z.object({ annotations: z.record(z.string(), z.string()) }) })
    .parse(read('deploy/kubernetes/hold.yaml'));
  assert.deepEqual(metadata.annotations, {
    'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent',
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  });
});

test('the Secret template holds variables that are read, and no value', () => {
  const { stringData } = z
    .object({ stringData: z.record(z.string(), z.string()) })
    .parse(read('deploy/install/secret.template.yaml'));
  const known = [...secretVariables(), 'INTAKE_TOKEN', 'PAGERDUTY_WEBHOOK_SECRET', 'TEMPORAL_API_KEY'];
  for (const [name, value] of Object.entries(stringData)) assert.deepEqual([known.includes(name), value], [true, ''], name);
});

test('Prometheus scrapes worker and intake where each serves its metrics, under the jobs that our rules name', () => {
  const endpoint = z.looseObject({ port: z.string(), relabelings: z.array(z.looseObject({ replacement: z.string() })) });
  const { spec } = z
    .object({ spec: z.looseObject({ endpoints: z.array(endpoint) }) })
    .parse(read('deploy/install/monitoring/service-monitor.yaml'));
  const served = (name: string, variable: string, job: string) => {
    const { env = [], ports = [] } = containers.find(one => one.name === name) ?? {};
    const given = env.find(one => one.name === variable)?.value;
    const { port } = spec.endpoints.find(({ relabelings }) => relabelings.some(one => one.replacement === job)) ?? {};
    assert.equal(`${ports.find(one => one.name === port)?.containerPort}`, given, job);
    assert.match(readFileSync(join(root, 'deploy/prometheus/rules/nqba-runbooks.yaml'), 'utf8'), new RegExp(`job="${job}"`));
  };
  served('worker', 'WORKER_PORT', 'nqba-runbooks-worker');
  served('intake', 'INTAKE_METRICS_PORT', 'nqba-runbooks-intake');
});
