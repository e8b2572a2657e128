// A breaker with an end of its own is taken back at its time, though its incident was closed, cancelled, reset or terminated meanwhile.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { z } from 'zod';
import { sha256 } from '../../activities/connectors/artifacts.ts';
import { momentOf } from '../../activities/kubernetes/when.ts';
import { eventually } from '../support/eventually.ts';
import { Platform } from '../support/practice.ts';
import { aStart, anAlert } from '../support/rehearsing.ts';
import { resetTo } from '../support/temporal-cli.ts';

let platform: Platform;
let worker: ChildProcess;
let connection: Connection;
let client: Client;
const taskQueue = 'brief';

before(async () => {
  platform = await Platform.start();
  const { environment } = platform;
  await platform.hold({ 'mode.brief-outage': 'supervised' });
  await platform.set('dynex', 'down');
  const program = ['--disable-warning=ExperimentalWarning', 'worker/main.ts', '--runbooks', join(import.meta.dirname, 'own')];
  const KUBECONFIG = platform.practice.cluster.kubeconfigs.worker;
  const env = { ...process.env, ...environment, KUBECONFIG, RUNBOOKS_TASK_QUEUE: taskQueue };
  worker = spawn(process.execPath, program, { env, cwd: join(import.meta.dirname, '../..'), stdio: 'ignore' });
  connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS ?? '' });
  client = new Client({ connection, namespace: environment.TEMPORAL_NAMESPACE ?? '' });
});
after(async () => {
  await connection?.close();
  worker?.kill();
  await platform?.stop();
});

const report = z.looseObject({
  steps: z.array(z.looseObject({ title: z.string(), key: z.string(), state: z.string(), because: z.string() })),
});
const record = z.object({ incident: z.string(), key: z.string(), until: z.iso.datetime() });

async function setting() {
  const config = new KubeConfig();
  config.loadFromFile(platform.practice.cluster.kubeconfigs.you);
  const object = { name: 'nqba-config', namespace: 'nqba-platform' };
  const { data, metadata } = await config.makeApiClient(CoreV1Api).readNamespacedConfigMap(object);
  const holders = Object.entries(metadata?.annotations ?? {}).filter(([name]) => name.startsWith('nqba-runbooks/holder.'));
  return { backend: data?.['QUANTUM_BACKEND'], holders: holders.map(([, text]) => record.parse(JSON.parse(text))) };
}

async function breaker(workflowId: string) {
  const alert = anAlert({ startsAt: new Date().toISOString(), labels: {}, source: 'person' });
  const args = [{ ...aStart(alert, 1 / 120), name: workflowId }];
  const handle = await client.workflow.start('briefOutage', { workflowId, taskQueue, args });
  const step = await eventually(async () => {
    const [first] = report.parse(await handle.query('report')).steps;
    assert.ok(first && (first.state === 'done' || first.state === 'part'), JSON.stringify(first));
    return first;
  });
  return { handle, step };
}

const verdict = z.object({ accepted: z.boolean() });

/** Answers a question as soon as it is asked. */
const answer = (handle: WorkflowHandle, question: string, choice: string) =>
  eventually(async () => {
    const decision = { question, choice, by: 'ann', reason: 'a drill' };
    const { accepted } = verdict.parse(await handle.executeUpdate('decide', { args: [decision] }));
    assert.equal(accepted, true);
  });

/** Its completion: nothing that the incident did stands in the history before it. */
const firstTask = '4';

const ends: Record<string, (handle: WorkflowHandle) => Promise<unknown>> = {
  closed: async handle => {
    await answer(handle, 'wait-and-see', 'done');
    await answer(handle, 'recovery-is-not-measured', 'close: no mitigation was possible');
    const { outcome } = z.looseObject({ outcome: z.string() }).parse(await handle.result());
    assert.equal(outcome, 'close: no mitigation was possible: a drill');
  },
  cancelled: async handle => {
    await handle.signal('cancel', { by: 'ann', reason: 'enough' });
    await answer(handle, 'undo-or-leave', 'leave');
  },
  reset: async handle => {
    const [before] = report.parse(await handle.query('report')).steps;
    await resetTo(platform.environment, handle.workflowId, firstTask);
    const [again] = await eventually(async () => {
      const { steps } = report.parse(await client.workflow.getHandle(handle.workflowId).query('report'));
      assert.ok(steps[0]?.state === 'done' || steps[0]?.state === 'part', JSON.stringify(steps));
      return steps;
    });
    assert.equal(again?.key, before?.key);
    await client.workflow.getHandle(handle.workflowId).terminate('the drill is over');
  },
  terminated: handle => handle.terminate('the namespace is cleaned up'),
};

for (const [how, end] of Object.entries(ends))
  test(`an incident that was ${how} leaves nothing that was to end by itself`, async () => {
    const { handle, step } = await breaker(`brief:${how}`);
    const { holders, backend } = await setting();
    assert.equal(backend, 'classical');
    const [held] = holders.filter(({ key }) => key === step.key);
    assert.match(step.because, new RegExp(`At ${momentOf(held?.until ?? '', Date.now())} it is undone automatically`));
    await end(handle);
    const back = client.workflow.getHandle(`take-back:${sha256(step.key)}`);
    const { startTime } = await back.describe();
    await back.result();
    const once = ['configmaps/nqba-config', 'deployments/nqba-worker'];
    await eventually(async () => {
      const written = (await platform.writes(startTime)).map(({ resource, name }) => `${resource}/${name}`);
      assert.deepEqual(written, [...once, ...once], 'written once, after its end was sure, and taken back once');
    });
    assert.ok(Date.now() >= Date.parse(held?.until ?? ''), 'not before its time');
    assert.deepEqual(await setting(), { backend: 'dynex', holders: [] });
  });
