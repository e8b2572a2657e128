// A quota that refuses, on a real Temporal and a real Kubernetes API, over the death of a worker and a roll-over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start({ rollOverAfter: 40 });
});
after(() => platform?.stop());

const at = { name: 'nqba-platform-quota', namespace: 'nqba-platform' };

/** Room for one more CPU: the surge of the worker needs four. */
async function fillTheQuota() {
  const config = new KubeConfig();
  config.loadFromFile(platform.practice.cluster.kubeconfigs.you);
  const core = config.makeApiClient(CoreV1Api);
  const body = await core.readNamespacedResourceQuota(at);
  body.spec = { hard: { ...body.spec?.hard, 'limits.cpu': '23' } };
  await core.replaceNamespacedResourceQuota({ ...at, body });
}

test('a quota refuses the breaker: a replica is given back though the worker is killed, the breaker opens, jobs return, and so does the replica', async () => {
  const since = new Date();
  await fillTheQuota();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  const stuck = await incident.asked('Activate Circuit Breaker');
  assert.match(stuck.because ?? '', /exceeded quota: nqba-platform-quota/);
  await incident.decide(stuck.id, 'give back a replica, then retry', 'ann');
  const plan = await incident.asked('Give back a replica: Activate Circuit Breaker');
  await incident.decide(plan.id, 'approve', 'ann');
  await platform.killWorker();
  const report = await platform.seeThrough(incident, since);

  assert.equal(report.outcome, 'recovered');
  const written = (await platform.writes(since)).map(({ resource, name }) => `${resource}/${name}`);
  const replica = ['horizontalpodautoscalers/nqba-worker', 'deployments/nqba-worker'];
  const setting = ['configmaps/nqba-config', 'deployments/nqba-worker'];
  assert.deepEqual(written, [...replica, ...setting, ...setting, ...replica.toReversed()]);
});
