/** The questions to Prometheus: whether it understands each, and has samples for it. */

import type { Prometheus } from '../../activities/connectors/prometheus.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { allWorkloads, type Platform } from '../../activities/platform.ts';
import { type Section, sections } from '../../workflows/catalog/runbook.ts';
import { promql, type Queries, type QueryName, queryNames } from '../../activities/queries.ts';
import { fault, fine, type Line, looked, warning } from './line.ts';
import type { Sight } from './sight.ts';

const check = 'Queries';

/** Those that only a part of the platform has samples for, by its section of the description. */
const ofSection: Partial<Record<Section, readonly QueryName[]>> = {
  quantum: [
    'jobs started',
    'jobs in flight',
    'job results',
    'interval of jobs',
    'dynex from outside',
    'jobs finished',
    'jobs timed',
    'job duration mean',
    'job duration p95',
    'job duration p95 by solver',
    'queue depth',
    'queue depths',
    'queue growth',
  ],
  access: ['login from outside', 'logins', 'logins failed', 'share of failed logins', 'usual share of failed logins'],
  ipfs: ['pins', 'pins failed'],
  billing: ['revenue variance'],
};

export const queriesOfSection = (section: Section): readonly QueryName[] => ofSection[section] ?? [];

export interface Asked {
  name: QueryName;
  query: string;
}

/** Nothing where Prometheus does not answer: that has a line of its own. */
export async function queryLines({ systems: { prometheus }, platform }: Pick<Sight, 'systems' | 'platform'>): Promise<Line[]> {
  if (!prometheus) return [];
  const asked = queriesOf(platform);
  let good = 0;
  const ask = async (one: Asked): Promise<Line[]> => {
    const found = await lineOf(prometheus, one);
    if (found === 'has samples') good += 1;
    return typeof found === 'string' ? [] : [found];
  };
  const lines = (await Promise.all(asked.map(one => looked(check, () => ask(one))))).flat();
  return good > 0 ? [fine(check, `${good} of ${asked.length} have samples.`), ...lines] : lines;
}

/** Each that concerns this platform, as it would be asked now. */
export function queriesOf(platform: Platform): Asked[] {
  const job = allWorkloads(platform).find(({ role }) => role === 'api')?.name;
  const [namespace = ''] = Object.values(platform.namespaces);
  const concerning = queryNames.filter(name => name in platform.queries || !isOfAbsent(name, platform));
  return asked(concerning, platform.queries, { namespace, job });
}

/** Each of ours, whatever the platform has. */
export const allQueries = (of: Of): Asked[] => asked(queryNames, {}, of);

interface Of {
  namespace: string;
  /** The Prometheus job of the API. */
  job: string | undefined;
}

const asked = (names: QueryName[], queries: Queries, { namespace, job }: Of): Asked[] =>
  names
    .map(name => ({ name, query: promql(queries, name, { window, namespace, names: ['.+'], ...(job && { job }) }) }))
    .filter(({ query }) => !query.includes('$job'));

const isOfAbsent = (name: QueryName, platform: Platform) =>
  sections.some(section => platform[section] === undefined && ofSection[section]?.includes(name));

/** Milliseconds. */
const window = 300_000;

async function lineOf(prometheus: Prometheus, { name, query }: Asked): Promise<Line | 'has samples' | 'no answer'> {
  try {
    if ((await prometheus.query(query)).length > 0) return 'has samples';
    return warning(check, `${name}: no samples of ${query}. What rests on it stays unknown.`);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.status !== 400 && error.status !== 422) return 'no answer';
    return fault(check, `${name}: ${error.message}.`, `Correct queries["${name}"] in the platform description: ${query}`);
  }
}
