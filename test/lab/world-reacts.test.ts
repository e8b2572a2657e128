// The practice world on a real API server: series move when pods really change, and not before.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import { ofEach } from '../../lab/stand-ins/index.ts';
import { serveStandIns, type StandIns, type StandInsConfig } from '../../lab/stand-ins/serve.ts';
import { podsRunning } from '../../lab/world.ts';
import { type Cluster, practiceCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const namespace = 'nqba-platform';
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
let cluster: Cluster;
let practice: string;
let standIns: StandIns;

const config = (): StandInsConfig => ({
  ports: { ...ofEach(() => 0), control: 0 },
  practice,
  messages: join(practice, 'messages.jsonl'),
  kubeconfig: cluster.kubeconfigs.lab,
});

before(async () => {
  cluster = await practiceCluster();
  practice = await mkdtemp(join(tmpdir(), 'nqba-world-'));
  standIns = await serveStandIns(config());
});
after(async () => {
  await standIns.stop();
  await cluster.stop();
  await rm(practice, { recursive: true, force: true });
});

function you() {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.you);
  return { core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) };
}

const running = () => podsRunning(standIns.world(), Date.now());
const solvers = () =>
  running()
    .map(({ workload, solver }) => `${workload} on ${solver}`)
    .toSorted();
const usual = ['batch on dynex', 'worker on dynex', 'worker on dynex'];

const configure = (data: Record<string, string>) =>
  you().core.patchNamespacedConfigMap({ name: 'nqba-config', namespace, body: { data } }, merge);

const restart = (stamp: string) => {
  const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': stamp } } };
  return you().apps.patchNamespacedDeployment({ name: 'nqba-worker', namespace, body: { spec: { template } } }, merge);
};

const Answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.object({ pod: z.string(), solver: z.string() }), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

/** Share of the workers' jobs of the last two seconds that were started classically, as Prometheus tells it. */
async function classicalShare(): Promise<number> {
  const query = 'sum by (pod, solver) (increase(nqba_quantum_jobs_started_total[2s]))';
  const response = await fetch(`${standIns.urls.prometheus}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
  });
  const jobs = Answer.parse(await response.json()).data.result.filter(({ metric }) => !metric.pod.includes('batch'));
  const count = (of: typeof jobs) => of.reduce((sum, { value }) => sum + Number(value[1]), 0);
  return count(jobs.filter(({ metric }) => metric.solver === 'classical_dimod')) / count(jobs);
}

/** Looks again and again for so many milliseconds: nothing may move in that time. */
async function stays(ms: number, look: () => Promise<void> | void): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; await pause(100)) await look();
}

test('each pod that runs jobs is known by what its environment says, and the API is none of them', async () => {
  await eventually(() => assert.deepEqual(solvers(), usual));
  const [batch] = running().filter(({ workload }) => workload === 'batch');
  const [worker] = running().filter(({ workload }) => workload === 'worker');
  assert.deepEqual([worker?.fallback, batch?.fallback], [true, false]);
  await eventually(async () => assert.equal(await classicalShare(), 0));
});

test('the ConfigMap alone moves nothing; one of two pods again moves half; the whole rollout moves all', async () => {
  await configure({ QUANTUM_BACKEND: 'classical' });
  await stays(2_000, async () => assert.deepEqual([solvers(), await classicalShare()], [usual, 0]));

  const [first] = running().filter(({ workload }) => workload === 'worker');
  await you().core.deleteNamespacedPod({ name: first?.pod ?? '', namespace });
  await eventually(async () => assert.equal(await classicalShare(), 0.5));

  await restart('1');
  await eventually(async () => assert.equal(await classicalShare(), 1));
  assert.deepEqual(solvers(), ['batch on dynex', 'worker on classical', 'worker on classical']);
});

test('a rollout that the quota blocks moves nothing', async () => {
  const quota = { name: 'nqba-platform-quota', namespace };
  await you().core.patchNamespacedResourceQuota({ ...quota, body: { spec: { hard: { pods: '6' } } } }, merge);
  await configure({ QUANTUM_BACKEND: 'dynex' });
  const before = running();
  await restart('2');
  await stays(2_000, async () => assert.deepEqual([running(), await classicalShare()], [before, 1]));
});

test('a second start goes on with the records of the first', async () => {
  const before = running();
  await standIns.stop();
  standIns = await serveStandIns(config());
  await stays(1_500, () => assert.deepEqual(running(), before));
});

test('while the API server does not answer, the pods go on as they were last seen', async () => {
  const before = running();
  await cluster.stop();
  await stays(1_500, () => assert.deepEqual(running(), before));
});
