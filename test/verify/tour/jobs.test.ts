/** Incidents of quantum jobs, once each on real servers: alert, cause, write, recovery, closed. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settledStep } from '../../../lab/guide/following.ts';
import { jobsThatWait, until } from '../../../lab/scenarios/ground.ts';
import { Tour } from '../../support/touring.ts';

let tour: Tour;
before(async () => {
  tour = await Tour.start(['delayed-jobs', 'quantum-job-failures', 'dynex-service-outage']);
});
after(() => tour?.stop());

const fallback = ['configmaps/nqba-config', 'deployments/nqba-worker'];

test('Delayed Jobs: more workers drain the queue, and their floor is restored before it has recovered', async () => {
  const since = new Date();
  await tour.platform.set('api', 'busy');
  await until('more than 100 jobs wait', async () => (await jobsThatWait(tour.ground)) > 100);
  const incident = await tour.alerted('JobQueueDeep');
  await tour.answering(incident, ({ phases }) => phases.some(({ title }) => title === 'Recovery'));
  assert.match(await tour.said('list'), /take-back-\S+ +- +undoes later/);
  await tour.platform.set('api', 'healthy');
  await until('fewer than 20 jobs wait', async () => (await jobsThatWait(tour.ground)) < 20);
  const { outcome, standing } = await tour.closed(incident, { alert: 'JobQueueDeep' });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  const floor = 'horizontalpodautoscalers/nqba-worker';
  assert.deepEqual(await tour.written(since), [floor, floor, floor]);
});

test('Quantum Job Failures: jobs are held, then run classically, and all are let in again', async () => {
  const since = new Date();
  const answers = { 'Restart failed solvers': 'not now' };
  await tour.platform.set('dynex', 'mock');
  const incident = await tour.alerted('QuantumJobFailureRateHigh');
  const step = 'Implement fallback to classical solvers';
  await tour.answering(incident, report => settledStep(report, step) !== undefined, answers);
  const held = settledStep(await incident.report(), 'Pause New Jobs');
  assert.deepEqual([held?.state, held?.effect?.measured], ['done', 'whole'], held?.because);
  await tour.platform.set('dynex', 'healthy');
  const { outcome, standing } = await tour.closed(incident, { alert: 'QuantumJobFailureRateHigh', answers });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await tour.written(since), [...fallback, ...fallback]);
  const intake = await fetch(`${tour.platform.environment.NQBA_API_URL}/api/v1/qih/intake`);
  assert.deepEqual(await intake.json(), { percent: 100 });
});

test('Dynex Service Outage: opened before Dynex is measured as faulty, it sets the fallback once that is measured', async () => {
  const since = new Date();
  const incident = await tour.opened('dynex-service-outage');
  await incident.asked('Enable classical fallback immediately');
  await tour.platform.set('dynex', 'down');
  await incident.until('the fallback', report => settledStep(report, 'Enable classical fallback immediately'));
  await tour.platform.set('dynex', 'healthy');
  const { outcome, standing } = await tour.closed(incident);
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await tour.written(since), [...fallback, ...fallback]);
});
