// The servers of a practice platform that are our own programs, each a process of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepRunning } from '../keep-running.ts';
import type { Running } from '../process.ts';
import { ofEach } from '../stand-ins/index.ts';
import { type Environment, ownShell } from './environment.ts';
import type { Settings } from './settings.ts';

const root = join(import.meta.dirname, '..', '..');

export const portsOf = ({ ports: { grpc, http, ui, etcd, etcdPeer, apiserver } }: Settings) => ({
  temporal: { grpc, http, ui },
  cluster: { etcd, etcdPeer, apiserver },
});

const at = (port: number) => `http://127.0.0.1:${port}`;

const standInPorts = ({ ports }: Settings) => ({ ...ofEach(system => ports[system]), control: ports.control });

export const urlsOf = ({ ports }: Settings) => ({ ...ofEach(system => at(ports[system])), control: at(ports.control) });

export async function startStandIns(
  dir: string,
  settings: Settings,
  reached: { kubeconfig: string; ipfs?: string | undefined },
  say: (line: string) => void,
): Promise<Running> {
  const ports = standInPorts(settings);
  const config = join(dir, 'stand-ins.json');
  writeFileSync(config, JSON.stringify({ ports, practice: dir, messages: join(dir, 'messages.jsonl'), ...reached }));
  return keepRunning(
    node(
      'The stand-ins',
      dir,
      'lab/stand-ins/main.ts',
      [config],
      ownShell(),
      answers(`${urlsOf(settings).control}/systems`),
      Object.values(ports),
    ),
    say,
  );
}

export const startWorker = (dir: string, { ports }: Settings, environment: Environment, say: (line: string) => void) =>
  keepRunning(
    node(
      'The worker',
      dir,
      'worker/main.ts',
      [],
      { ...ownShell(), ...environment, WORKER_PORT: String(ports.worker) },
      answers(`http://127.0.0.1:${ports.worker}/healthz`),
      [ports.worker],
    ),
    say,
  );

export const startIntake = (dir: string, environment: Environment, say: (line: string) => void) =>
  keepRunning(
    node(
      'The intake',
      dir,
      'client/intake/main.ts',
      [],
      { ...ownShell(), ...environment },
      answers(new URL('/readyz', environment.INTAKE_URL).href),
      [environment.INTAKE_PORT, environment.INTAKE_METRICS_PORT].filter(port => port !== undefined).map(Number),
    ),
    say,
  );

function node(
  name: string,
  dir: string,
  script: string,
  args: string[],
  env: Environment,
  ready: (signal: AbortSignal) => Promise<boolean>,
  ports: number[],
) {
  const log = join(dir, 'logs', `${name.replace('The ', '')}.log`);
  const quiet = ['--disable-warning=ExperimentalWarning'];
  return { name, command: process.execPath, args: [...quiet, join(root, script), ...args], env, cwd: root, log, ready, ports };
}

const answers = (url: string) => async (signal: AbortSignal) => (await fetch(url, { signal })).ok;
