/** The operations, once each on real servers: started by hand, run to their result. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { Following } from '../../../lab/guide/following.ts';
import { jobsThatWait, until } from '../../../lab/scenarios/ground.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { type Answers, Tour } from '../../support/touring.ts';

let tour: Tour;
before(async () => {
  tour = await Tour.start(['quantum-workload-scaling', 'quantum-api-key-rotation', 'quantum-job-optimization']);
});
after(() => tour?.stop());

const hasEnded = ({ state }: Report) => state === 'closed';

async function ended(operation: Following, answers?: Answers): Promise<Report> {
  await tour.answering(operation, hasEnded, answers);
  return operation.report();
}

/** Checks that could not be done, with why. */
const unknown = ({ steps }: Report) =>
  steps.filter(({ state }) => state === 'unknown').map(({ title, evidence }) => `${title}: ${evidence}`);

for (const slug of ['morning-health-check', 'log-review'])
  test(`${slug}: everything is checked, and nothing is written`, async () => {
    const since = new Date();
    const report = await ended(await tour.started(slug));
    assert.equal(report.outcome, 'done');
    assert.deepEqual(unknown(report), []);
    assert.deepEqual(await tour.written(since), []);
  });

test('weekly-maintenance-window: it asks by day whether anything is planned, waits for its Sunday, and can be called off', async () => {
  const since = new Date();
  const operation = await tour.started('weekly-maintenance-window');
  const planned = await operation.asked('Is anything planned?');
  await operation.decide(planned.id, 'yes', 'ann');
  const notice = await operation.asked('Notify stakeholders');
  assert.match(notice.because ?? '', /Sunday, \d{4}-\d\d-\d\d, 02:00 to 04:00 UTC/);
  await operation.decide(notice.id, 'sent', 'ann');
  await tour.said('cancel', operation.name, '--reason', 'the tour does not wait for Sunday', '--as', 'ann');
  await ended(operation);
  assert.deepEqual(await tour.written(since), []);
});

test('quantum-workload-scaling: as many workers as finish the queue in ten minutes', async () => {
  const since = new Date();
  await tour.platform.set('api', 'busy');
  await until('more than 60 jobs wait', async () => (await jobsThatWait(tour.ground)) > 60);
  const operation = await tour.started('quantum-workload-scaling', '--workers', '4');
  await operation.until('more workers', ({ steps }) =>
    steps.find(({ title, state }) => title.startsWith('Monitor') && state === 'running'),
  );
  await tour.platform.set('api', 'healthy');
  const report = await ended(operation);
  assert.deepEqual([report.outcome, unknown(report)], ['done', []]);
  assert.deepEqual(await tour.written(since), ['horizontalpodautoscalers/nqba-worker']);
  await tour.said('undo', operation.name, '--as', 'ann', '--wait', '1m');
});

test('quantum-job-optimization: resources and batches are approved, and measured before and after', async () => {
  const since = new Date();
  const operation = await tour.started('quantum-job-optimization');
  const report = await ended(operation);
  assert.deepEqual([report.outcome, unknown(report)], ['done', []]);
  const written = await tour.written(since);
  assert.ok(written.includes('configmaps/nqba-config'), written.join());
  await tour.said('undo', operation.name, '--as', 'ann', '--wait', '2m');
});

test('quantum-api-key-rotation: the new key is taken by one workload after the other, and the old one is refused at the end', async () => {
  const since = new Date();
  const secret = 'nqba-secrets-dynex-a';
  const operation = await tour.started('quantum-api-key-rotation');
  const named = await operation.asked('Generate new Dynex API key');
  const config = new KubeConfig();
  config.loadFromFile(tour.platform.practice.cluster.kubeconfigs.you);
  const body = { metadata: { name: secret }, stringData: { 'dynex-api-key': 'dnx_new_5e81f0' } };
  await config.makeApiClient(CoreV1Api).createNamespacedSecret({ namespace: 'nqba-platform', body });
  const says = { question: named.id, choice: 'secret name', text: secret, by: 'quinn' };
  await tour.platform.temporal.tell(await operation.incident(), 'decide', says);
  const revoke = 'Verify quantum jobs still work: revoke the old key';
  await tour.answering(operation, ({ questions }) => questions.some(({ title }) => title === revoke));
  await tour.platform.set('dynex', 'unauthorised');
  const report = await ended(operation);
  await tour.platform.set('dynex', 'healthy');
  assert.deepEqual([report.outcome, unknown(report)], ['done', []]);
  assert.deepEqual(await tour.written(since), [
    'deployments/nqba-worker',
    'deployments/nqba-worker-batch',
    'deployments/nqba-api',
  ]);
});
