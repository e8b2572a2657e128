import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start();
});
after(() => platform?.stop());

const secret = 'nqba-secrets-dynex-a';
const key = 'dnx_new_5e81f0';

/** What the quantum specialist does in the portal, and with kubectl. */
async function putNewKey() {
  const config = new KubeConfig();
  config.loadFromFile(platform.practice.cluster.kubeconfigs.you);
  const body = { metadata: { name: secret }, stringData: { 'dynex-api-key': key } };
  await config.makeApiClient(CoreV1Api).createNamespacedSecret({ namespace: 'nqba-platform', body });
}

test('a revoked key is replaced: named by its Secret, approved, taken by one workload after the other though the worker is killed, and never told', async () => {
  const since = new Date();
  await platform.set('dynex', 'unauthorised');
  const incident = await platform.open(since);
  const breaker = await incident.asked('Activate Circuit Breaker');
  await incident.decide(breaker.id, 'approve', 'ann');
  const cause = await incident.asked('What is the cause?');
  assert.equal(cause.suggest, 'Authentication Issue');
  await incident.decide(cause.id, 'Authentication Issue', 'ann');

  const named = await incident.asked('Rotate Dynex API keys');
  await putNewKey();
  const says = { question: named.id, choice: 'secret name', text: secret, by: 'quinn' };
  await platform.temporal.tell(await incident.incident(), 'decide', says);
  const plan = await incident.asked('Update configuration');
  await incident.decide(plan.id, 'approve', 'quinn');
  await platform.killWorker();
  const back = await incident.asked('Gradual Rollback: 100%');
  await incident.decide(back.id, 'approve', 'ann');
  await incident.until('resolved', ({ state }) => (state === 'resolved' || state === 'closed' ? state : undefined));
  await platform.deliver(since, new Date());
  const report = await incident.until('closed', found => (found.state === 'closed' ? found : undefined));

  assert.equal(report.outcome, 'recovered');
  const update = report.steps.find(({ title }) => title === 'Update configuration');
  assert.deepEqual([update?.state, update?.changes.length], ['done', 3], update?.evidence);
  const written = (await platform.writes(since)).filter(({ resource }) => resource === 'deployments').length;
  assert.equal(written, 5, 'two restarts of the breaker, and each workload once');
  assert.ok(!JSON.stringify(report).includes(key.slice(4)));

  const undone = await platform.cli('undo', incident.name, '--as', 'ann', '--wait', '2m');
  assert.equal(undone.code, 0, undone.stderr + undone.stdout);
});
