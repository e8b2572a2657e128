// A real Kubernetes control plane on loopback: etcd, API server with audit log, controllers, scheduler, and kwok for nodes.
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { binary } from '../binaries.ts';
import type { BinaryName } from '../binaries.ts';
import { inOrder, type Keep } from '../in-order.ts';
import { keepRunning } from '../keep-running.ts';
import type { Running } from '../process.ts';
import { credentials, writeKubeconfig } from './credentials.ts';
import type { Credentials, User } from './credentials.ts';

export interface ControlPlanePorts {
  etcd: number;
  etcdPeer: number;
  apiserver: number;
}

export interface Kubeconfigs {
  /** The person at the terminal: may do everything. */
  you: string;
  /** What the practice platform itself uses, so that its writes are no one else's. */
  lab: string;
  /** Our worker, user `nqba-runbooks`. */
  worker: string;
  /** A second operator with rights of his own. */
  bob: string;
}

export interface ControlPlane {
  server: string;
  kubeconfigs: Kubeconfigs;
  auditLog: string;
  readonly pids: Record<string, number>;
  /** Stops everything in order, the API server and etcd last. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Everything is kept here; a second start in the same folder continues the same cluster. */
  dir: string;
  ports: ControlPlanePorts;
  say: (line: string) => void;
}

/** Starts the five servers, ready in seconds. @throws LabError */
export const startControlPlane = (options: ControlPlaneOptions): Promise<ControlPlane> =>
  inOrder(keep => startAll(options, keep));

async function startAll({ dir, ports, say }: ControlPlaneOptions, keep: Keep): Promise<Omit<ControlPlane, 'stop'>> {
  const keys = await credentials(join(dir, 'credentials'));
  const servers = new Map<string, Running>();
  const server = `https://127.0.0.1:${ports.apiserver}`;
  const certificate = join(dir, 'certificates', 'apiserver.crt');
  const auditLog = join(dir, 'audit.log');

  const start = async (name: BinaryName, args: string[], more: { ports?: number[]; ready?: () => Promise<unknown> } = {}) => {
    const command = await binary(name, { say });
    const log = join(dir, 'logs', `${name}.log`);
    servers.set(name, await keep(keepRunning({ name, command, args, log, ...more }, say)));
  };

  await start('etcd', etcdFlags(dir, ports), {
    ports: [ports.etcd, ports.etcdPeer],
    ready: () => etcdServes(ports.etcd),
  });
  await start('kube-apiserver', apiserverFlags({ dir, ports, keys, auditLog }), {
    ports: [ports.apiserver],
    ready: () => apiserverServes(server, certificate),
  });
  const kubeconfig = await kubeconfigWriter({ dir, server, certificate, keys });
  const controllers = await kubeconfig('system:kube-controller-manager');
  const scheduler = await kubeconfig('system:kube-scheduler');
  const kwok = await kubeconfig('system:kwok');
  await Promise.all([
    start('kube-controller-manager', controllerFlags(controllers, keys, certificate)),
    start('kube-scheduler', ['--kubeconfig', scheduler, '--leader-elect=false', '--secure-port=0']),
    start('kwok', kwokFlags(kwok)),
  ]);
  return {
    server,
    kubeconfigs: await forPeople(kubeconfig),
    auditLog,
    get pids() {
      return pidsOf(servers);
    },
  };
}

const pidsOf = (servers: Map<string, Running>) => Object.fromEntries([...servers].map(([name, { pid }]) => [name, pid]));

const etcdFlags = (dir: string, { etcd, etcdPeer }: ControlPlanePorts) => [
  `--data-dir=${join(dir, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${etcd}`,
  `--advertise-client-urls=http://127.0.0.1:${etcd}`,
  `--listen-peer-urls=http://127.0.0.1:${etcdPeer}`,
  '--unsafe-no-fsync',
];

const apiserverFlags = ({
  dir,
  ports,
  keys,
  auditLog,
}: {
  dir: string;
  ports: ControlPlanePorts;
  keys: Credentials;
  auditLog: string;
}) => [
  `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  '--endpoint-reconciler-type=none',
  `--secure-port=${ports.apiserver}`,
  `--cert-dir=${join(dir, 'certificates')}`,
  `--service-account-key-file=${keys.serviceAccountPublicKey}`,
  `--service-account-signing-key-file=${keys.serviceAccountKey}`,
  '--service-account-issuer=https://kubernetes.default.svc',
  '--service-cluster-ip-range=10.0.0.0/24',
  `--token-auth-file=${keys.tokenFile}`,
  '--authorization-mode=RBAC',
  `--audit-policy-file=${join(import.meta.dirname, 'audit-policy.yaml')}`,
  `--audit-log-path=${auditLog}`,
  '--audit-log-maxsize=2000',
];

const controllerFlags = (kubeconfig: string, keys: Credentials, certificate: string) => [
  `--kubeconfig=${kubeconfig}`,
  `--service-account-private-key-file=${keys.serviceAccountKey}`,
  `--root-ca-file=${certificate}`,
  '--leader-elect=false',
  '--secure-port=0',
];

const kwokFlags = (kubeconfig: string) => [
  `--kubeconfig=${kubeconfig}`,
  '--manage-all-nodes=true',
  '--node-lease-duration-seconds=40',
  '--cidr=10.64.0.1/24',
  `--config=${join(import.meta.dirname, 'kwok', 'stages.yaml')}`,
];

async function etcdServes(port: number) {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1000) });
  return answer.ok;
}

/** The API server makes its certificate while it starts, so there is none to trust before. */
async function apiserverServes(server: string, certificate: string) {
  const ca = await readFile(certificate);
  return new Promise<boolean>((resolve, reject) => {
    get(`${server}/readyz`, { ca, timeout: 1000 }, answer => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).on('error', reject);
  });
}

async function kubeconfigWriter(about: { dir: string; server: string; certificate: string; keys: Credentials }) {
  const { dir, server, certificate, keys } = about;
  const authority = await readFile(certificate, 'utf8');
  return (user: User) =>
    writeKubeconfig(join(dir, 'credentials', `${user.replace('system:', '')}.kubeconfig`), {
      server,
      authority,
      user,
      token: keys.token(user),
    });
}

const forPeople = async (kubeconfig: (user: User) => Promise<string>): Promise<Kubeconfigs> => ({
  you: await kubeconfig('you'),
  lab: await kubeconfig('lab'),
  worker: await kubeconfig('nqba-runbooks'),
  bob: await kubeconfig('bob'),
});
