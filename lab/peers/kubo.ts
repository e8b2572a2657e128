/** A real Kubo of its own, which meets no other node: its RPC and its gateway on two ports. What is pinned in it ends with its folder. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stoppable } from '../in-order.ts';
import { keepRunning } from '../keep-running.ts';
import { LabError, reason } from '../lab-error.ts';

const run = promisify(execFile);

export interface KuboOptions {
  /** Of its repository; made where it is absent. */
  dir: string;
  /** Of the RPC. */
  port: number;
  /** Of the gateway. */
  gateway: number;
  /** Path of `ipfs`. */
  binary: string;
  /** The most that its repository may hold: `10GB` unless said. */
  most?: string;
  /** With these credentials alone its RPC lets in: `user:secret`. */
  credentials?: string;
  say: (line: string) => void;
}

export interface Kubo extends Stoppable {
  url: string;
  gateway: string;
}

/** @throws LabError */
export async function startKubo(options: KuboOptions): Promise<Kubo> {
  const { dir, port, gateway, binary, say } = options;
  const env = { ...process.env, IPFS_PATH: join(dir, 'repository'), IPFS_TELEMETRY: 'off' };
  mkdirSync(dir, { recursive: true });
  const ipfs = (...args: string[]) =>
    run(binary, args, { env }).catch(error => {
      throw new LabError(`Kubo could not be prepared (${reason(error)}).`);
    });
  if (!existsSync(join(env.IPFS_PATH, 'config'))) await ipfs('init', '--profile=test,randomports');
  for (const [key, value] of Object.entries(configOf(options))) await ipfs('config', '--json', key, JSON.stringify(value));
  const url = `http://127.0.0.1:${port}`;
  const log = join(dir, 'kubo.log');
  const ready = (signal: AbortSignal) => fetch(`${url}/api/v0/version`, { method: 'POST', signal });
  const args = ['daemon', '--offline'];
  const running = await keepRunning({ name: 'Kubo', command: binary, args, env, log, ports: [port, gateway], ready }, say);
  return { stop: () => running.stop(), url, gateway: `http://127.0.0.1:${gateway}` };
}

function configOf({ port, gateway, most = '10GB', credentials }: KuboOptions): Record<string, unknown> {
  const authorizations = credentials && { runbooks: { AuthSecret: `basic:${credentials}`, AllowedPaths: ['/api/v0'] } };
  return {
    'Addresses.API': `/ip4/127.0.0.1/tcp/${port}`,
    'Addresses.Gateway': `/ip4/127.0.0.1/tcp/${gateway}`,
    Bootstrap: [],
    'Routing.Type': 'none',
    'Datastore.StorageMax': most,
    'API.Authorizations': authorizations ?? {},
  };
}
