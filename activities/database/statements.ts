/** The slowest statements of the database, by pg_stat_statements: means since its statistics were reset. */

import { z } from 'zod';
import type { Finding } from '../../workflows/contract/finding.ts';
import type { Read } from '../connectors/database.ts';
import { masked } from './masked.ts';

/** Seconds: a mean above is faulty. */
const slow = 1;

const place = z.object({ view: z.string(), mean: z.string().nullable() });
const statement = z.object({ query: z.string(), calls: z.number(), seconds: z.number() });
type Statement = z.output<typeof statement>;

/** @throws SystemError */
export async function slowestStatements(read: Read): Promise<Finding<{ slowestMean: number }>> {
  const [where] = await read(place, whereTheyAre);
  if (!where?.mean) return { verdict: 'unknown', evidence: notInstalled };
  return judgeStatements(await read(statement, slowest(where.view, where.mean)));
}

const notInstalled =
  'Slow statements are unknown: pg_stat_statements is not installed in this database (create extension pg_stat_statements).';

/** A statement whose text we may not read may be a dump: it is not judged. */
export function judgeStatements(found: Statement[]): Finding<{ slowestMean: number }> {
  const [first] = found;
  if (!first) return { verdict: 'healthy', evidence: 'pg_stat_statements has no statement yet.', facts: { slowestMean: 0 } };
  const readable = found.filter(({ query }) => query !== hidden);
  const [worst] = readable;
  const listed = readable.map(({ query, calls, seconds }) => `${secondsOf(seconds)} in ${calls} calls: ${masked(query)}`);
  const slowestOnes = listed.length > 0 ? ` Slowest means: ${listed.join('; ')}.` : '';
  if (worst && worst.seconds > slow)
    return {
      verdict: 'faulty',
      evidence: `The slowest statement takes ${secondsOf(worst.seconds)}, above ${slow} s.${slowestOnes}`,
      facts: { slowestMean: worst.seconds },
    };
  if (first.seconds > slow)
    return {
      verdict: 'unknown',
      evidence: 'A statement of another role is slow, and its text is not permitted: grant pg_monitor.',
    };
  return {
    verdict: 'healthy',
    evidence: `No statement takes more than ${slow} s.${slowestOnes}`,
    facts: { slowestMean: first.seconds },
  };
}

const secondsOf = (seconds: number) => `${seconds < 10 ? Number(seconds.toPrecision(2)) : Math.round(seconds)} s`;

/** In whichever schema it was installed; until its version 1.7 the column had another name. */
const whereTheyAre = `
  select c.oid::regclass::text as view,
    (select attname from pg_attribute where attrelid = c.oid and attname in ('mean_exec_time', 'mean_time') limit 1) as mean
  from pg_extension e join pg_class c on c.relnamespace = e.extnamespace and c.relname = 'pg_stat_statements'
  where e.extname = 'pg_stat_statements'`;

/** In place of the text of a statement of another role. */
const hidden = '<insufficient privilege>';
/** Dumps and upkeep take long by nature. */
const byNature = 'copy|vacuum|analyze|create|alter|drop|reindex|refresh|cluster|fetch';

const slowest = (view: string, mean: string) => `
  select query, calls::float8 as calls, ${mean}::float8 / 1000 as seconds from ${view}
  where dbid = (select oid from pg_database where datname = current_database()) and query !~* '^\\s*(${byNature})\\M'
  order by ${mean} desc limit 5`;
