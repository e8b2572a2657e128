// A real control plane with the practice platform on it, for tests that ask the API server itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inOrder } from '../../lab/in-order.ts';
import { startControlPlane } from '../../lab/kubernetes/control-plane.ts';
import type { Kubeconfigs } from '../../lab/kubernetes/control-plane.ts';
import { applyPlatform } from '../../lab/kubernetes/platform.ts';
import { freePorts } from '../../lab/ports.ts';

export { writes } from '../../lab/kubernetes/audit.ts';

export interface Cluster {
  server: string;
  kubeconfigs: Kubeconfigs;
  auditLog: string;
  /** Port of its etcd, for what the API server itself would not store any more. */
  etcd: number;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a cluster of its own in a temporary folder: all three workloads ready, in three to fifteen seconds. */
export const practiceCluster = (): Promise<Cluster> =>
  inOrder(async keep => {
    const dir = await mkdtemp(join(tmpdir(), 'nqba-cluster-'));
    await keep(Promise.resolve({ stop: () => rm(dir, { recursive: true, force: true }) }));
    const [etcd = 0, etcdPeer = 0, apiserver = 0] = await freePorts(3);
    const starting = startControlPlane({ dir, ports: { etcd, etcdPeer, apiserver }, say: console.error });
    const { server, kubeconfigs, auditLog } = await keep(starting);
    await applyPlatform(kubeconfigs);
    return { server, kubeconfigs, auditLog, etcd };
  });
