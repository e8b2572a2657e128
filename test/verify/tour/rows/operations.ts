/** Operations: started by hand or by their schedule, run to their result. */

import assert from 'node:assert/strict';
import { type Following, settledStep } from '../../../../lab/guide/following.ts';
import { jobsThatWait, until } from '../../../../lab/scenarios/ground.ts';
import type { Report } from '../../../../workflows/contract/index.ts';
import { triggered } from '../../../support/by-schedule.ts';
import {
  activeSilences,
  backUp,
  mailIsOut,
  manifestsAreSaved,
  sentAndGo,
  untilMailed,
  work,
} from '../../../support/maintenance.ts';
import { areScaling } from '../../../support/metered-cluster.ts';
import type { Answers } from '../../../support/ann-answers.ts';
import type { Tour } from '../../../support/touring.ts';
import { answerWithSecret, asks, isClosed, type Row, storeSecret } from './row.ts';

/** Nothing was wrong. */
const isOver = async () => true;

async function ended(tour: Tour, operation: Following, answers?: Answers): Promise<Following> {
  await tour.answering(operation, isClosed, answers);
  assert.deepEqual(unknown(await operation.report()), []);
  return operation;
}

/** Checks that could not be done, with why. */
const unknown = ({ steps }: Report) =>
  steps.filter(({ state }) => state === 'unknown').map(({ title, evidence }) => `${title}: ${evidence}`);

const byHand = (tour: Tour, runbook: string) => tour.started(runbook);
const bySchedule = (tour: Tour, runbook: string) => triggered(tour.platform, runbook);

/** What a practice platform cannot know (logs of the days before) they say. */
export const reading: Row[] = [
  { runbook: 'morning-health-check', start: byHand },
  { runbook: 'log-review', start: bySchedule },
].map(({ runbook, start }) => ({
  runbook,
  isOver,
  async run(tour: Tour) {
    await until('the autoscalers know the use of pods', () => areScaling(tour.platform));
    const operation = await start(tour, runbook);
    await tour.answering(operation, isClosed);
    return operation;
  },
}));

const maintenance: Row = {
  runbook: 'weekly-maintenance-window',
  isOver: async ({ platform }) => (await activeSilences(platform)).length === 0,
  /** Moved, as the tour does not wait for its Sunday: it opens, and the work is done before it closes. */
  async run(tour) {
    const { platform } = tour;
    await backUp(platform);
    const operation = await tour.started('weekly-maintenance-window', '--opens-in', '1.5');
    await tour.answering(operation, mailIsOut, untilMailed);
    await tour.answering(operation, asks(work), sentAndGo);
    await operation.until('the silence', report => settledStep(report, 'Silence planned alerts'));
    const silences = await activeSilences(platform);
    assert.deepEqual(
      silences.map(({ createdBy, endsAt }) => [createdBy, Date.parse(endsAt) > Date.now()]),
      [['nqba-runbooks', true]],
    );
    await manifestsAreSaved(platform, await operation.report());
    return ended(tour, operation);
  },
};

const scaling: Row = {
  runbook: 'quantum-workload-scaling',
  isOver: async tour => (await jobsThatWait(tour.ground)) < 20,
  async run(tour) {
    await tour.platform.set('api', 'busy');
    await until('more than 60 jobs wait', async () => (await jobsThatWait(tour.ground)) > 60);
    const operation = await tour.started('quantum-workload-scaling', '--workers', '4');
    await operation.until('more workers', ({ steps }) =>
      steps.find(({ title, state }) => title.startsWith('Monitor') && state === 'running'),
    );
    await tour.platform.set('api', 'healthy');
    await ended(tour, operation);
    await tour.said('undo', operation.name, '--as', 'ann', '--wait', '1m');
    return operation;
  },
};

const optimization: Row = {
  runbook: 'quantum-job-optimization',
  isOver,
  async run(tour) {
    const operation = await ended(tour, await tour.started('quantum-job-optimization'));
    await tour.said('undo', operation.name, '--as', 'ann', '--wait', '2m');
    return operation;
  },
};

const secret = 'nqba-secrets-dynex-a';
const revoke = 'Verify quantum jobs still work: revoke the old key';

const rotation: Row = {
  runbook: 'quantum-api-key-rotation',
  isOver,
  async run(tour) {
    const operation = await tour.started('quantum-api-key-rotation');
    await operation.asked('Generate new Dynex API key');
    await storeSecret(tour, secret, { 'dynex-api-key': 'dnx_new_5e81f0' });
    await answerWithSecret(tour, operation, 'Generate new Dynex API key', secret);
    await tour.answering(operation, asks(revoke));
    await tour.platform.set('dynex', 'unauthorised');
    await ended(tour, operation);
    await tour.platform.set('dynex', 'healthy');
    return operation;
  },
};

export const operations: Row[] = [maintenance, scaling, optimization, rotation];
