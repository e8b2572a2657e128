// The practice platform: real Temporal, real Kubernetes, NQBA's workloads, stand-ins for the vendors, our worker and intake.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlatform } from '../../activities/platform.ts';
import { binary } from '../binaries.ts';
import { inOrder, type Keep } from '../in-order.ts';
import { type Kubeconfigs, startControlPlane } from '../kubernetes/control-plane.ts';
import { applyPlatform } from '../kubernetes/platform.ts';
import { freePorts } from '../ports.ts';
import { noPeers, type Peers, startPeers } from '../peers/index.ts';
import type { Running } from '../process.ts';
import { startTemporal, type Temporal } from '../temporal/dev-server.ts';
import { type Environment, environmentOf, linkCommands, writeEnvironment } from './environment.ts';
import { portsOf, startIntake, startStandIns, startWorker, urlsOf } from './servers.ts';
import { type Settings, settingsOf } from './settings.ts';

export interface Practice {
  dir: string;
  environment: Environment;
  cluster: Cluster;
  temporal: Temporal;
  worker: Running;
  intake: Running;
  /** Stops everything it started, in order, and nothing else. */
  stop(): Promise<void>;
}

/** Ours, or a test cluster of someone's own: that one has no second operator and no audit log that we can read. */
export interface Cluster {
  kubeconfigs: Omit<Kubeconfigs, 'bob'> & Partial<Pick<Kubeconfigs, 'bob'>>;
  auditLog?: string;
}

export interface PracticeOptions {
  dir: string;
  say: (line: string) => void;
  /** A test cluster of one's own: nothing is started or applied there. */
  own?: { kubeconfig: string; platformFile: string };
  /** Folder of runbooks of one's own. */
  runbooks?: string | undefined;
  /** Waits for the world are multiplied by this. */
  pace?: number;
  /** Where its nights are night; that of platform.json unless told. */
  timeZone?: string;
  /** Servers besides that this machine may have installed: `npm start` uses them. */
  peers?: boolean;
  /** Variables that the worker has besides. */
  workerEnvironment?: Environment | undefined;
  /** Events after which an incident rolls over; the server's own thousands unless said otherwise. */
  rollOverAfter?: number;
}

const root = join(import.meta.dirname, '..', '..');

/** Starts or continues the platform in a folder. @throws LabError */
export const startPractice = ({ pace = 1 / 60, ...options }: PracticeOptions): Promise<Practice> =>
  inOrder(keep => startAll({ ...options, pace, keep }));

type Say = (line: string) => void;
type Starting = PracticeOptions & { pace: number; keep: Keep };

async function startAll({
  dir,
  say,
  own,
  runbooks,
  pace,
  timeZone,
  peers,
  rollOverAfter,
  workerEnvironment,
  keep,
}: Starting): Promise<Omit<Practice, 'stop'>> {
  const settings = await settingsOf(dir);
  const [temporal, cluster, leading] = await Promise.all([
    startOurTemporal(dir, settings, { say, ...(rollOverAfter && { rollOverAfter }) }, keep),
    own ? ownCluster(own.kubeconfig) : startCluster(dir, settings, say, keep),
    peers ? startPeers(dir, say, keep) : noPeers,
  ]);
  await keep(startStandIns(dir, settings, { kubeconfig: cluster.kubeconfigs.lab, ipfs: leading.ipfs?.url }, say));
  writeFileSync(join(dir, 'temporal.toml'), '[profile.default]\n');
  const platformFile = own?.platformFile ?? writePlatform(dir, { temporalUi: temporal.ui, pace, timeZone, ipfs: leading.ipfs });
  const { you, worker: ours, bob } = cluster.kubeconfigs;
  const temporalCli = await binary('temporal', { say });
  const [metricsPort] = await freePorts(1);
  linkCommands(dir, temporalCli);
  const environment = {
    ...environmentOf({ dir, settings, temporal, temporalCli, urls: urlsOf(settings), platformFile, kubeconfig: you }),
    ...leading.variables,
    ...(cluster.auditLog && { AUDIT_LOG: cluster.auditLog }),
    ...(bob && { KUBECONFIG_BOB: bob }),
    INTAKE_METRICS_PORT: String(metricsPort),
    ...(runbooks && { RUNBOOKS_FOLDER: runbooks }),
  };
  const [worker, intake] = await Promise.all([
    keep(startWorker(dir, settings, { ...environment, ...workerEnvironment, KUBECONFIG: ours }, say)),
    keep(startIntake(dir, environment, say)),
  ]);
  keepEnvironment(dir, environment, { temporal, worker, intake });
  return { dir, environment, cluster, temporal, worker, intake };
}

async function startOurTemporal(
  dir: string,
  settings: Settings,
  how: { say: Say; rollOverAfter?: number },
  keep: Keep,
): Promise<Temporal> {
  const path = await binary('temporal', how);
  return keep(startTemporal({ dir: join(dir, 'temporal'), ports: portsOf(settings).temporal, binary: path, ...how }));
}

async function startCluster(dir: string, settings: Settings, say: Say, keep: Keep): Promise<Cluster> {
  const cluster = await keep(startControlPlane({ dir: join(dir, 'kubernetes'), ports: portsOf(settings).cluster, say }));
  await applyPlatform(cluster.kubeconfigs);
  return cluster;
}

const ownCluster = (kubeconfig: string): Cluster => ({ kubeconfigs: { you: kubeconfig, lab: kubeconfig, worker: kubeconfig } });

interface Practised extends Pick<Peers, 'ipfs'> {
  temporalUi: string;
  pace: number;
  timeZone: string | undefined;
}

/** NQBA's own description, with time that runs faster; of the workloads that pin, the worker alone reads its ConfigMap here. */
function writePlatform(dir: string, { temporalUi, pace, timeZone, ipfs: node }: Practised): string {
  const platform = parsePlatform(JSON.parse(readFileSync(join(root, 'platform.json'), 'utf8')));
  const file = join(dir, 'platform.json');
  const times = { pace, quietMinutes: { P0: 10, P1: 10, P2: 5, P3: 5 } };
  const { $schema: _, ipfs, ...rest } = platform;
  const pinning = ipfs && { ...ipfs, workloads: ['worker'], ...(node && { gateways: [node.gateway] }) };
  writeFileSync(
    file,
    JSON.stringify({ ...rest, ...(timeZone && { timeZone }), ipfs: pinning, times, links: { temporalUi } }, undefined, 2),
  );
  return file;
}

/** Keeps `.practice/env` true: what died and was started again has another process id. */
function keepEnvironment(
  dir: string,
  environment: Environment,
  running: { temporal: { pid: number }; worker: Running; intake: Running },
) {
  let written = '';
  const write = () => {
    const pids = {
      WORKER_PID: String(running.worker.pid),
      INTAKE_PID: String(running.intake.pid),
      TEMPORAL_PID: String(running.temporal.pid),
    };
    if (written !== JSON.stringify(pids)) writeEnvironment(dir, { ...environment, ...pids });
    written = JSON.stringify(pids);
  };
  write();
  setInterval(write, 500).unref();
}
