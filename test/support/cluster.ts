// A real control plane with the practice platform on it, for tests that ask the API server itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from '../../lab/kubernetes/control-plane.ts';
import type { Kubeconfigs } from '../../lab/kubernetes/control-plane.ts';
import { applyPlatform } from '../../lab/kubernetes/platform.ts';
import { freePorts } from '../../lab/ports.ts';

export { writes } from '../../lab/kubernetes/audit.ts';

export interface Cluster {
  server: string;
  kubeconfigs: Kubeconfigs;
  auditLog: string;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a cluster of its own in a temporary folder: all three workloads ready, in three to fifteen seconds. */
export async function practiceCluster(): Promise<Cluster> {
  const dir = await mkdtemp(join(tmpdir(), 'nqba-cluster-'));
  const [etcd = 0, etcdPeer = 0, apiserver = 0] = await freePorts(3);
  const controlPlane = await startControlPlane({ dir, ports: { etcd, etcdPeer, apiserver }, say: console.error });
  const { server, kubeconfigs, auditLog } = controlPlane;
  await applyPlatform(kubeconfigs);
  return {
    server,
    kubeconfigs,
    auditLog,
    async stop() {
      await controlPlane.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
