/** A real PostgreSQL in a folder of its own, with pg_stat_statements. It refuses to run as root: then it runs as its own user. */

import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { keepRunning } from '../keep-running.ts';
import { LabError, reason } from '../lab-error.ts';
import type { Running } from '../process.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Made where it is absent; each folder above must be open to the user `postgres` where we are root. */
  dir: string;
  /** File of its log. */
  log: string;
  port: number;
  /** Path of `postgres`; `initdb` lies beside it. */
  binary: string;
  /** Of the superuser `postgres`. */
  password: string;
  /** More of its settings, as `max_connections=20`. */
  settings?: string[];
  say: (line: string) => void;
}

/** @throws LabError */
export async function startPostgres({ dir, log, port, binary, password, settings = [], say }: PostgresOptions): Promise<Running> {
  const user = await unprivileged();
  const data = join(dir, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(dir, binary, password, user);
  const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_preload_libraries=pg_stat_statements'];
  const flags = [...all, 'fsync=off', ...settings].flatMap(setting => ['-c', setting]);
  const [command = binary, ...args] = [...(user?.prefix ?? []), binary, '-D', data, '-p', `${port}`, ...flags];
  const connectionString = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const spec = { name: 'PostgreSQL', command, args, cwd: '/', log, ports: [port], ready: () => letsIn(connectionString) };
  return keepRunning(spec, say);
}

async function initialise(dir: string, binary: string, password: string, user: Awaited<ReturnType<typeof unprivileged>>) {
  mkdirSync(dir, { recursive: true });
  const secret = join(dir, 'password');
  writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  if (user) for (const path of [dir, secret]) chownSync(path, user.uid, user.gid);
  const wanted = [
    '--auth=scram-sha-256',
    '--username=postgres',
    `--pwfile=${secret}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  const initdb = join(dirname(binary), 'initdb');
  const [command = initdb, ...args] = [...(user?.prefix ?? []), initdb, '-D', join(dir, 'data'), ...wanted];
  await run(command, args, { cwd: '/' }).catch(error => {
    throw new LabError(`PostgreSQL's folder could not be made (${reason(error)}).`);
  });
}

/** Whose it is instead of root's, and what a command begins with then. */
async function unprivileged(): Promise<{ uid: number; gid: number; prefix: string[] } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const [uid, gid] = [await idOf('-u'), await idOf('-g')];
    return { uid, gid, prefix: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] };
  } catch {
    throw new LabError('PostgreSQL does not run as root, and there is no user postgres.');
  }
}

const idOf = async (kind: string) => Number((await run('id', [kind, 'postgres'])).stdout);

async function letsIn(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end();
  }
}
