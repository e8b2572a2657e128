/** The practice database: an empty PostgreSQL with a role that may only look. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { inOrder, type Stoppable } from '../in-order.ts';
import { startPostgres } from './postgres.ts';

export interface PracticeDatabase extends Stoppable {
  /** As `DATABASE_URL` has it. */
  url: string;
}

/** New at each start, and outside the practice folder: the user `postgres` may not enter the folders of root. @throws LabError */
export async function startDatabase(
  practice: string,
  { port, binary, say }: { port: number; binary: string; say: (line: string) => void },
): Promise<PracticeDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-postgres-'));
  chmodSync(dir, 0o755);
  const password = randomBytes(18).toString('base64url');
  const log = join(practice, 'logs', 'postgres.log');
  const address = (user: string) => `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;
  return inOrder(async keep => {
    await keep(Promise.resolve({ stop: async () => rmSync(dir, { recursive: true, force: true }) }));
    await keep(startPostgres({ dir, log, port, binary, password, say }));
    await prepare(address('postgres'), password);
    return { url: address('runbooks') };
  });
}

async function prepare(connectionString: string, password: string) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query('create extension pg_stat_statements');
    await client.query(`create role runbooks login password '${password}' connection limit 3`);
    await client.query('grant pg_monitor to runbooks');
  } finally {
    await client.end();
  }
}
