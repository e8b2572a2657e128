/** The sessions of the database: how many there are, who waits for a lock, what lasts longest, and how far replicas are behind. */

import { z } from 'zod';
import type { Finding } from '../../workflows/contract/finding.ts';
import type { Read } from '../connectors/database.ts';
import { masked } from './masked.ts';

/** Of max_connections: more is faulty. */
const most = 0.8;
/** Seconds: a longer wait for a lock is faulty. */
const longestWait = 30;

const counted = z.object({ used: z.number(), most: z.number(), permitted: z.boolean() });

/** And whether our role may see the sessions of others. @throws SystemError */
export async function connectionsOf(read: Read): Promise<Finding<{ connections: number; permitted: boolean }>> {
  const [found] = await read(counted, counting);
  if (!found) return { verdict: 'unknown', evidence: 'The connections could not be counted.' };
  const share = found.used / found.most;
  const text = `${found.used} of ${found.most} connections are in use (${Math.round(share * 100)}%)`;
  const facts = { connections: share, permitted: found.permitted };
  return share > most
    ? { verdict: 'faulty', evidence: `${text}, above ${most * 100}%.`, facts }
    : { verdict: 'healthy', evidence: `${text}.`, facts };
}

/** Workers of the server itself have no user, or say what they are. */
const counting = `
  select (count(*) filter (where usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend'))::int as used,
    current_setting('max_connections')::int as most, pg_has_role('pg_read_all_stats', 'usage') as permitted
  from pg_stat_activity`;

const wait = z.object({
  waiting: z.number(),
  since: z.date().nullable(),
  seconds: z.number().nullable(),
  blocker: z.number().nullable(),
  state: z.string().nullable(),
  query: z.string().nullable(),
});

/** @throws SystemError */
export async function lockWaits(read: Read): Promise<Finding<{ longestLockWait: number; since: string }>> {
  const [longest] = await read(wait, waiting);
  return longest
    ? judgeWaits(longest)
    : { verdict: 'healthy', evidence: 'Nothing waits for a lock.', facts: { longestLockWait: 0 } };
}

export function judgeWaits(longest: z.output<typeof wait>): Finding<{ longestLockWait: number; since: string }> {
  const { since, seconds, blocker, state, query } = longest;
  const many = longest.waiting === 1 ? 'One session waits' : `${longest.waiting} sessions wait`;
  if (!since || seconds === null)
    return { verdict: 'unknown', evidence: `${many} for a lock; for how long is not permitted: grant pg_monitor.` };
  const doing = query ? `, ${state ?? ''}: ${masked(query)}` : '';
  const held = blocker === null ? '' : ` It is held by pid ${blocker}${doing}.`;
  const facts = { longestLockWait: seconds, since: since.toISOString() };
  const text = `${many} for a lock, the longest for ${Math.round(seconds)} s`;
  return seconds > longestWait
    ? { verdict: 'faulty', evidence: `${text}, above ${longestWait} s.${held}`, facts }
    : { verdict: 'healthy', evidence: `${text}.`, facts };
}

/** Everyone may read who waits; until PostgreSQL 14 since when is the beginning of the statement, which not everyone may read. */
const waiting = `
  with waits as (
    select l.pid, coalesce((to_jsonb(l) ->> 'waitstart')::timestamptz, a.query_start) as since
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid where not l.granted),
  longest as (select pid, since from waits order by since nulls last limit 1)
  select (select count(*) from waits)::int as waiting, longest.since,
    extract(epoch from clock_timestamp() - longest.since)::float8 as seconds, b.pid as blocker, b.state, b.query
  from longest left join lateral (
    select pid, state, query from pg_stat_activity where pid = any (pg_blocking_pids(longest.pid)) limit 1) b on true`;

const active = z.object({ since: z.date(), seconds: z.number(), query: z.string() });

/** For how long a statement may last is for people to say. @throws SystemError */
export async function longestStatement(read: Read): Promise<Finding<{ since: string }>> {
  const [longest] = await read(active, lasting);
  if (!longest) return { verdict: 'healthy', evidence: 'No statement lasts longer than 1 s.' };
  const { since, seconds, query } = longest;
  const evidence = `The longest statement lasts ${Math.round(seconds)} s: ${masked(query)}.`;
  return { verdict: 'healthy', evidence, facts: { since: since.toISOString() } };
}

const lasting = `
  select query_start as since, extract(epoch from clock_timestamp() - query_start)::float8 as seconds, query
  from pg_stat_activity
  where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()
    and query_start < clock_timestamp() - interval '1 second'
  order by query_start limit 1`;

const replication = z.object({ replica: z.boolean(), replicas: z.number(), behind: z.number().nullable() });

/** @throws SystemError */
export async function replicasOf(read: Read): Promise<Finding> {
  const [found] = await read(replication, replicating);
  if (!found) return { verdict: 'unknown', evidence: 'Replicas could not be read.' };
  const behind = `${Number((found.behind ?? 0).toFixed(1))} s behind`;
  if (found.replica) return { verdict: 'healthy', evidence: `This is a replica, ${behind}.` };
  return {
    verdict: 'healthy',
    evidence: found.replicas === 0 ? 'No replica.' : `Replicas: ${found.replicas}, at most ${behind}.`,
  };
}

/** A replica that has replayed all that it received is not behind, however long ago the last of it was written. */
const replicating = `
  select pg_is_in_recovery() as replica, (select count(*) from pg_stat_replication)::int as replicas,
    case when not pg_is_in_recovery() then (select max(extract(epoch from replay_lag))::float8 from pg_stat_replication)
      when pg_last_wal_receive_lsn() is distinct from pg_last_wal_replay_lsn()
      then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 end as behind`;
