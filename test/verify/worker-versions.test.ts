// Two versions of the worker at once: Temporal itself says that an incident ends on the version that opened it, and that the next starts on the new one.
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { eventually } from '../support/eventually.ts';
import { Platform } from '../support/practice.ts';

const deployment = 'nqba-runbooks';
const version = (buildId: string) => ({ WORKER_DEPLOYMENT: deployment, WORKER_BUILD_ID: buildId });

let platform: Platform;
let second: ChildProcess | undefined;
let connection: Connection;
let client: Client;

before(async () => {
  platform = await Platform.start({ rollOverAfter: 60, workerEnvironment: version('a') });
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '' } = platform.environment;
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
});
after(async () => {
  await connection?.close();
  second?.kill();
  await platform?.stop();
});

/** The command that the doctor prints, as a person pastes it. */
async function setCurrent(buildId: string, ...more: string[]) {
  const { TEMPORAL_CLI = 'temporal', TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = platform.environment;
  const where = ['--address', TEMPORAL_ADDRESS, '--namespace', TEMPORAL_NAMESPACE, '--yes'];
  const named = ['--deployment-name', deployment, '--build-id', buildId];
  await promisify(execFile)(TEMPORAL_CLI, ['worker', 'deployment', 'set-current-version', ...named, ...more, ...where]);
}

function startSecond(buildId: string) {
  const KUBECONFIG = platform.practice.cluster.kubeconfigs.worker;
  const env = { ...process.env, ...platform.environment, ...version(buildId), KUBECONFIG, WORKER_PORT: '0' };
  const program = ['--disable-warning=ExperimentalWarning', 'worker/main.ts'];
  second = spawn(process.execPath, program, { env, cwd: join(import.meta.dirname, '../..'), stdio: 'ignore' });
}

async function doctor(buildId: string): Promise<string[]> {
  const env = { ...process.env, ...platform.environment, ...version(buildId) };
  const program = ['--disable-warning=ExperimentalWarning', 'worker/doctor.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, program, { env, cwd: join(import.meta.dirname, '../..') });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line): { check: string; text: string; fix?: string } => JSON.parse(line));
  return lines.flatMap(({ check, text, fix }) => (check === 'Worker version' ? [[text, fix].filter(Boolean).join(' ')] : []));
}

/** Of each workflow task of a run, in Temporal's own history: the version that completed it. */
async function versionsIn(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const done = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes ?? []);
  return [...new Set(done.map(({ deploymentVersion }) => deploymentVersion?.buildId ?? 'unversioned'))];
}

const pinned = 1;
const autoUpgrade = 2;

/** As describe says it. */
async function versioningOf(workflowId: string, runId?: string) {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  const { behavior, deploymentVersion } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  return { behavior, buildId: deploymentVersion?.buildId };
}

async function runsOf(workflowId: string): Promise<string[]> {
  const runs: string[] = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(runId);
  return runs;
}

test('without a current version the doctor names it, with the command; an incident then stays on the version that opened it', async () => {
  await eventually(async () =>
    assert.match(
      (await doctor('a')).join('\n'),
      /has no current version, so new and open incidents wait\. temporal worker deployment set-current-version --namespace \S+ --deployment-name nqba-runbooks --build-id a$/,
    ),
  );
  await setCurrent('a');
  assert.deepEqual(await doctor('a'), ['new incidents start on nqba-runbooks a.']);

  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  await incident.until('Activate Circuit Breaker', ({ steps }) =>
    steps.find(({ title }) => title === 'Activate Circuit Breaker'),
  );
  const { workflowId } = await incident.incident();

  startSecond('b');
  await eventually(() => setCurrent('b'));
  const next = client.workflow.getHandle(await openedOn('quantum-job-failures'));
  assert.deepEqual(await versioningOf(next.workflowId), { behavior: pinned, buildId: 'b' });
  assert.deepEqual(await versionsIn(next), ['b']);

  const report = await platform.seeThrough(incident, since);
  assert.equal(report.outcome, 'recovered');
  const runs = await runsOf(workflowId);
  assert.ok(runs.length > 1, 'it rolled over');
  for (const runId of runs) {
    assert.deepEqual(await versionsIn(client.workflow.getHandle(workflowId, runId)), ['a']);
    assert.deepEqual(await versioningOf(workflowId, runId), { behavior: pinned, buildId: 'a' });
  }
});

test('what outlives a version goes on with the current one', async () => {
  const { workflowId } = await client.workflow.signalWithStart('watchdog', {
    workflowId: 'watchdog:versions',
    taskQueue: platform.environment.RUNBOOKS_TASK_QUEUE ?? 'nqba-runbooks',
    args: [{ version: 1 }],
    signal: 'alert',
    signalArgs: [{}],
  });
  await eventually(async () => assert.deepEqual(await versioningOf(workflowId), { behavior: autoUpgrade, buildId: 'b' }));
  await setCurrent('a');
  await eventually(async () => {
    await client.workflow.getHandle(workflowId).signal('alert', {});
    assert.deepEqual(await versionsIn(client.workflow.getHandle(workflowId)), ['b', 'a']);
  });
  await client.workflow.getHandle(workflowId).terminate('the test is over');
});

test('the doctor says which versions may have open incidents, and names a version that no worker of asks for work', async () => {
  const current = 'new incidents start on nqba-runbooks a.';
  const kept = (buildId: string) => `${buildId} may still have open incidents: its worker is kept until it is drained.`;
  assert.deepEqual(await doctor('a'), [current, kept('b')]);
  await setCurrent('c', '--allow-no-pollers', '--ignore-missing-task-queues');
  const lines = (await doctor('a')).join('\n');
  assert.match(
    lines,
    /^new incidents start on nqba-runbooks c, not on a, which is here\. To change that: temporal worker deployment set/,
  );
  assert.match(lines, /^no worker of nqba-runbooks c asks for work: its incidents wait\. Start one with WORKER_BUILD_ID=c/m);
  await setCurrent('a');
});

/** Opened by hand, as a person does; its workflow id. */
async function openedOn(runbook: string): Promise<string> {
  const { stdout, stderr, code } = await platform.cli('open', runbook, '--because', 'a test', '-o', 'json');
  assert.equal(code, 0, stderr);
  const [, name = ''] = /"incident":\s*"([^"]+)"/.exec(stdout) ?? [];
  const { workflowId } = await platform.temporal.find(name);
  await eventually(async () => assert.ok((await versionsIn(client.workflow.getHandle(workflowId))).length > 0));
  return workflowId;
}
