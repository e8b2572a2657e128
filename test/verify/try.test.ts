/** `runbooks try` on a real cluster and a real Alertmanager: it shows what would be done, and the audit log has nothing of it. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { outputs } from '../../client/cli/outputs.ts';
import { type Alertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { everyone, Platform } from '../support/practice.ts';

let platform: Platform;
let alertmanager: Alertmanager;

before(async () => {
  alertmanager = await startAlertmanager();
  platform = await Platform.start();
});
after(async () => {
  await platform?.stop();
  await alertmanager?.stop();
});

const byText = (one: string, other: string) => one.localeCompare(other);

test('for each alert that fires the runbook, its findings, and the change that is not made though it is armed', async () => {
  const prometheus = platform.environment.PROMETHEUS_URL ?? '';
  await alertmanager.fires('DynexHealthCheckFailed', 'QuantumFallbackRateHigh', 'KubeJobFailed');
  const since = new Date();
  const { stdout, stderr, code } = await platform.cli(
    'try',
    '--alertmanager',
    alertmanager.url,
    '--prometheus',
    prometheus,
    '-o',
    'json',
  );
  assert.equal(code, 0, stderr);
  const { alerts, incidents } = outputs.try.parse(JSON.parse(stdout));
  assert.deepEqual(alerts.map(({ runbook = 'none' }) => runbook).toSorted(byText), ['dynex-outage', 'dynex-outage', 'none']);
  const [incident, ...others] = incidents;
  assert.ok(incident);
  assert.deepEqual([incident.runbook, others], ['dynex-outage', []]);
  assert.ok(
    incident.plans.some(({ changes }) => changes.some(({ field }) => field === 'QUANTUM_BACKEND')),
    stdout,
  );
  assert.ok(incident.questions.some(({ title }) => title === 'What is the cause?'));
  assert.deepEqual(await platform.writes(since, everyone), []);
  const listed = outputs.list.parse(JSON.parse((await platform.cli('list', '-o', 'json')).stdout));
  assert.deepEqual(listed.incidents, []);
});
