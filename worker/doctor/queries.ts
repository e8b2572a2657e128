/** The questions to Prometheus: whether it understands each, and has samples for it. */

import type { Prometheus } from '../../activities/connectors/prometheus.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { allWorkloads, type Platform } from '../../activities/platform.ts';
import { type Section, sections } from '../../workflows/catalog/runbook.ts';
import { promql, type QueryName, queryNames } from '../../activities/queries.ts';
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

interface Asked {
  name: QueryName;
  query: string;
}

/** Nothing where Prometheus does not answer: that has a line of its own. */
export async function queryLines({ systems: { prometheus }, platform }: Pick<Sight, 'systems' | 'platform'>): Promise<Line[]> {
  if (!prometheus) return [];
  const asked = queriesOf(platform);
  const answers = await Promise.all(asked.map(one => looked(check, () => lineOf(prometheus, one))));
  const lines = answers.flat();
  const good = asked.length - lines.length;
  return good > 0 ? [fine(check, `${good} of ${asked.length} have samples.`), ...lines] : lines;
}

/** Each that concerns this platform, as it would be asked now. */
function queriesOf(platform: Platform): Asked[] {
  const job = allWorkloads(platform).find(({ role }) => role === 'api')?.name;
  const [namespace = ''] = Object.values(platform.namespaces);
  return queryNames
    .filter(name => name in platform.queries || !isOfAbsent(name, platform))
    .map(name => ({ name, query: promql(platform.queries, name, { window, namespace, names: ['.+'], ...(job && { job }) }) }))
    .filter(({ query }) => !query.includes('$job'));
}

const isOfAbsent = (name: QueryName, platform: Platform) =>
  sections.some(section => platform[section] === undefined && ofSection[section]?.includes(name));

/** Milliseconds. */
const window = 300_000;

async function lineOf(prometheus: Prometheus, { name, query }: Asked): Promise<Line[]> {
  try {
    if ((await prometheus.query(query)).length > 0) return [];
    return [warning(check, `${name}: no samples of ${query}. What rests on it stays unknown.`)];
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.status !== 400 && error.status !== 422) return [];
    return [fault(check, `${name}: ${error.message}.`, `Correct queries["${name}"] in the platform description: ${query}`)];
  }
}
