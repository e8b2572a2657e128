/** A real nginx that serves Ingresses as they were written, and clients that call it from addresses of their own. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../../lab/peers/installed.ts';
import { accepts } from '../../lab/peers/accepts.ts';
import { freePorts } from '../../lab/ports.ts';
import { startProcess } from '../../lab/process.ts';
import { type Controller, nginxConf } from './ingress-nginx.ts';

/** Nothing where it is not installed. */
export const nginx = installed('nginx');

export interface Edge {
  /** So many calls of one client, twenty at once: how often each status was answered. */
  calls: (client: string, path: string, times: number) => Promise<Record<number, number>>;
}

/** Serves them while the work lasts. */
export async function servedBy<T>(
  objects: unknown[],
  work: (edge: Edge) => Promise<T>,
  options: Partial<Controller> = {},
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'nqba-nginx-'));
  const [port = 0] = await freePorts(1);
  const conf = join(dir, 'nginx.conf');
  await writeFile(conf, nginxConf(objects, { dir, port, ...options }));
  const args = ['-e', 'stderr', '-p', dir, '-c', conf];
  const ready = (signal: AbortSignal) => accepts(port, signal);
  const running = await startProcess({
    name: 'nginx',
    command: nginx ?? 'nginx',
    args,
    log: join(dir, 'log'),
    ports: [port],
    ready,
  });
  const statusOf = async (client: string, path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-forwarded-for': client } });
    await answer.text();
    return answer.status;
  };
  try {
    return await work({
      async calls(client, path, times) {
        const found: Record<number, number> = {};
        for (let left = times; left > 0; left -= 20) {
          const some = Array.from({ length: Math.min(20, left) }, () => statusOf(client, path));
          for (const status of await Promise.all(some)) found[status] = (found[status] ?? 0) + 1;
        }
        return found;
      },
    });
  } finally {
    await running.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
