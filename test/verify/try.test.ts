/** `runbooks try` on a real cluster and a real Alertmanager: it shows what would be done, and the audit log has nothing of it. */

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { outputs } from '../../client/cli/outputs.ts';
import { installed } from '../../lab/peers/installed.ts';
import { startProcess } from '../../lab/process.ts';
import { freePort } from '../client/temporal-server.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
let alertmanager: string;
let stopAlertmanager: () => Promise<void>;

before(async () => {
  const command = installed('prometheus-alertmanager') ?? assert.fail('apt-get install prometheus-alertmanager');
  const [dir, port] = [mkdtempSync(join(tmpdir(), 'nqba-alertmanager-')), await freePort()];
  alertmanager = `http://127.0.0.1:${port}`;
  writeFileSync(join(dir, 'config.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  const running = await startProcess({
    name: 'Alertmanager',
    command,
    args: [
      `--config.file=${join(dir, 'config.yml')}`,
      `--storage.path=${dir}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    log: join(dir, 'log'),
    ports: [port],
    ready: async () => void (await fetch(`${alertmanager}/-/ready`)),
  });
  stopAlertmanager = () => running.stop();
  platform = await Platform.start();
});
after(async () => {
  await platform?.stop();
  await stopAlertmanager?.();
});

const byText = (one: string, other: string) => one.localeCompare(other);

const fires = (...names: string[]) =>
  fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(names.map(alertname => ({ labels: { alertname, severity: 'critical' } }))),
  });

/** The commands here run as `you`. */
const everyone = ['you', 'nqba-runbooks', 'bob'];

test('for each alert that fires the runbook, its findings, and the change that is not made though it is armed', async () => {
  const prometheus = platform.environment.PROMETHEUS_URL ?? '';
  await fires('DynexHealthCheckFailed', 'QuantumFallbackRateHigh', 'KubeJobFailed');
  const since = new Date();
  const { stdout, stderr, code } = await platform.cli(
    'try',
    '--alertmanager',
    alertmanager,
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
