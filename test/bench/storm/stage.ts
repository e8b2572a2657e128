/** What a storm meets: a Temporal server that keeps its database, and an intake as a process that may be killed. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { binary } from '../../../lab/binaries.ts';
import { inOrder } from '../../../lab/in-order.ts';
import { keepRunning } from '../../../lab/keep-running.ts';
import { freePorts } from '../../../lab/ports.ts';
import { type Running, startProcess } from '../../../lab/process.ts';
import { startIntake } from '../../../lab/practice/servers.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';

export const cluster = 'nqba-production';
export const token = randomBytes(24).toString('base64url');
/** Where the intake opens its incidents; a worker serves it only where one is measured. */
export const taskQueue = 'kit';

/** An hour is a second. */
export const pace = 1 / 3600;

export interface Temporal {
  address: string;
  client: Client;
  /** Requests in our namespace that its frontend has counted, by operation; it counts a moment late. */
  requests: () => Promise<Map<string, number>>;
  kill: () => Promise<void>;
  comeBack: () => Promise<void>;
}

export interface Stage {
  dir: string;
  temporal: Temporal;
  intake: Running;
  /** The webhook of Alertmanager. */
  url: string;
  stop: () => Promise<void>;
}

/** @param runbooks folder of runbooks of one's own */
export function startStage(say: (line: string) => void, runbooks?: string): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-storm-'));
  return inOrder(async keep => {
    await keep(Promise.resolve({ stop: async () => rmSync(dir, { recursive: true, force: true }) }));
    const [port = 0] = await freePorts(1);
    const temporal = await keep(startTemporal(dir, say));
    const environment = {
      TEMPORAL_ADDRESS: temporal.address,
      RUNBOOKS_TASK_QUEUE: taskQueue,
      INTAKE_PORT: `${port}`,
      INTAKE_URL: `http://127.0.0.1:${port}/alertmanager`,
      INTAKE_TOKEN: token,
      ARTIFACTS: join(dir, 'artifacts'),
      RUNBOOKS_PLATFORM: writePlatform(dir),
      ...(runbooks && { RUNBOOKS_FOLDER: runbooks }),
    };
    const intake = await keep(startIntake(dir, environment, say));
    return { dir, temporal, intake, url: environment.INTAKE_URL };
  });
}

/** Waits for the world take no time to speak of. */
function writePlatform(dir: string): string {
  const [file, platform] = [join(dir, 'platform.json'), Object(JSON.parse(readFileSync('platform.json', 'utf8')))];
  writeFileSync(file, JSON.stringify({ ...platform, times: { pace, quietMinutes: { P0: 60, P1: 60, P2: 30, P3: 30 } } }));
  return file;
}

async function startTemporal(dir: string, say: (line: string) => void): Promise<Temporal & { stop: () => Promise<void> }> {
  const [port = 0, metrics = 0, http = 0] = await freePorts(3);
  const address = `127.0.0.1:${port}`;
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);
  const flags = { ip: '127.0.0.1', port, 'http-port': http, 'metrics-port': metrics, 'db-filename': join(dir, 'temporal.db') };
  const given = Object.entries({ ...flags, 'log-level': 'error' }).map(([name, value]) => `--${name}=${value}`);
  const spec = {
    name: 'Temporal',
    command: await binary('temporal', { say }),
    args: ['server', 'start-dev', '--headless', ...given, ...attributes],
    log: join(dir, 'temporal.log'),
    ports: [port, metrics, http],
    ready: async (signal: AbortSignal) => (await fetch(`http://127.0.0.1:${http}/api/v1/namespaces/default`, { signal })).ok,
  };
  let running = await startProcess(spec);
  const client = new Client({ connection: await Connection.connect({ address }) });
  return {
    address,
    client,
    requests: () => requestsIn(`http://127.0.0.1:${metrics}/metrics`),
    kill: async () => {
      process.kill(running.pid, 'SIGKILL');
      await running.stop();
    },
    comeBack: async () => void (running = await startProcess(spec)),
    stop: async () => {
      await client.connection.close();
      await running.stop();
    },
  };
}

const counted = /^service_requests\{([^}]*)\} (\S+)$/gm;

async function requestsIn(url: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [, labels = '', count] of (await (await fetch(url)).text()).matchAll(counted)) {
    const operation = /operation="(\w+)"/.exec(labels)?.[1] ?? '';
    if (labels.includes('service_name="frontend"') && labels.includes('namespace="default"'))
      counts.set(operation, (counts.get(operation) ?? 0) + Number(count));
  }
  return counts;
}

/** A worker of a bundle whose activities answer at once. */
export const startWorker = (dir: string, bundle: string, address: string, name: string, say: (line: string) => void) =>
  keepRunning(
    {
      name: `The worker of ${name}`,
      command: process.execPath,
      args: [join(import.meta.dirname, '..', 'worker.ts'), bundle, address, 'default', name],
      log: join(dir, `${name}.log`),
    },
    say,
  );
