/** Incidents that began in virtual time, once each on real servers: alert, cause, write, recovery, closed. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerUntil, proposed } from '../../lab/guide/answering.ts';
import { Following, settledStep } from '../../lab/guide/following.ts';
import { groundOf } from '../../lab/guide/platform-outage.ts';
import { isRecovered } from '../../lab/guide/scenes.ts';
import { jobsThatWait, until } from '../../lab/scenarios/ground.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start({ pace: 1 / 60 });
  for (const runbook of ['delayed-jobs', 'quantum-job-failures', 'dynex-service-outage'])
    await said('arm', runbook, '--mode', 'supervised', '--reason', 'a test');
});
after(() => platform?.stop());

/** What a command prints, which must succeed. */
async function said(...command: string[]): Promise<string> {
  const { stdout, stderr, code } = await platform.cli(...command);
  assert.equal(code, 0, `${command.join(' ')}: ${stderr}`);
  return stdout;
}

const following = (printed: string, name: RegExp) => new Following(platform.temporal, name.exec(printed)?.[1] ?? '');
const alerted = async (alert: string) => following(await said('practice', 'alert', alert), /^opened (\S+):/);

/** ann answers what is proposed, or the first choice, unless told. */
const answering = (incident: Following, isReached: (report: Report) => boolean, answers: Record<string, string> = {}) =>
  answerUntil({ say: () => undefined, yes: true, following: incident, workflowId: '', temporalUi: '' }, isReached, {
    choose: question => answers[question.title] ?? proposed(question),
  });

async function closed(incident: Following, alert?: string): Promise<Report> {
  await answering(incident, isRecovered, { 'Restart failed solvers': 'not now' });
  if (alert !== undefined) await said('practice', 'alert', alert, '--resolved');
  await answering(incident, ({ state }) => state === 'closed');
  return incident.report();
}

const written = async (since: Date) => (await platform.writes(since)).map(({ resource, name }) => `${resource}/${name}`);
const fallback = ['configmaps/nqba-config', 'deployments/nqba-worker'];

test('Delayed Jobs: more workers drain the queue, and their floor is restored before it has recovered', async () => {
  const since = new Date();
  const ground = groundOf(platform.practice);
  await platform.set('api', 'busy');
  await until('more than 100 jobs wait', async () => (await jobsThatWait(ground)) > 100);
  const incident = await alerted('JobQueueDeep');
  await answering(incident, ({ phases }) => phases.some(({ title }) => title === 'Recovery'));
  const listed = await said('list');
  assert.match(listed, /take-back-\S+ +- +undoes later/);
  await platform.set('api', 'healthy');
  await until('fewer than 20 jobs wait', async () => (await jobsThatWait(ground)) < 20);
  const { outcome, standing } = await closed(incident, 'JobQueueDeep');
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  const floor = 'horizontalpodautoscalers/nqba-worker';
  assert.deepEqual(await written(since), [floor, floor, floor]);
});

test('Quantum Job Failures: jobs are held, then run classically, and all are let in again', async () => {
  const since = new Date();
  await platform.set('dynex', 'mock');
  const incident = await alerted('QuantumJobFailureRateHigh');
  const step = 'Implement fallback to classical solvers';
  await answering(incident, report => settledStep(report, step) !== undefined, { 'Restart failed solvers': 'not now' });
  const held = settledStep(await incident.report(), 'Pause New Jobs');
  assert.deepEqual([held?.state, held?.effect?.measured], ['done', 'whole'], held?.because);
  await platform.set('dynex', 'healthy');
  const { outcome, standing } = await closed(incident, 'QuantumJobFailureRateHigh');
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await written(since), [...fallback, ...fallback]);
  const intake = await fetch(`${platform.environment.NQBA_API_URL}/api/v1/qih/intake`);
  assert.deepEqual(await intake.json(), { percent: 100 });
});

test('Dynex Service Outage: opened before Dynex is measured as faulty, it sets the fallback once that is measured', async () => {
  const since = new Date();
  const incident = following(await said('open', 'dynex-service-outage', '--because', 'a test'), /^(\S+): opened/);
  await incident.asked('Enable classical fallback immediately');
  await platform.set('dynex', 'down');
  await incident.until('the fallback', report => settledStep(report, 'Enable classical fallback immediately'));
  await platform.set('dynex', 'healthy');
  const { outcome, standing } = await closed(incident);
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await written(since), [...fallback, ...fallback]);
});
