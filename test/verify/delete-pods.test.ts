/** Pods of a frozen list are evicted one after the other, each once, on a real API server with a real PodDisruptionBudget. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { freeze } from '../../activities/engine/frozen-list.ts';
import { eventually } from '../support/eventually.ts';
import { because, done, planned } from '../activities/outcomes.ts';
import { type Activities, at, clock, type Stage, stage } from '../activities/stage.ts';
import { connectKubernetes, type Kubernetes } from '../../activities/connectors/kubernetes.ts';
import { pods } from '../../activities/connectors/resources.ts';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const key = 'run-1/Resolution Steps/Restart stuck workers/1';
const budget = '/apis/policy/v1/namespaces/nqba-platform/poddisruptionbudgets';
const namespace = 'nqba-platform';

/** The pods of the API as a check would have frozen them, and workers that share one artifact store. */
async function frozen() {
  const artifacts = connectArtifacts({ folder: await mkdtemp(join(tmpdir(), 'nqba-lists-')) });
  const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  const items = (await kubernetes.list(pods, namespace, { component: 'api' })).map(({ metadata: { name, uid } }) => ({
    namespace,
    name,
    uid,
  }));
  const list = await freeze(artifacts, 'stuck pods', items);
  const worker = (systems: object = {}) => on.worker({ systems: { artifacts, ...systems } });
  const approved = async (by: Activities) => {
    const { digest } = planned(await by.kubernetes.deletePods({ list }, { key }));
    return by.kubernetes.deletePods({ list }, { key, approved: digest });
  };
  return { list, items, worker, approved };
}

const evictions = async () => (await on.writes()).filter(({ what }) => what.startsWith('create pods/')).length;
const isThere = async (name: string) =>
  (await on.you.get(`/api/v1/namespaces/${namespace}/pods/${name}`).catch(() => undefined)) !== undefined;

test('asked with a count and a sample, then each pod is evicted once; again nothing is left to do', async () => {
  const { list, items, worker, approved } = await frozen();
  const before = await evictions();
  const asked = await worker().kubernetes.deletePods({ list }, { key });
  assert.equal(because(asked), 'approval');
  assert.match(planned(asked).summary, /The 3 pods of “stuck pods” are deleted/);
  assert.equal(await evictions(), before);
  const { effect } = done(await approved(worker()));
  assert.deepEqual([effect.measured, effect.text], ['whole', 'All 3 pods are gone.']);
  assert.equal((await evictions()) - before, 3);
  for (const { name } of items) assert.equal(await isThere(name), false);
  done(await worker().kubernetes.deletePods({ list }, { key }));
  assert.equal((await evictions()) - before, 3);
});

/** Kubernetes as our worker has it, but the process dies after so many evictions. */
function dyingAfter(count: number): { kubernetes: Kubernetes } {
  const real = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  let evicted = 0;
  return {
    kubernetes: {
      ...real,
      async evict(...asked) {
        await real.evict(...asked);
        if ((evicted += 1) === count) throw new Error('SIGKILL');
      },
    },
  };
}

test('a worker that dies after the second is followed by one that evicts only the third', async () => {
  const { worker, approved, list } = await frozen();
  const before = await evictions();
  await assert.rejects(approved(worker(dyingAfter(2))), /SIGKILL/);
  done(await worker().kubernetes.deletePods({ list }, { key }));
  assert.equal((await evictions()) - before, 3);
});

test('a PodDisruptionBudget is waited for, and when it does not give way the rest is not touched', async () => {
  const { approved, worker } = await frozen();
  const selector = { matchLabels: { component: 'api' } };
  await on.you.create(budget, { metadata: { name: 'keep' }, spec: { minAvailable: 3, selector } });
  await eventually(async () => assert.equal((await on.you.get(`${budget}/keep`)).status?.['observedGeneration'], 1));
  const failure = {
    type: 'Refused',
    message: /0 of 3 are done\. Then Pod nqba-platform\/nqba-api-.*disruption budget.*The rest was not touched/,
  };
  await assert.rejects(approved(worker()), failure);
  await on.you.remove(`${budget}/keep`);
});

test('a PodDisruptionBudget that gives way is waited for, and the pods go then', async () => {
  const { approved, worker } = await frozen();
  const selector = { matchLabels: { component: 'api' } };
  await on.you.create(budget, { metadata: { name: 'keep' }, spec: { minAvailable: 3, selector } });
  await eventually(async () => assert.equal((await on.you.get(`${budget}/keep`)).status?.['observedGeneration'], 1));
  const real = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  let refusals = 0;
  const kubernetes: Kubernetes = {
    ...real,
    evict: (...asked) =>
      real.evict(...asked).catch(async error => {
        if ((refusals += 1) === 2) await on.you.remove(`${budget}/keep`);
        throw error;
      }),
  };
  assert.equal(done(await approved(worker({ kubernetes }))).effect.measured, 'whole');
  assert.ok(refusals >= 2);
});

test('a pod of the same name with another uid is not the one that was frozen', async () => {
  const { items, worker } = await frozen();
  const artifacts = connectArtifacts({ folder: await mkdtemp(join(tmpdir(), 'nqba-lists-')) });
  const [first] = items;
  assert.ok(first);
  const other = await freeze(artifacts, 'stuck pods', [{ ...first, uid: 'another' }]);
  const by = worker({ artifacts });
  const before = await evictions();
  const { digest } = planned(await by.kubernetes.deletePods({ list: other }, { key }));
  assert.equal(done(await by.kubernetes.deletePods({ list: other }, { key, approved: digest })).effect.measured, 'whole');
  assert.equal((await evictions()) - before, 0);
});

test('more than the cap is refused, a list that is gone is named, and a hold between two stops the next', async () => {
  const { worker, list, approved } = await frozen();
  const artifacts = connectArtifacts({ folder: await mkdtemp(join(tmpdir(), 'nqba-lists-')) });
  const many = Array.from({ length: 21 }, (_, index) => ({ namespace, name: `p-${index}`, uid: String(index) }));
  const tooLong = await freeze(artifacts, 'stuck pods', many);
  await assert.rejects(worker({ artifacts }).kubernetes.deletePods({ list: tooLong }, { key }), {
    message: /has 21 items, and 20 are the most/,
  });
  await assert.rejects(worker({ artifacts }).kubernetes.deletePods({ list }, { key }), {
    message: /no longer has the list “stuck pods”.*repeat the check/,
  });
  const real = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  const before = await evictions();
  const holding = {
    kubernetes: {
      ...real,
      async evict(...asked: Parameters<Kubernetes['evict']>) {
        await real.evict(...asked);
        await on.you.patch(at.hold, { data: { hold: 'wait' } });
      },
    },
  };
  assert.equal(because(await approved(worker(holding))), 'held');
  assert.equal((await evictions()) - before, 1);
});
