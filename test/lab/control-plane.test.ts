// The practice cluster outlives stops, crashes and its own servers: what it held, it holds.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { startControlPlane } from '../../lab/kubernetes/control-plane.ts';
import type { ControlPlane } from '../../lab/kubernetes/control-plane.ts';
import { applyPlatform } from '../../lab/kubernetes/platform.ts';
import { freePorts } from '../../lab/ports.ts';
import { eventually } from '../support/eventually.ts';

const dir = await mkdtemp(join(tmpdir(), 'nqba-control-plane-'));
const [etcd = 0, etcdPeer = 0, apiserver = 0] = await freePorts(3);
const lines: string[] = [];
let running: ControlPlane | undefined;
after(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

const say = (line: string) => lines.push(line);

async function start() {
  running = await startControlPlane({ dir, ports: { etcd, etcdPeer, apiserver }, say });
  await applyPlatform(running.kubeconfigs);
  return running;
}

async function podsOf({ kubeconfigs }: ControlPlane) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigs.you);
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'nqba-platform' });
  return items.map(({ metadata }) => metadata?.uid ?? '').toSorted((one, other) => one.localeCompare(other));
}

test('a second start continues the same cluster: the same pods, tokens and address', async () => {
  const first = await start();
  const pods = await podsOf(first);
  assert.equal(pods.length, 6);
  await first.stop();
  await assert.rejects(podsOf(first));
  const second = await start();
  assert.equal(second.server, first.server);
  assert.deepEqual(await podsOf(second), pods);
});

test('etcd and the API server are started again when they are killed, and nothing is lost', async () => {
  assert.ok(running);
  const cluster = running;
  const pods = await podsOf(cluster);
  const before = { ...cluster.pids };
  for (const name of ['etcd', 'kube-apiserver']) process.kill(cluster.pids[name] ?? 0, 'SIGKILL');
  await eventually(async () => {
    assert.notEqual(cluster.pids.etcd, before.etcd);
    assert.notEqual(cluster.pids['kube-apiserver'], before['kube-apiserver']);
    assert.deepEqual(await podsOf(cluster), pods);
  });
  assert.deepEqual(lines.toSorted(), ['etcd died and is started again.', 'kube-apiserver died and is started again.']);
});
