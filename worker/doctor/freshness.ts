/** How old the newest sample behind a query is, and how often its series are scraped. */

import { parser } from '@prometheus-io/lezer-promql';
import type { Prometheus } from '../../activities/connectors/prometheus.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { intervalOf, secondsOf } from '../../activities/queries.ts';
import { sampled } from '../../activities/scraping.ts';

/** In seconds; a field is absent where Prometheus does not say. */
export interface Freshness {
  age?: number;
  interval?: number;
}

/** The series that a query reads, each once: `http_requests_total{job="front"}`. */
export function selectorsIn(query: string): string[] {
  const found = new Set<string>();
  parser.parse(query).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'VectorSelector') found.add(query.slice(from, to));
    },
  });
  return [...found];
}

/** Seconds since the newest sample; no answer where there is none within five minutes. */
export const ageOf = (selector: string) => `time() - max(timestamp(${selector}))`;
const lastOf = (selector: string) => `time() - max(max_over_time(timestamp(${selector})[1d:5m]))`;

/** Of each selector. */
export async function freshnessOf(prometheus: Prometheus, selectors: string[]): Promise<Map<string, Freshness>> {
  const asked = selectors.map(async selector => {
    const queries = [ageOf(selector), intervalOf(selector, secondsOf(sampled))];
    const [age, interval] = await Promise.all(queries.map(query => numberOf(prometheus, query)));
    return [selector, { ...(age !== undefined && { age }), ...(interval !== undefined && { interval }) }] as const;
  });
  return new Map(await Promise.all(asked));
}

/** Seconds since the last sample of any of them, within a day; nothing where there was none. */
export async function lastSeen(prometheus: Prometheus, selectors: string[]): Promise<number | undefined> {
  const ages = await Promise.all(selectors.map(selector => numberOf(prometheus, lastOf(selector))));
  return least(ages.filter(age => age !== undefined));
}

/** Of a query: it is as fresh as the series that is behind the others. */
export function together(parts: Freshness[]): Freshness {
  const age = most(parts.flatMap(part => part.age ?? []));
  const interval = most(parts.flatMap(part => part.interval ?? []));
  return { ...(age !== undefined && { age }), ...(interval !== undefined && { interval }) };
}

const most = (numbers: number[]) => (numbers.length > 0 ? Math.max(...numbers) : undefined);
const least = (numbers: number[]) => (numbers.length > 0 ? Math.min(...numbers) : undefined);

/** Whole seconds; nothing without an answer that is a number: the query itself has its own line. */
async function numberOf(prometheus: Prometheus, query: string): Promise<number | undefined> {
  try {
    const [sample] = await prometheus.query(query);
    return sample && Math.max(0, Math.round(sample.value));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** `12 s`, `5 min`, `3 h`. */
export function spanOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
