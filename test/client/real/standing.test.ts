/** The command line names changes that stand: on a real API server, with a real Temporal. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { recordName, recordOf } from '../../../activities/engine/holders.ts';
import { outputs } from '../../../client/cli/outputs.ts';
import type { Cluster } from '../../support/cluster.ts';
import { practiceCluster, writes } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { done, planned } from '../../support/rehearsing.ts';
import { runbooks } from '../command-line.ts';
import { quickPlatform, startWorker } from '../scripted-worker.ts';
import { freePort, startTemporal } from '../temporal-server.ts';

const namespace = 'nqba-platform';
let cluster: Cluster;
let server: Awaited<ReturnType<typeof startTemporal>>;
let stopWorker: () => Promise<void>;
let environment: Record<string, string>;
let run: ReturnType<typeof runbooks>;
let api: CoreV1Api;
let isHeld = false;
/** What happens elsewhere while a rollback is done. */
let meanwhile = async () => {};

before(async () => {
  [cluster, server] = await Promise.all([practiceCluster(), startTemporal()]);
  const takeBack = async () => {
    if (isHeld) return planned('held');
    await meanwhile();
    return done();
  };
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS, { takeBack });
  const store = mkdtempSync(join(tmpdir(), 'nqba-artifacts-'));
  environment = { ...server.environment, ARTIFACTS: store, RUNBOOKS_PLATFORM: quickPlatform() };
  run = runbooks({ ...environment, KUBECONFIG: cluster.kubeconfigs.you });
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.you);
  api = config.makeApiClient(CoreV1Api);
});
after(async () => {
  await stopWorker?.();
  await Promise.all([server.stop(), cluster.stop()]);
});

/** The ConfigMap carries the record of a change, or carries it no longer. */
async function carries(key: string, isThere = true) {
  const values = { before: { QUANTUM_BACKEND: 'dynex' }, set: { QUANTUM_BACKEND: 'classical' } };
  const record = isThere ? recordOf({ action: 'setFallback', key, ...values }) : null;
  const body = { metadata: { annotations: { [recordName(key)]: record } } };
  const asMerge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await api.patchNamespacedConfigMap({ name: 'nqba-config', namespace, body }, asMerge);
}

async function openIncident(): Promise<{ name: string; key: string }> {
  const { stdout } = await run('open', 'dynex-outage', '--because', 'jobs fail', '-o', 'json');
  const { incident: name } = outputs.open.parse(JSON.parse(stdout));
  const id = await server.temporal.idOf(await server.temporal.find(name));
  await eventually(async () => assert.equal((await server.temporal.byId(id))?.name, name));
  return { name, key: `${id}/Immediate Response/Activate Circuit Breaker/1` };
}

async function terminate(name: string) {
  const { workflowId } = await server.temporal.find(name);
  const client = new Client({ connection: await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS }) });
  await client.workflow.getHandle(workflowId).terminate();
  await client.connection.close();
  await eventually(async () => assert.equal((await server.temporal.find(name)).open, false));
}

/** Writes of the person from the first that names this record to the last: true for each that does. */
async function writesAround(record: string): Promise<boolean[]> {
  const names = (await writes(cluster.auditLog, ['you'])).map(({ body }) => JSON.stringify([body]).includes(record));
  return names.slice(names.indexOf(true), names.lastIndexOf(true) + 1);
}

async function listed() {
  const { code, stdout, stderr } = await run('list', '-o', 'json');
  assert.equal(code, 0, stderr);
  return outputs.list.parse(JSON.parse(stdout));
}

test('list ends with what an ended incident left changed, and release and arm name what open ones have', async () => {
  const { name, key } = await openIncident();
  await carries(key);
  assert.deepEqual((await listed()).standing, []);
  const armed = await run('arm', 'dynex-outage', '--mode', 'observe', '--reason', 'enough');
  assert.match(armed.stdout, /restoring them is still done\.\n\nChanges of open incidents that stand\n/);
  const change = `${name} +Activate Circuit Breaker: ConfigMap nqba-platform/nqba-config +(\\S+ \\S+|-) +runbooks undo ${name}\n`;
  assert.match(armed.stdout, new RegExp(`^${change}`, 'm'));
  assert.match((await run('release', '--all')).stdout, new RegExp(`^No runbook is armed: [^]*^${change}`, 'm'));

  const cancelled = await run('cancel', name, '--reason', 'a test', '--as', 'ann');
  assert.match(cancelled.stdout, new RegExp(`^Stopping ${name}: [^]*^${change}\nNext it asks “Undo or leave\\?”`, 'm'));
  await terminate(name);
  assert.match((await run('show', name)).stdout, /it was terminated .* and left changed: ConfigMap nqba-platform\/nqba-config\./);
  const { stdout } = await run('list');
  assert.match(stdout, new RegExp(`^No incident is open[^]*\n\nStanding changes of incidents that have ended\n.*\n${change}$`));
  const [standing] = (await listed()).standing ?? [];
  assert.deepEqual([standing?.incident, standing?.undo], [name, `runbooks undo ${name}`]);
  await carries(key, false);
});

test('what Temporal has forgotten is listed by its id, by which it is undone', async () => {
  const id = crypto.randomUUID();
  await carries(`${id}/Immediate Response/Activate Circuit Breaker/1`);
  const [standing] = (await listed()).standing ?? [];
  assert.deepEqual([standing?.incident, standing?.change], [id, 'Activate Circuit Breaker']);
  const undone = outputs.undo.parse(JSON.parse((await run('undo', id, '-o', 'json')).stdout));
  assert.deepEqual([undone.changes.map(({ result }) => result), undone.left], [['undone'], 0]);
  await carries(`${id}/Immediate Response/Activate Circuit Breaker/1`, false);
  assert.equal((await run('undo', id)).code, 3);
});

test('list says first that everything is held, with the time, the person and the reason', async () => {
  assert.equal((await run('hold', '--all', '--reason', 'the metrics are odd', '--as', 'ann')).code, 0);
  const { stdout } = await run('list');
  assert.match(
    stdout,
    /^EVERYTHING IS HELD since \d{4}-\d\d-\d\d \d\d:\d\d UTC by ann: the metrics are odd\. Release with: runbooks release/,
  );
  assert.equal((await listed()).hold?.held, true);
  assert.equal((await run('release', '--all')).code, 0);
  assert.deepEqual((await listed()).hold, { held: false });
});

test('release first goes on with what is past its time; an incident that closes meanwhile needs no release', async () => {
  isHeld = true;
  const { name } = await openIncident();
  const key = `${crypto.randomUUID()}/a/Activate Circuit Breaker/1`;
  const target = { system: 'kubernetes', kind: 'ConfigMap', namespace, name: 'nqba-config' } as const;
  const takeBack = { action: 'setFallback', key, target, words: 'a change' };
  const platform = { pace: 1, quietMinutes: { P0: 1, P1: 1, P2: 1, P3: 1 } };
  const input = {
    version: 1,
    name: 'take-back-1',
    incident: 'one',
    title: 'Activate Circuit Breaker',
    takeBack,
    platform,
  } as const;
  await server.temporal.takeBack(input, 'ann');
  await eventually(async () => assert.match((await run('list')).stdout, /^take-back-1 .* commander /m));
  isHeld = false;
  meanwhile = () => terminate(name);
  const { code, stdout, stderr } = await run('release', '--all', '-o', 'json');
  assert.equal(code, 0, stderr);
  const { undone, signalled } = outputs.release.parse(JSON.parse(stdout));
  assert.deepEqual([undone.map(({ incident, result }) => [incident, result]), signalled], [[['take-back-1', 'undone']], []]);
});

test('uninstall --plan names in order what is to be disarmed, undone, ended and deleted, and writes nothing', async () => {
  assert.equal((await run('schedules', 'apply')).code, 0);
  assert.equal((await run('arm', 'dynex-outage', '--mode', 'supervised', '--reason', 'a test')).code, 0);
  const { name, key } = await openIncident();
  await carries(key);
  const { code, stdout, stderr } = await run('uninstall', '--plan', '-o', 'json');
  assert.equal(code, 0, stderr);
  const { steps } = outputs.uninstall.parse(JSON.parse(stdout));
  const commands = steps.map(({ left }) => left.map(({ command }) => command));
  const [disarm = [], undo = [], end = [], schedules = [], , objects = []] = commands;
  assert.deepEqual(disarm, ['runbooks arm dynex-outage --mode observe --reason uninstall']);
  assert.deepEqual(undo, [`runbooks undo ${name}`]);
  assert.ok(end.includes(`runbooks cancel ${name} --reason uninstall`));
  assert.ok(schedules.includes('temporal schedule delete --schedule-id morning-health-check'));
  assert.deepEqual(objects, [
    'kubectl -n nqba-platform delete rolebinding nqba-runbooks',
    'kubectl delete clusterrolebinding nqba-runbooks-nodes',
    'kubectl -n nqba-platform delete role nqba-runbooks',
    'kubectl delete clusterrole nqba-runbooks-nodes',
    'kubectl -n nqba-platform delete serviceaccount nqba-runbooks',
    'kubectl delete validatingadmissionpolicybinding nqba-runbooks-dry-runs-only',
    'kubectl delete validatingadmissionpolicy nqba-runbooks-dry-runs-only',
    'kubectl -n nqba-platform delete configmap nqba-runbooks',
  ]);
  assert.equal((await server.temporal.find(name)).open, true);
  assert.notEqual((await server.temporal.schedules.find([])).length, 0);
  await carries(key, false);
  await eventually(async () => assert.deepEqual(await writesAround(recordName(key)), [true, true]));
  await terminate(name);
});

test('uninstall --plan says of each step that it cannot read why, and claims nothing of it', async () => {
  const nowhere = runbooks({
    ...environment,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    KUBECONFIG: join(tmpdir(), `none-${await freePort()}`),
  });
  const { code, stdout } = await nowhere('uninstall', '--plan');
  assert.equal(code, 5);
  assert.equal(stdout.match(/^ {2}Not read: /gm)?.length, 6);
  assert.doesNotMatch(stdout, /Nothing is left/);
});

test('a cluster that cannot be read is one note, and nothing is claimed of it', async () => {
  const nowhere = runbooks({ ...environment, KUBECONFIG: join(tmpdir(), `none-${await freePort()}`) });
  const { code, stdout, stderr } = await nowhere('list', '-o', 'json');
  assert.equal(code, 0);
  assert.match(stderr, /^Not checked, whether everything is held and which changes stand: .*\n$/);
  const { hold, standing } = outputs.list.parse(JSON.parse(stdout));
  assert.deepEqual([hold, standing], [null, null]);
});
