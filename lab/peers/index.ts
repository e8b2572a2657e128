/** The servers of the practice platform that are used where they are installed: Redis with the jobs that wait, PostgreSQL, and Kubo. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { present } from '../binaries.ts';
import type { Keep } from '../in-order.ts';
import { reason } from '../lab-error.ts';
import { freePorts } from '../ports.ts';
import { startDatabase } from './database.ts';
import { installed } from './installed.ts';
import { type Kubo, startKubo } from './kubo.ts';
import { keepQueue } from './queue.ts';
import { startRedis } from './redis.ts';

type Say = (line: string) => void;

export interface Peers {
  /** That lead to those that run. */
  variables: Record<string, string>;
  /** RPC and gateway of Kubo; absent without it. */
  ipfs?: Pick<Kubo, 'url' | 'gateway'>;
}
export const noPeers: Peers = { variables: {} };

/** Says a line for each that does not run. @param dir the practice folder */
export async function startPeers(dir: string, say: Say, keep: Keep): Promise<Peers> {
  const [redis, postgres, kubo, gateway] = await freePorts(4);
  let ipfs: Peers['ipfs'];
  const started = await Promise.all([
    peer('Redis', 'redis-server', 'waiting jobs are counted in the pods of the API alone', say, binary =>
      startQueue(dir, redis ?? 0, binary, say, keep),
    ),
    peer('PostgreSQL', 'postgres', 'the checks of the database are unknown', say, async binary => {
      const { url } = await keep(startDatabase(dir, { port: postgres ?? 0, binary, say }));
      return { DATABASE_URL: url };
    }),
    peer('Kubo', 'ipfs', 'the checks of IPFS are unknown', say, async binary => {
      const ports = { port: kubo ?? 0, gateway: gateway ?? 0 };
      ipfs = await keep(startKubo({ dir: join(dir, 'kubo'), ...ports, binary, say }));
      return { IPFS_API_URL: ipfs.url };
    }),
  ]);
  return { variables: Object.assign({}, ...started), ...(ipfs && { ipfs }) };
}

/** Practice goes on without it. */
async function peer(
  name: string,
  program: string,
  without: string,
  say: Say,
  start: (binary: string) => Promise<Record<string, string>>,
): Promise<Record<string, string>> {
  const binary = program === 'ipfs' ? await present(program, { say }) : installed(program);
  try {
    if (binary) return await start(binary);
    say(`${name} is not installed (${program}): ${without}.`);
  } catch (error) {
    say(`${name} is not used, so ${without}: ${reason(error)}`);
  }
  return {};
}

async function startQueue(dir: string, port: number, binary: string, say: Say, keep: Keep): Promise<Record<string, string>> {
  const password = randomBytes(18).toString('base64url');
  await keep(startRedis({ dir: join(dir, 'redis'), port, binary, settings: ['--requirepass', password], say }));
  const url = `redis://default:${password}@127.0.0.1:${port}/0`;
  await keep(keepQueue(dir, url));
  return { REDIS_URL: url };
}
