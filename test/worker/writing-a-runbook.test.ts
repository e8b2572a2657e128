/** docs/writing-a-runbook.md is followed command by command, from an empty folder to an incident of its runbook. */

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { runbooks, start } from '../client/command-line.ts';
import { freePort, startTemporal } from '../client/temporal-server.ts';
import { eventually } from '../support/eventually.ts';

const page = readFileSync('docs/writing-a-runbook.md', 'utf8');
const commands = [...page.matchAll(/^runbooks (.*)$/gm)].map(([, typed = '']) => typed);
const scratch = mkdtempSync(join(tmpdir(), 'writing-'));
const folder = join(scratch, 'our-runbooks');

const ended: Record<string, RegExp> = {
  "new 'Queue Stuck' --runbooks our-runbooks": /runbooks rehearse queue-stuck --runbooks/,
  'rehearse queue-stuck --runbooks our-runbooks': /Closed: recovered\.\n$/,
  'rehearse crash-looping --runbooks examples/crash-looping': /Closed: recovered\.\n/,
  "rehearse crash-looping --runbooks examples/crash-looping --until 'Take the change back'": /Take the change back/,
  'rehearse dynex-outage --scenario worker/rehearsal/scenarios/dynex-outage/relapse.json -o json': /"outcome": ?"recovered"/,
};
/** They run until they are stopped. */
const servers = ['worker --runbooks our-runbooks', 'intake --runbooks our-runbooks'];

const wordsOf = (typed: string) =>
  [...typed.matchAll(/'[^']*'|\S+/g)].map(([word]) => word.replaceAll("'", '').replace(/^our-runbooks$/, folder));

test('each command of the page is followed here, in its order', () => {
  assert.deepEqual(commands, [...Object.keys(ended), ...servers]);
});

for (const [typed, says] of Object.entries(ended))
  test(`runbooks ${typed}`, async () => {
    const { code, stdout, stderr } = await runbooks({})(...wordsOf(typed));
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, says);
  });

let temporal: Awaited<ReturnType<typeof startTemporal>>;
const running: ChildProcess[] = [];
let intakePort = 0;
before(async () => {
  temporal = await startTemporal();
  intakePort = await freePort();
});
after(async () => {
  await Promise.all(running.map(child => stopped(child)));
  await temporal.stop();
});

const stopped = (child: ChildProcess) =>
  new Promise<void>(resolve => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

/** A cluster and a Prometheus that do not answer: an incident opens and is worked on all the same. */
function environment(): Record<string, string> {
  const kubeconfig = join(scratch, 'kubeconfig');
  const cluster = { name: 'c', cluster: { server: 'https://127.0.0.1:9' } };
  const user = { name: 'u', user: { token: 't' } };
  const context = { name: 'x', context: { cluster: 'c', user: 'u' } };
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], users: [user], contexts: [context] };
  writeFileSync(kubeconfig, JSON.stringify({ ...config, 'current-context': 'x' }));
  return {
    ...temporal.environment,
    ARTIFACTS: join(scratch, 'artifacts'),
    KUBECONFIG: kubeconfig,
    PROMETHEUS_URL: 'http://127.0.0.1:9',
    PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef',
    PAGERDUTY_URL: 'http://127.0.0.1:9',
    WORKER_PORT: '0',
    INTAKE_TOKEN: 'hush',
    INTAKE_PORT: `${intakePort}`,
  };
}

test('worker and intake of the folder open an incident for an alert with its label, and the worker runs the body', async () => {
  for (const typed of servers) running.push(start(environment(), ...wordsOf(typed)));
  const address = `http://127.0.0.1:${intakePort}`;
  await eventually(async () => assert.equal((await fetch(`${address}/readyz`)).status, 200));
  const labels = { alertname: 'AnyName', runbook: 'queue-stuck', cluster: 'nqba-production' };
  const alert = { status: 'firing', labels, annotations: {}, startsAt: new Date().toISOString() };
  const answer = await fetch(`${address}/alertmanager`, {
    method: 'POST',
    headers: { authorization: 'Bearer hush', 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', status: 'firing', alerts: [alert] }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.match(await answer.text(), /"opened"/);
  const shell = runbooks({ ...temporal.environment, RUNBOOKS_FOLDER: folder });
  await eventually(async () => {
    const { stdout } = await shell('show', 'queue-stuck');
    assert.match(stdout, /Queue Stuck/);
    assert.match(stdout, /Declare Incident|Notify Team/);
  });
});
