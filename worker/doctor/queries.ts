/** The questions to Prometheus: whether it understands each, and has samples for it. */

import type { Prometheus } from '../../activities/connectors/prometheus.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { allWorkloads, type Platform } from '../../activities/platform.ts';
import { type Section, sections } from '../../workflows/catalog/runbook.ts';
import { promql, type Queries, type QueryName, queryNames } from '../../activities/queries.ts';
import { longestInterval, oftener } from '../../activities/scraping.ts';
import { fault, fine, type Line, looked, warning } from './line.ts';
import { type Freshness, freshnessOf, lastSeen, selectorsIn, spanOf, together } from './freshness.ts';
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
    'cpu periods',
    'cpu periods throttled',
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
  const answered = new Set<Asked>();
  const ask = async (one: Asked): Promise<Line[]> => {
    const found = await lineOf(prometheus, one);
    if (found === 'has samples') answered.add(one);
    return typeof found === 'string' ? [] : [found];
  };
  const lines = (await Promise.all(asked.map(one => looked(check, () => ask(one))))).flat();
  const good = asked.filter(one => answered.has(one));
  const counted = good.length > 0 ? [fine(check, `${good.length} of ${asked.length} have samples.`)] : [];
  return [...counted, ...(await looked(check, () => freshnessLines(prometheus, good))), ...lines];
}

/** Seconds. */
const longest = longestInterval / 1_000;
/** So many scrapes may be missed, or still be under way. */
const missed = 2.5;

/** Of those that have samples, one line for each interval; and what is old, or scraped too seldom, with its fix. */
async function freshnessLines(prometheus: Prometheus, good: Asked[]): Promise<Line[]> {
  const selectors = new Map(good.map(({ name, query }) => [name, selectorsIn(query)]));
  const fresh = await freshnessOf(prometheus, [...new Set([...selectors.values()].flat())]);
  const all = [...selectors].map(([name, its]) => ({ name, ...together(its.flatMap(one => fresh.get(one) ?? [])) }));
  const [untold, known] = [false, true].map(is =>
    all.filter(one => one.age !== undefined && is === (one.interval !== undefined)),
  );
  const lines = [...Map.groupBy(known ?? [], ({ interval = 0 }) => interval)]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([interval, those]) => {
      const isOld = ({ age = 0 }: Freshness) => age > Math.max(longest, missed * interval);
      const old = those.filter(isOld);
      const rest = those.filter(one => !isOld(one));
      return [...(rest.length > 0 ? [intervalLine(interval, rest)] : []), ...(old.length > 0 ? [oldLine(interval, old)] : [])];
    });
  return untold?.length ? [...lines, untoldLine(untold)] : lines;
}

type Named = Freshness & { name: QueryName };

const agesOf = (those: Named[]) => those.map(({ name, age = 0 }) => `${name} (newest sample ${spanOf(age)} old)`).join(', ');

function intervalLine(interval: number, those: Named[]): Line {
  const text = `scraped about every ${spanOf(interval)}: ${agesOf(those)}.`;
  if (interval <= longest) return fine(check, text);
  return warning(check, `${text} Effects show late. ${oftener('these')}`);
}

const untoldLine = (those: Named[]) =>
  warning(check, `nothing tells how often these are scraped: ${agesOf(those)}. ${oftener('these')}`);

const oldLine = (interval: number, those: Named[]) =>
  warning(
    check,
    `not scraped any more: ${agesOf(those)}; it was about every ${spanOf(interval)}. Check the targets of Prometheus.`,
  );

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
    const age = await lastSeen(prometheus, selectorsIn(query));
    const last = age === undefined ? 'None in the last day' : `The newest is ${spanOf(age)} old`;
    return warning(check, `${name}: no samples of ${query}. ${last}. What rests on it stays unknown.`);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.status !== 400 && error.status !== 422) return 'no answer';
    return fault(check, `${name}: ${error.message}.`, `Correct queries["${name}"] in the platform description: ${query}`);
  }
}
