/** Incidents of quantum jobs and of Dynex. */

import assert from 'node:assert/strict';
import { settledStep } from '../../../../lab/guide/following.ts';
import { jobsThatWait, until } from '../../../../lab/scenarios/ground.ts';
import type { Tour } from '../../../support/touring.ts';
import { answerWithSecret, isSettled, type Row, searched, storeSecret } from './row.ts';

const takesJobs = async ({ platform }: Tour) => {
  const { DYNEX_API_URL } = platform.environment;
  return (await fetch(`${DYNEX_API_URL}/api/health`)).ok;
};

const delayedJobs: Row = {
  runbook: 'delayed-jobs',
  isOver: async tour => (await jobsThatWait(tour.ground)) < 20,
  async run(tour) {
    await tour.platform.set('api', 'busy');
    await until('more than 100 jobs wait', async () => (await jobsThatWait(tour.ground)) > 100);
    const incident = await tour.alerted('JobQueueDeep');
    const answers = await searched(tour, incident, [
      { cause: 'Database Bottleneck' },
      { cause: 'Resource Exhaustion' },
      { cause: 'Worker Bottleneck' },
    ]);
    await tour.answering(incident, isSettled('Scale up worker instances'), answers);
    assert.match(await tour.said('list'), /take-back-\S+ +- +undoes later/);
    await tour.platform.set('api', 'healthy');
    await until('fewer than 20 jobs wait', async () => (await jobsThatWait(tour.ground)) < 20);
    return tour.closed(incident, { alert: 'JobQueueDeep', answers });
  },
};

const jobFailures: Row = {
  runbook: 'quantum-job-failures',
  isOver: takesJobs,
  async run(tour) {
    await tour.platform.set('dynex', 'mock');
    const incident = await tour.alerted('QuantumJobFailureRateHigh');
    const answers = await searched(tour, incident, [
      { cause: 'Parameter Issue' },
      { cause: 'Resource Issue' },
      { cause: 'Solver Issue' },
    ]);
    await tour.answering(incident, isSettled('Implement fallback to classical solvers'), answers);
    const held = settledStep(await incident.report(), 'Pause New Jobs');
    assert.deepEqual([held?.state, held?.effect?.measured], ['done', 'whole'], held?.because);
    await tour.platform.set('dynex', 'healthy');
    await tour.closed(incident, { alert: 'QuantumJobFailureRateHigh', answers });
    const intake = await fetch(`${tour.platform.environment.NQBA_API_URL}/api/v1/qih/intake`);
    assert.deepEqual(await intake.json(), { percent: 100 });
    return incident;
  },
};

const serviceOutage: Row = {
  runbook: 'dynex-service-outage',
  isOver: takesJobs,
  /** Opened before Dynex is measured as faulty. */
  async run(tour) {
    const incident = await tour.opened('dynex-service-outage');
    await incident.asked('Enable classical fallback immediately');
    await tour.platform.set('dynex', 'down');
    await incident.until('the fallback', report => settledStep(report, 'Enable classical fallback immediately'));
    await tour.platform.set('dynex', 'healthy');
    return tour.closed(incident);
  },
};

/** The rotation before has put the first of them into use. */
const second = 'nqba-secrets-dynex-b';

/** Dynex comes back with made-up results, and with true ones once the key is another. */
const outage: Row = {
  runbook: 'dynex-outage',
  isOver: takesJobs,
  async run(tour) {
    await tour.platform.set('dynex', 'down');
    const incident = await tour.alerted('DynexHealthCheckFailed');
    await storeSecret(tour, second, { 'dynex-api-key': 'dnx_new_77c2a9' });
    const answers = await searched(tour, incident, [
      { cause: 'Network/Configuration Issue', before: () => tour.platform.set('dynex', 'mock') },
      { cause: 'Dynex Platform Issue' },
      { cause: 'Authentication Issue', after: () => answerWithSecret(tour, incident, 'Rotate Dynex API keys', second) },
    ]);
    await tour.platform.set('dynex', 'healthy');
    return tour.closed(incident, { alert: 'DynexHealthCheckFailed', answers });
  },
};

export const quantum: Row[] = [delayedJobs, jobFailures, serviceOutage, outage];
