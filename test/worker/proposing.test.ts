/** A description proposed from what a cluster lists: names, marks, and nothing made up. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { connectKubernetes } from '../../activities/connectors/kubernetes.ts';
import { type Answered, type Measured } from '../../worker/proposing/measured.ts';
import { proposal } from '../../worker/proposing/description.ts';
import { seeCluster } from '../../worker/proposing/seen.ts';
import { fetchOf, type Held } from '../activities/kubernetes/cluster-of.ts';
import { virtualClock } from '../activities/bare.ts';

const workload = (
  name: string,
  { namespace = 'shop', containers = ['main'], selector = { app: name }, env = [] }: Spec = {},
) => ({
  metadata: { name, namespace, labels: {} },
  spec: {
    selector: { matchLabels: selector },
    template: { metadata: { labels: selector }, spec: { containers: containers.map(called => ({ name: called, env })) } },
  },
});

interface Spec {
  namespace?: string;
  containers?: string[];
  selector?: Record<string, string>;
  env?: object[];
}

async function proposed(held: Held, measured?: Measured, chosen?: Map<string, string>) {
  const kubernetes = connectKubernetes({ fetch: fetchOf(held) }, virtualClock());
  const seen = await seeCluster(kubernetes, [], chosen);
  const { platform, marks } = proposal({ seen, measured, cluster: { name: 'west', from: 'as KUBECONFIG calls it' } });
  return { platform, marks: marks.map(({ field, is, text }) => `${is} ${field}: ${text}`).join('\n') };
}

const deployments = (...all: object[]): Held => ({ others: { deployments: all } });

test('a workload is called api, worker or batch where its name ends so, and only one does', async () => {
  const { platform, marks } = await proposed(deployments(workload('our-api'), workload('mail-worker'), workload('print-worker')));
  assert.deepEqual(Object.keys(platform.workloads), ['api', 'mail-worker', 'print-worker']);
  assert.match(marks, /^confirm workloads\.api: shop\/our-api, by its name$/m);
  assert.match(
    marks,
    /^missing workloads\.worker: several may be it: shop\/mail-worker, shop\/print-worker; --workload worker=NAME chooses it$/m,
  );
  assert.match(marks, /^missing workloads\.batch: no workload is called so/m);
});

test('a workload that people chose is called so whatever its own name is, and one that is not there is refused', async () => {
  const held = deployments(workload('cruncher'), workload('our-worker'), workload('web'), workload('web', { namespace: 'mail' }));
  const chosen = new Map([
    ['worker', 'cruncher'],
    ['batch', 'mail/web'],
  ]);
  const { platform, marks } = await proposed(held, undefined, chosen);
  const named = Object.entries(platform.workloads).map(([role, { namespace, name }]) => `${role}: ${namespace}/${name}`);
  assert.deepEqual(named, ['worker: shop/cruncher', 'our-worker: shop/our-worker', 'shop-web: shop/web', 'batch: mail/web']);
  assert.doesNotMatch(marks, /workloads\.(worker|batch)/);
  await assert.rejects(
    proposed(held, undefined, new Map([['worker', 'solver']])),
    /No workload is called solver; there are shop\//,
  );
  await assert.rejects(proposed(held, undefined, new Map([['worker', 'web']])), /Several workloads are called web; there are/);
});

test('two of one name are told apart by their namespaces', async () => {
  const { platform } = await proposed(deployments(workload('web'), workload('web', { namespace: 'mail' })));
  assert.deepEqual(Object.keys(platform.workloads), ['shop-web', 'mail-web']);
});

test('a workload without labels to find its pods by is left out, and a container that was chosen is to be confirmed', async () => {
  const { platform, marks } = await proposed(
    deployments(workload('bare', { selector: {} }), workload('web', { containers: ['web', 'proxy'] })),
  );
  assert.deepEqual(Object.keys(platform.workloads), ['web']);
  assert.match(marks, /Deployment shop\/bare is left out: its selector has no matchLabels/);
  assert.match(marks, /^confirm workloads\.web\.container: the first of web, proxy$/m);
});

test('equipment of the cluster is left out unless it is named, and what may not be listed is told', async () => {
  const held = deployments(workload('web'), workload('grafana', { namespace: 'monitoring' }));
  const { platform, marks } = await proposed({ ...held, forbidden: ['/ingresses'] });
  assert.deepEqual(platform.namespaces, { shop: 'shop' });
  assert.match(marks, /^confirm namespaces: left out: monitoring; --namespace takes one$/m);
  assert.match(marks, /^missing namespaces: not read: Ingress in shop: Kubernetes answered 403/m);
  await assert.rejects(proposed(deployments(workload('dns', { namespace: 'kube-system' }))), {
    message: 'There is no workload to describe in any namespace; left out are kube-system, which --namespace takes.',
  });
});

test('jobs without a ConfigMap that moves them leave the section quantum out, with what it lacks', async () => {
  const key = { name: 'DYNEX_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'dynex' } } };
  const { platform, marks } = await proposed(deployments(workload('solver', { env: [key] })));
  assert.equal(platform.quantum, undefined);
  assert.match(marks, /^missing quantum: is left out: no ConfigMap that its pods read has a key of the setting/m);
});

test('a question without samples, and one without an answer, are told each with why', async () => {
  const answers: Answered[] = [
    { name: 'database up', query: 'max(pg_up)', samples: [] },
    { name: 'replicas ready', query: 'x', said: 'Prometheus cannot be reached' },
    { name: 'logins', query: 'y', samples: [{ labels: {}, value: 1 }] },
  ];
  const { marks } = await proposed(deployments(workload('web')), new Map(answers.map(one => [one.name, one])));
  assert.match(marks, /^missing queries\["database up"\]: no samples of max\(pg_up\)$/m);
  assert.match(marks, /^missing queries\["replicas ready"\]: Prometheus cannot be reached$/m);
  assert.match(marks, /^missing access: left out, though there is series for logins/m);
  assert.match((await proposed(deployments(workload('web')))).marks, /queries: Prometheus was not asked/);
});
