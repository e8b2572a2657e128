/** Incidents of quantum jobs and of Dynex. */

import assert from 'node:assert/strict';
import { AppsV1Api, KubeConfig } from '@kubernetes/client-node';
import { Client } from 'pg';
import { z } from 'zod';
import { type Following, settledStep } from '../../../../lab/guide/following.ts';
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
    const since = new Date();
    await tour.platform.set('api', 'busy');
    await until('more than 100 jobs wait', async () => (await jobsThatWait(tour.ground)) > 100);
    await until('the oldest waits for more than half an hour of this pace', async () => (await oldestWait(tour)) > 35_000);
    const incident = await tour.alerted('JobQueueDeep');
    const answers = await searched(tour, incident, [
      { cause: 'Database Bottleneck', before: () => Promise.all([slowStatement(tour, 1.5), dynexIsSlow(tour)]) },
      { cause: 'Resource Exhaustion', before: () => Promise.all([slowStatement(tour, 0), slowStatement(tour, 0)]) },
      { cause: 'Worker Bottleneck', before: () => tour.platform.set('dynex', 'healthy') },
    ]);
    await tour.answering(incident, isSettled('Scale up worker instances'), answers);
    assert.match(await tour.said('list'), /take-back-\S+ +- +undoes later/);
    await tour.closed(incident, { alert: 'JobQueueDeep', answers });
    assert.notDeepEqual(tour.mailed(/jobs run without delay again/, since), [], 'no owner of a delayed job had a mail');
    return incident;
  },
};

const Jobs = z.array(z.looseObject({ created_at: z.string() }));

/** Milliseconds, by the hub, which has the newest first. */
async function oldestWait(tour: Tour): Promise<number> {
  const waiting = await jobsThatWait(tour.ground);
  const jobs = await jobsOf(tour, { status: 'queued', offset: String(Math.max(0, waiting - 10)) });
  return Math.max(0, ...jobs.map(({ created_at }) => Date.now() - Date.parse(created_at)));
}

async function jobsOf({ platform }: Tour, asked: Record<string, string>): Promise<z.output<typeof Jobs>> {
  const query = new URLSearchParams({ limit: '100', ...asked });
  const answer = await fetch(`${platform.environment.NQBA_API_URL}/api/v1/qih/jobs?${query.toString()}`);
  return Jobs.parse(await answer.json());
}

/** No more jobs come in than usual, but each takes so long that it holds up its worker: no round before has helped. */
async function dynexIsSlow({ platform }: Tour) {
  await platform.set('dynex', 'slow');
  await platform.set('api', 'healthy');
}

/** Of the mean of its calls the database's check judges. */
async function slowStatement({ platform }: Tour, seconds: number): Promise<void> {
  const client = new Client({ connectionString: platform.environment.DATABASE_URL });
  await client.connect();
  try {
    await client.query('select pg_sleep($1)', [seconds]);
  } finally {
    await client.end();
  }
}

const jobFailures: Row = {
  runbook: 'quantum-job-failures',
  isOver: takesJobs,
  async run(tour) {
    const since = new Date();
    await tour.platform.set('dynex', 'refused');
    // Made-up results are no failed jobs.
    await until('ten jobs have failed', async () => (await jobsOf(tour, { status: 'failed' })).length >= 10);
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
    assert.notDeepEqual(tour.mailed(/jobs succeed again/, since), [], 'no owner of a failed job had a mail');
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

const key = 'dynex-api-key';
const [one, other] = ['nqba-secrets-dynex-a', 'nqba-secrets-dynex-b'];
const isInUse = 'Test with new API keys if necessary: use';

/**
 * A key was rotated where it lay, so that pods hold the former one, and Dynex fails again after they have another; it comes back with
 * made-up results, and with true ones once the key is changed once more.
 */
const outage: Row = {
  runbook: 'dynex-outage',
  isOver: takesJobs,
  async run(tour) {
    await tour.platform.set('dynex', 'down');
    const incident = await tour.alerted('DynexHealthCheckFailed');
    const answers = await searched(tour, incident, [
      {
        cause: 'Network/Configuration Issue',
        before: () => rotateInPlace(tour),
        after: () => testNewKey(tour, incident),
        answers: { 'Gradual Rollback: 100%': 'skip' },
      },
      { cause: 'Dynex Platform Issue', before: () => storeSecret(tour, one, { [key]: 'dnx_new_77c2a9' }) },
      { cause: 'Authentication Issue', after: () => answerWithSecret(tour, incident, 'Rotate Dynex API keys', one) },
    ]);
    await tour.platform.set('dynex', 'healthy');
    return tour.closed(incident, { alert: 'DynexHealthCheckFailed', answers });
  },
};

/** The Secret that the workers take their key from; no pod is restarted. */
async function rotateInPlace(tour: Tour) {
  const config = new KubeConfig();
  config.loadFromFile(tour.platform.practice.cluster.kubeconfigs.you);
  const worker = { name: 'nqba-worker', namespace: 'nqba-platform' };
  const { spec } = await config.makeApiClient(AppsV1Api).readNamespacedDeployment(worker);
  const variables = spec?.template.spec?.containers[0]?.env ?? [];
  const secret = variables.find(({ name }) => name === 'DYNEX_API_KEY')?.valueFrom?.secretKeyRef?.name;
  await storeSecret(tour, secret ?? assert.fail('the workers take no key'), { [key]: 'dnx_new_in_its_place' });
}

async function testNewKey(tour: Tour, incident: Following) {
  await storeSecret(tour, other, { [key]: 'dnx_new_5a1c04' });
  await tour.platform.set('dynex', 'healthy');
  await answerWithSecret(tour, incident, 'Test with new API keys if necessary', other);
  await tour.answering(incident, isSettled(isInUse));
  await tour.platform.set('dynex', 'mock');
}

export const quantum: Row[] = [delayedJobs, jobFailures, serviceOutage, outage];
