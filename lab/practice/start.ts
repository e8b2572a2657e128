// The practice platform: real Temporal, real Kubernetes, NQBA's workloads, stand-ins for the vendors, our worker and intake.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlatform } from '../../activities/platform.ts';
import { binary } from '../binaries.ts';
import { type ControlPlane, type Kubeconfigs, startControlPlane } from '../kubernetes/control-plane.ts';
import { applyPlatform } from '../kubernetes/platform.ts';
import type { Running } from '../process.ts';
import { startTemporal, type Temporal } from '../temporal/dev-server.ts';
import { type Environment, environmentOf, writeEnvironment } from './environment.ts';
import { portsOf, startIntake, startStandIns, startWorker, urlsOf } from './servers.ts';
import { type Settings, settingsOf } from './settings.ts';

export interface Practice {
  dir: string;
  environment: Environment;
  cluster: Pick<ControlPlane, 'kubeconfigs' | 'auditLog'> | undefined;
  temporal: Temporal;
  worker: Running;
  intake: Running;
  /** Stops everything it started, in order, and nothing else. */
  stop(): Promise<void>;
}

export interface PracticeOptions {
  dir: string;
  say: (line: string) => void;
  /** A test cluster of one's own: nothing is started or applied there. */
  own?: { kubeconfig: string; platformFile: string };
  /** Waits for the world are multiplied by this. */
  pace?: number;
}

const root = join(import.meta.dirname, '..', '..');

/** Starts or continues the platform in a folder. @throws LabError */
export async function startPractice({ dir, say, own, pace = 1 / 60 }: PracticeOptions): Promise<Practice> {
  const started: { stop(): Promise<void> }[] = [];
  const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const running = await starting;
    started.push(running);
    return running;
  };
  const stop = async () => {
    for (const running of started.splice(0).reverse()) await running.stop();
  };
  try {
    return { ...(await startAll({ dir, say, pace, keep, ...(own && { own }) })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keep = <T extends { stop(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

async function startAll({
  dir,
  say,
  own,
  pace,
  keep,
}: PracticeOptions & { pace: number; keep: Keep }): Promise<Omit<Practice, 'stop'>> {
  const settings = await settingsOf(dir);
  const [temporal, cluster] = await Promise.all([
    binary('temporal', { say }).then(path =>
      keep(startTemporal({ dir: join(dir, 'temporal'), ports: portsOf(settings).temporal, binary: path, say })),
    ),
    own ? undefined : startCluster(dir, settings, say, keep),
  ]);
  const platformFile = own?.platformFile ?? writePlatform(dir, temporal.ui, pace);
  const kubeconfig = own?.kubeconfig ?? cluster?.kubeconfigs.you ?? '';
  await keep(startStandIns(dir, settings, cluster?.kubeconfigs.lab ?? kubeconfig, say));
  writeFileSync(join(dir, 'temporal.toml'), '[profile.default]\n');
  const environment = {
    ...environmentOf({ dir, settings, temporal, urls: urlsOf(settings), platformFile, kubeconfig }),
    ...(cluster && { AUDIT_LOG: cluster.auditLog, KUBECONFIG_BOB: cluster.kubeconfigs.bob }),
  };
  const [worker, intake] = await Promise.all([
    keep(startWorker(dir, settings, { ...environment, KUBECONFIG: cluster?.kubeconfigs.worker ?? kubeconfig }, say)),
    keep(startIntake(dir, environment, say)),
  ]);
  keepEnvironment(dir, environment, { temporal, worker, intake });
  return { dir, environment, cluster, temporal, worker, intake };
}

async function startCluster(
  dir: string,
  settings: Settings,
  say: (line: string) => void,
  keep: Keep,
): Promise<{ kubeconfigs: Kubeconfigs; auditLog: string }> {
  const cluster = await keep(startControlPlane({ dir: join(dir, 'kubernetes'), ports: portsOf(settings).cluster, say }));
  await applyPlatform(cluster.kubeconfigs);
  return cluster;
}

/** NQBA's own description, with time that runs faster. */
function writePlatform(dir: string, temporalUi: string, pace: number): string {
  const platform = parsePlatform(JSON.parse(readFileSync(join(root, 'platform.json'), 'utf8')));
  const file = join(dir, 'platform.json');
  const times = { pace, quietMinutes: { P0: 10, P1: 10, P2: 5, P3: 5 } };
  const { $schema: _, ...rest } = platform;
  writeFileSync(file, JSON.stringify({ ...rest, times, links: { temporalUi } }, undefined, 2));
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
