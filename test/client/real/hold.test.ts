import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { connectArtifacts } from '../../../activities/connectors/artifacts.ts';
import { connectAll } from '../../../activities/connectors/index.ts';
import { recordName, recordOf } from '../../../activities/engine/holders.ts';
import { storeRecords } from '../../../activities/engine/stored-records.ts';
import { outputs } from '../../../client/cli/outputs.ts';
import type { Cluster } from '../../support/cluster.ts';
import { practiceCluster } from '../../support/cluster.ts';
import { clock } from '../../../worker/clock.ts';
import { metricsText } from '../../../worker/metrics.ts';
import { nqba } from '../../support/nqba.ts';
import { eventually } from '../../support/eventually.ts';
import type { Ended } from '../command-line.ts';
import { runbooks } from '../command-line.ts';
import { quickPlatform, startWorker } from '../scripted-worker.ts';
import { freePort, startTemporal } from '../temporal-server.ts';

const namespace = 'nqba-platform';
let cluster: Cluster;
let server: Awaited<ReturnType<typeof startTemporal>>;
let stopWorker: () => Promise<void>;
let environment: Record<string, string>;
const store = mkdtempSync(join(tmpdir(), 'nqba-artifacts-'));
let run: (...args: string[]) => Promise<Ended>;
let api: CoreV1Api;

before(async () => {
  [cluster, server] = await Promise.all([practiceCluster(), startTemporal()]);
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS);
  environment = { ...server.environment, RUNBOOKS_PLATFORM: quickPlatform(), KUBECONFIG: cluster.kubeconfigs.you };
  run = runbooks({ ...environment, ARTIFACTS: store });
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.you);
  api = config.makeApiClient(CoreV1Api);
});
after(async () => {
  await stopWorker?.();
  await Promise.all([server.stop(), cluster.stop()]);
});

const read = (name = 'nqba-runbooks') => api.readNamespacedConfigMap({ name, namespace });
const dataOf = async () => (await read()).data ?? {};

/** Holds in force, and when `runbooks release` last ended one: as Prometheus reads them of the worker. */
async function scraped(): Promise<number[]> {
  const kubernetes = { kubeconfig: cluster.kubeconfigs.worker };
  const systems = connectAll({ artifacts: { folder: store }, kubernetes }, clock);
  const text = await metricsText({ systems, platform: await nqba() });
  return [...text.matchAll(/^nqba_runbooks_(?:holds|released_seconds) (\S+)$/gm)].map(([, value]) => Number(value));
}

async function openIncident(name: string): Promise<string> {
  const there = runbooks({ ...server.environment, RUNBOOKS_PLATFORM: quickPlatform(name) });
  const { stdout } = await there('open', 'dynex-outage', '--because', 'jobs fail', '-o', 'json');
  return outputs.open.parse(JSON.parse(stdout)).incident;
}

describe('a hold', () => {
  test('of everything is in force when the command returns, and ends with release', async () => {
    const { code, stdout } = await run('hold', '--all', '--reason', "it's odd", '--as', 'ann', '-o', 'json');
    assert.equal(code, 0);
    assert.match((await dataOf())['hold'] ?? '', /^it's odd \(ann, since \d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/);
    const { kubectl } = outputs.hold.parse(JSON.parse(stdout));
    assert.ok(
      kubectl?.startsWith(
        `kubectl -n nqba-platform patch configmap nqba-runbooks --type merge -p '{"data":{"hold":"it'\\''s odd (ann, since `,
      ),
    );
    assert.deepEqual(await scraped(), [1, 0]);
    const released = await run('release', '--all', '-o', 'json');
    assert.equal(released.code, 0);
    assert.equal((await dataOf())['hold'], undefined);
    const [holds, at = 0] = await scraped();
    assert.equal(holds, 0);
    assert.ok(Math.abs(Date.now() / 1000 - at) < 60, `${at}`);
    assert.match((await run('release', '--all')).stdout, /was not held: nothing was released/);
    assert.deepEqual(await scraped(), [0, at], 'a release of nothing is none');
  });

  test('prints the line for kubectl without doing anything, in words that a shell reads back', async () => {
    const { stdout } = await run('hold', '--all', '--print', '--reason', 'a \'quoted\' $(reason) "here"');
    assert.equal((await dataOf())['hold'], undefined);
    const words = execFileSync('sh', ['-c', `kubectl() { printf '%s\\n' "$@"; }; ${stdout}`], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(words.trimEnd().split('\n').at(-1) ?? ''), {
      data: { hold: 'a \'quoted\' $(reason) "here"' },
    });
  });

  test('of one incident names it by its id, and release tells that incident', async () => {
    const name = await openIncident('one');
    assert.equal((await run('hold', name, '--reason', 'by hand')).code, 0);
    const [key = ''] = Object.keys(await dataOf()).filter(key => key.startsWith('hold.'));
    const incident = await server.temporal.find(name);
    assert.equal(key, `hold.${await server.temporal.idOf(incident)}`);
    const held = new RegExp(`${name} IS HELD since .*: by hand\\. Release with: runbooks release ${name}`);
    assert.match((await run('list')).stdout, held);
    assert.match((await run('show', name)).stdout.split('\n')[1] ?? '', held);
    const { stdout } = await run('release', name, '-o', 'json');
    assert.deepEqual(outputs.release.parse(JSON.parse(stdout)).signalled, [name]);
    assert.deepEqual(
      Object.keys(await dataOf()).filter(key => key.startsWith('hold.')),
      [],
    );
  });

  test('of nothing, or of one and all at once, is a usage error', async () => {
    assert.equal((await run('hold')).code, 2);
    assert.equal((await run('hold', 'x', '--all')).code, 2);
  });

  test('is in force already where the ConfigMap is missing; release brings it back with every runbook in observe', async () => {
    await api.deleteNamespacedConfigMap({ name: 'nqba-runbooks', namespace });
    const held = await run('hold', '--all');
    assert.equal(held.code, 0);
    assert.match(held.stderr, /While it is missing, everything is held/);
    assert.deepEqual(await scraped(), [0], 'never released, and no number of holds');
    const released = await run('release', '--all');
    assert.equal(released.code, 0, released.stderr);
    assert.deepEqual((await read()).data ?? {}, {});
    const [none, at = 0] = await scraped();
    assert.deepEqual([none, at > 0], [0, true]);
  });
});

test('a release while Temporal is away says what is released, and that nobody was told', async () => {
  assert.equal((await run('hold', '--all')).code, 0);
  const away = { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`, RUNBOOKS_PLATFORM: quickPlatform() };
  const { code, stderr } = await runbooks({ ...away, KUBECONFIG: cluster.kubeconfigs.you })('release', '--all');
  assert.equal((await dataOf())['hold'], undefined);
  assert.equal(code, 5);
  assert.match(
    stderr,
    /^Released: everything\. Incidents with held actions were not notified: .*\nTemporal at .* gave no answer/,
  );
});

describe('arming', () => {
  test('writes the mode with who and why, and says what will happen without asking', async () => {
    const armed = await run('arm', 'dynex-outage', '--mode', 'supervised', '--reason', 'observed', '--as', 'ann');
    assert.match(
      armed.stdout,
      /does this without asking:\n {2}Activate Circuit Breaker: sends quantum jobs to the classical solvers/,
    );
    const { data, metadata } = await read();
    assert.equal(data?.['mode.dynex-outage'], 'supervised');
    const record: unknown = JSON.parse(metadata?.annotations?.['nqba-runbooks/mode.dynex-outage'] ?? '');
    assert.partialDeepStrictEqual(record, { by: 'ann', reason: 'observed' });
    const disarmed = await run('arm', 'dynex-outage', '--mode', 'observe', '--reason', 'enough');
    assert.match(disarmed.stdout, /only observes/);
  });

  test('needs a mode that exists, a reason, and a runbook that exists', async () => {
    assert.equal((await run('arm', 'dynex-outage', '--mode', 'auto', '--reason', 'x')).code, 2);
    assert.equal((await run('arm', 'dynex-outage', '--mode', 'observe')).code, 2);
    assert.equal((await run('arm', 'nothing', '--mode', 'observe', '--reason', 'x')).code, 3);
  });

  test('without the right to do so fails and names what to check', async () => {
    const worker = runbooks({
      ...server.environment,
      RUNBOOKS_PLATFORM: quickPlatform(),
      KUBECONFIG: cluster.kubeconfigs.worker,
    });
    const { code, stderr } = await worker('arm', 'dynex-outage', '--mode', 'observe', '--reason', 'x');
    assert.equal(code, 1);
    assert.match(stderr, /403.*Check KUBECONFIG/);
  });
});

describe('undo', () => {
  test('proves on the object that nothing is left, and takes back what is', async () => {
    const name = await openIncident('two');
    await eventually(async () => {
      const { steps } = outputs.show.parse(JSON.parse((await run('show', name, '-o', 'json')).stdout));
      assert.ok(steps?.some(({ takeBack }) => takeBack));
    });
    const nothing = await run('undo', name);
    assert.equal(nothing.code, 0);
    assert.match(
      nothing.stdout,
      /^nothing left +Activate Circuit Breaker: ConfigMap nqba-platform\/nqba-config: its record is gone/,
    );
    assert.match(nothing.stdout, /Nothing is left to undo\.\n$/);

    const annotations = { [recordName('k')]: '{}' };
    const body = { metadata: { annotations } };
    await api.patchNamespacedConfigMap(
      { name: 'nqba-config', namespace, body },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    const taken = await run('undo', name, '--as', 'ann', '-o', 'json');
    assert.equal(taken.code, 0);
    const { changes, left } = outputs.undo.parse(JSON.parse(taken.stdout));
    assert.deepEqual([changes.map(({ result, because }) => [result, because]), left], [[['undone', 'taken back']], 0]);
    const takeBack = await server.temporal.find(changes[0]?.workflowId ?? '');
    assert.match(takeBack.workflowId, /^take-back:[0-9a-f]{64}$/);
  });

  test('finds on the object what the report of a terminated incident does not know', async () => {
    const name = await openIncident('three');
    const incident = await server.temporal.find(name);
    const id = await server.temporal.idOf(incident);
    const key = `${id}/Immediate Response/Interrupted/1`;
    const record = {
      incident: id,
      key,
      before: { A: 'x', QUANTUM_BACKEND: 'dynex' },
      set: { A: 'x', QUANTUM_BACKEND: 'classical' },
    };
    const body = { metadata: { annotations: { [recordName(key)]: JSON.stringify(record) } } };
    await api.patchNamespacedConfigMap(
      { name: 'nqba-config', namespace, body },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    const client = new Client({ connection: await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS }) });
    await client.workflow.getHandle(incident.workflowId).terminate();
    await client.connection.close();
    const { stdout } = await run('show', name);
    assert.match(
      stdout,
      /^Needs from you:       it was terminated .* and left changed: ConfigMap nqba-platform\/nqba-config\. /m,
    );
    assert.match(stdout, /^ConfigMap nqba-platform\/nqba-config +QUANTUM_BACKEND +dynex +classical$/m);
    assert.doesNotMatch(stdout, / A +x/);
    const { changes } = outputs.undo.parse(JSON.parse((await run('undo', name, '-o', 'json')).stdout));
    assert.deepEqual([changes[0]?.takeBack.key, changes[0]?.result], [key, 'undone']);
  });

  test('leaves the public notice of an open incident, and withdraws it once the incident was ended in Temporal', async () => {
    const name = await openIncident('four');
    const incident = await server.temporal.find(name);
    const key = `${await server.temporal.idOf(incident)}/Immediate Response/Update Status Page/1`;
    const target = { system: 'status page', kind: 'Status page', name: 'Quantum computing' } as const;
    const values = { before: { status: 'operational' }, set: { status: 'degraded_performance' } };
    const records = { [recordName(key)]: recordOf({ action: 'setStatusPage', key, ...values }) };
    await storeRecords(connectArtifacts({ folder: store }), { target, uid: 'x', key, edits: [], records });
    const undone = async () => outputs.undo.parse(JSON.parse((await run('undo', name, '-o', 'json')).stdout));
    const ofThePage = ({ changes }: Awaited<ReturnType<typeof undone>>) =>
      changes.find(({ target }) => target === 'Status page Quantum computing');

    const open = await undone();
    assert.deepEqual([ofThePage(open)?.result, open.left], ['stays', 0]);
    const elsewhere = await runbooks({ ...environment, ARTIFACTS: join(store, 'none') })('undo', name);
    assert.match(elsewhere.stderr, /Not read from here, so the report alone is gone by: .*Status page Quantum computing/);

    const client = new Client({ connection: await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS }) });
    await client.workflow.getHandle(incident.workflowId).terminate();
    await client.connection.close();
    assert.match((await run('show', name)).stdout, /^Status page Quantum computing +status +operational +degraded_performance$/m);
    assert.equal(ofThePage(await undone())?.result, 'undone');
  });
});
