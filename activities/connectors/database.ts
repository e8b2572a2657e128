/** PostgreSQL, read only: one connection for one look, bounded in time, and closed with it. */

import { Socket } from 'node:net';
import { Client, DatabaseError } from 'pg';
import { z } from 'zod';
import { limits } from '../limits.ts';
import { printed } from './address.ts';
import { describeSystem, documented, type Seen } from './description.ts';
import { type Clock, inTime, unreachable } from './http.ts';
import { fine, type Line, warning } from './line.ts';
import { quoted, SystemError } from './system-error.ts';

/** The rows of one statement, as the schema means them. Throws SystemError. */
export type Read = <T>(row: z.ZodType<T>, sql: string) => Promise<T[]>;

export interface Database {
  address: string;
  /** One connection for as long as it looks; one statement after the other. Throws SystemError. */
  look: <T>(looking: (read: Read) => Promise<T>) => Promise<T>;
}

export interface DatabaseConfig {
  /** Asked at each look: the file that holds it may have changed. */
  url: () => string;
}

const system = 'PostgreSQL';

export function connectDatabase({ url }: DatabaseConfig, { sleep }: Pick<Clock, 'sleep'>): Database {
  return {
    get address() {
      return printed(plain(url()));
    },
    look: looking => inTime(sleep, over => session(plain(url()), looking, over)).catch(failed),
  };
}

/** As PostgreSQL itself writes an address: SQLAlchemy adds its driver. Every mode with TLS checks the certificate. */
function plain(address: string): string {
  const url = new URL(address.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:'));
  const mode = url.searchParams.get('sslmode') ?? '';
  if (['prefer', 'require', 'verify-ca'].includes(mode)) url.searchParams.set('sslmode', 'verify-full');
  return url.href;
}

async function session<T>(connectionString: string, looking: (read: Read) => Promise<T>, over: AbortSignal): Promise<T> {
  const socket = new Socket();
  const timing = { connectionTimeoutMillis: limits.call };
  const client = new Client({ connectionString, ...timing, application_name: 'nqba-runbooks', stream: () => socket });
  // The call that is under way fails with it.
  client.on('error', () => undefined);
  over.addEventListener('abort', () => socket.destroy());
  try {
    await client.connect();
    return await looking((row, sql) => readOver(client, row, sql));
  } finally {
    await client.end();
  }
}

/** In a transaction of its own that can write nothing; set there, as a pooler before the database knows no settings at the start. */
async function readOver<T>(client: Client, row: z.ZodType<T>, sql: string): Promise<T[]> {
  try {
    await client.query('begin transaction read only');
    await client.query(`set local statement_timeout = ${limits.statement}`);
    const { rows } = await client.query<object>(sql);
    return rowsOf(row, rows);
  } catch (error) {
    return failed(error);
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

function rowsOf<T>(row: z.ZodType<T>, rows: object[]): T[] {
  const { data, error } = z.array(row).safeParse(rows);
  if (data) return data;
  const text = `answered something else than expected: ${quoted(z.prettifyError(error))}`;
  throw new SystemError({ system, fault: 'garbled', text });
}

interface Meaning {
  status: number;
  /** The next step for people, after a colon. */
  next: string;
}

/** By SQLSTATE; another one is read by people. */
const meanings: Record<string, Meaning> = {
  '28P01': { status: 401, next: ': correct the user and the password in DATABASE_URL' },
  '28000': {
    status: 401,
    next: ': let its user in (pg_hba.conf); where it asks for encryption, add sslmode=verify-full to DATABASE_URL',
  },
  '42501': { status: 403, next: ': grant pg_monitor to its role' },
  '53300': { status: 503, next: '' },
  '57014': { status: 503, next: `: it took longer than ${limits.statement / 1000} s` },
  '57P01': { status: 503, next: '' },
  '57P02': { status: 503, next: '' },
  '57P03': { status: 503, next: '' },
};

function failed(error: unknown): never {
  if (error instanceof SystemError) throw error;
  if (!(error instanceof DatabaseError)) throw distrusted(unreachable(system, error));
  const { status, next } = meanings[error.code ?? ''] ?? { status: 406, next: '' };
  const text = `answered ${error.code ?? ''}: ${quoted(error.message)}${next}`;
  throw new SystemError({ system, fault: 'answered', status, text, cause: error });
}

/** A certificate that no authority we know has signed. */
function distrusted(error: SystemError): SystemError {
  if (!/certificate/i.test(error.message)) return error;
  const text = `${error.message.slice(system.length + 1)}: name its authority in a file, sslrootcert in DATABASE_URL or NODE_EXTRA_CA_CERTS`;
  return new SystemError({ system, fault: error.fault, text, cause: error.cause });
}

/** True if it lets no one in, as all its connections are taken; those of our own role alone do not count. */
export const isFull = ({ cause }: SystemError): boolean =>
  cause instanceof DatabaseError && cause.code === '53300' && cause.routine !== 'InitializeSessionUserId';

const rights = z.object({ permitted: z.boolean(), installed: z.boolean() });

/** A database that does not answer is a fault of the trusted check `reachable`, too. */
async function examine({ system: database }: Seen<DatabaseConfig, Database>): Promise<Line[]> {
  if (!database) return [];
  const [found] = await database.look(read => read(rights, whatIsPermitted));
  const lacks = [
    ...(found?.permitted ? [] : ['its role does not see the sessions of others: grant pg_monitor to it']),
    ...(found?.installed ? [] : ['pg_stat_statements is not installed, so slow statements stay unknown']),
  ];
  if (lacks.length > 0) return [warning(system, `answers, but ${lacks.join(', and ')}.`)];
  return [fine(system, 'answers, and shows its sessions and its slowest statements.')];
}

const whatIsPermitted = `
  select pg_has_role('pg_read_all_stats', 'usage') as permitted,
    exists (select from pg_extension where extname = 'pg_stat_statements') as installed`;

export const databaseSystem = describeSystem({
  variables: z.object({
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?(\+\w+)?$/, error: 'is not a postgresql address' })
      .optional()
      .register(documented, {
        means: 'postgresql://user:password@host:5432/name?sslmode=verify-full, which is only read; a role of its own will do',
        without: 'connections, lock waits and slow statements are unknown',
        secret: true,
      }),
  }),
  configure: ({ DATABASE_URL: url }, { secrets }): DatabaseConfig | undefined =>
    url ? { url: () => secrets('DATABASE_URL') ?? url } : undefined,
  connect: connectDatabase,
  examined: { name: system, examine },
  checks: [
    {
      name: 'The database',
      variable: 'DATABASE_URL',
      address: database => database.address,
      activity: 'reachable',
      input: {},
      inside: 'database from inside',
    },
  ],
});
