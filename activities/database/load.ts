/** Is the database the bottleneck: are its connections used up, do sessions wait for locks, are statements slow? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { isFull, type Read } from '../connectors/database.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { DatabaseLoadFacts } from '../facts.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { connectionsOf, lockWaits, longestStatement, replicasOf } from './sessions.ts';
import { slowestStatements } from './statements.ts';

/** @throws SystemError */
export async function checkLoad({ systems: { database } }: Deps): Promise<Finding<DatabaseLoadFacts>> {
  if (!database) throw notConnected('PostgreSQL', 'DATABASE_URL');
  try {
    return await database.look(measured);
  } catch (error) {
    if (!(error instanceof SystemError && isFull(error))) throw error;
    return { verdict: 'faulty', evidence: `All connections are taken: ${error.message}.`, facts: { connections: 1 } };
  }
}

async function measured(read: Read): Promise<Finding<DatabaseLoadFacts>> {
  const connections = await part(() => connectionsOf(read));
  const locks = await part(() => lockWaits(read));
  const statements = await part(() => slowestStatements(read));
  const permitted = factsOf(connections)?.permitted ?? false;
  const longest: Part<{ since: string }> = permitted ? await part(() => longestStatement(read)) : notPermitted;
  const replicas = permitted ? await part(() => replicasOf(read)) : notPermitted;
  const verdict = together([connections, locks, statements]);
  return {
    verdict,
    evidence: evidenceOf([...worstFirst([connections, locks, statements]), longest, replicas, ofTheHost]),
    facts: {
      connections: factsOf(connections)?.connections,
      longestLockWait: factsOf(locks)?.longestLockWait,
      slowestMean: factsOf(statements)?.slowestMean,
      since: verdict === 'faulty' ? firstDeviation(locks, longest) : undefined,
    },
  };
}

/** A wait that is too long itself, else the longest statement: it may be what the others wait for. */
function firstDeviation(locks: Part<{ since: string }>, longest: Part<{ since: string }>): string | undefined {
  const first = verdictIs(locks, 'faulty') ? locks : longest;
  return factsOf(first)?.since;
}

const notPermitted = { leftOut: 'the sessions of other roles and replicas: grant pg_monitor to its role.' };
const ofTheHost = { leftOut: 'CPU and IOPS of its host, which no statement shows.' };

const factsOf = <F extends object>(part: Part<F>) => ('leftOut' in part ? undefined : part.facts);
const verdictIs = (part: Part, verdict: Finding['verdict']) => 'verdict' in part && part.verdict === verdict;

/** Evidence may be cut at its end. */
const worstFirst = (parts: Part[]) => [
  ...parts.filter(part => verdictIs(part, 'faulty')),
  ...parts.filter(part => !verdictIs(part, 'faulty')),
];
