/** Does the database let us in, and answer a read? From inside: from where this process runs. */

import { z } from 'zod';
import type { Finding } from '../../workflows/contract/finding.ts';
import { type Database, isFull } from '../connectors/database.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { trusted } from '../seen.ts';
import { layerOf } from '../viewpoints.ts';

/** Milliseconds from the first packet to the answer: more is faulty. */
const slow = 1_000;
const row = z.object({ datname: z.string() });

/** Where no database is connected it does not apply. @throws SystemError */
export async function checkReachable(deps: Deps): Promise<Finding> {
  const { database } = deps.systems;
  if (!database) return { verdict: 'unknown', evidence: notApplicable };
  const finding = await asked(database, deps);
  return trusted(deps, { check: 'database from inside', address: database.address }, finding);
}

const notApplicable =
  'Not applicable: no database is connected, as where users are in memory or a fixed list. Where they lie in PostgreSQL, set DATABASE_URL.';

async function asked(database: Database, { now }: Deps): Promise<Finding> {
  const began = now();
  try {
    await database.look(read => read(row, 'select datname from pg_database where datname = current_database()'));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { verdict: isOurs(error) ? 'unknown' : 'faulty', evidence: told(error) };
  }
  const took = now() - began;
  const text = `PostgreSQL let us in and answered a read in ${took} ms`;
  return took < slow
    ? { verdict: 'healthy', evidence: `${text}.` }
    : { verdict: 'faulty', evidence: `${text}, not below ${slow} ms.` };
}

/** Our own login is refused: that says nothing about the login of the platform. */
const isOurs = (error: SystemError) => error.fault === 'answered' && (error.status ?? 0) < 500 && !isFull(error);

const told = (error: SystemError) =>
  error.fault === 'unreachable' ? `${layerOf(error)} ${error.message}.` : `${error.message}.`;
