/** Samples exist at the times of scrapes only: how much of a window they show, and how far they lie apart. */

import type { World } from '../world.ts';
import { families } from './families/index.ts';
import { readPromql } from './promql.ts';

export type Ended = Readonly<Record<string, number>>;

export interface When {
  /** Milliseconds since 1970. */
  at: number;
  /** Milliseconds between two scrapes; absent where every moment has its sample. */
  every: number | undefined;
  /** Last moments of metrics that are not scraped any more, by their names: as far as the age of samples is asked. */
  ended?: Ended;
}

/** Of a window only what lies between its first and its last scrape is known: with fewer than two there is no increase. */
export function scraped({ at, every }: When, window: number): { at: number; window: number } | undefined {
  if (every === undefined) return { at, window };
  const last = Math.floor(at / every) * every;
  if (window === 0) return { at: last, window };
  const known = last - Math.ceil((at - window) / every) * every;
  return known > 0 ? { at: last, window: known } : undefined;
}

export const intervals = ['nqba_quantum_jobs_started_total', 'http_requests_total{job="nqba-api"}', ...Object.keys(families)].map(
  counter => {
    const samples = `(timestamp(${counter})[1s:1s])`;
    return readPromql(`max((max_over_time${samples} - min_over_time${samples}) / changes${samples})`).shape;
  },
);

/** Seconds between two scrapes, and no fewer than the step, as long as a pod was scraped twice in the window. */
export function intervalIn({ pods }: World, { at, every = 1_000 }: When, window: number, step: number): number | undefined {
  const isKnown = pods.some(({ since, until = at }) => {
    const [from, to] = [Math.max(since, at - window), Math.min(until, at)];
    return Math.floor(to / every) - Math.floor(from / every) >= 2;
  });
  return isKnown ? Math.max(every, step) / 1_000 : undefined;
}
