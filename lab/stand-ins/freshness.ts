/** When series were scraped, and how often: the same for every metric that the practice platform's Prometheus knows. */

import { families } from './families/index.ts';
import { readPromql } from './promql.ts';
import { intervals, type When } from './scrapes.ts';
import { named, ofNames, type Sample } from './series.ts';

/** The name of a metric at the beginning of a selector, inside whatever reads it. */
const metrics = new Set([
  ...Object.keys(families),
  ...[...Object.keys(named), ...Object.keys(ofNames)].flatMap(query => query.match(/[a-z_]+_[a-z_]+(?=[{[)])/g) ?? []),
]);

/** Of one metric. */
interface Scrapes {
  /** Milliseconds since 1970: the moment that is asked, and the last scrape of all. */
  at: number;
  until: number;
  /** Milliseconds. */
  every: number;
}

interface Range {
  window: number;
  step: number;
}

const subquery = String.raw`\(timestamp\((.+)\)\[\{w\}:\{s\}\]\)`;

/** By shape, with the selector as the first group: seconds since the newest sample, since the last one of a day, between two samples. */
const shapes: [RegExp, (scrapes: Scrapes, range: Range) => number | undefined][] = [
  [/^time\(\)-max\(timestamp\((.+)\)\)$/, scrapes => sinceScrape(scrapes, seen(scrapes))],
  [/^time\(\)-max\(max_over_time\(timestamp\((.+)\)\[\{w\}:\{s\}\]\)\)$/, scrapes => sinceScrape(scrapes, newest(scrapes))],
  [
    new RegExp(
      `^max\\(\\(max_over_time${subquery}-min_over_time${subquery.replace('(.+)', '\\1')}\\)/changes${subquery.replace('(.+)', '\\1')}\\)$`,
    ),
    betweenScrapes,
  ],
];

/** Milliseconds: an older sample is none where one moment is asked. */
const lookBack = 300_000;

const newest = ({ at, every, until }: Scrapes) => until - Math.max(0, Math.ceil((until - at) / every)) * every;

function seen(scrapes: Scrapes): number | undefined {
  const last = newest(scrapes);
  return scrapes.at - last < lookBack ? last : undefined;
}

const sinceScrape = ({ at }: Scrapes, last: number | undefined) => (last === undefined ? undefined : (at - last) / 1_000);

/** No number without two scrapes, as nothing divided by nothing. */
function betweenScrapes(scrapes: Scrapes, { window, step }: Range): number | undefined {
  const last = Math.floor(scrapes.at / step);
  const moments = Array.from({ length: Math.floor(window / step) }, (_, index) => (last - index) * step);
  const times = new Set(moments.flatMap(at => seen({ ...scrapes, at }) ?? []));
  return times.size === 0 ? undefined : (Math.max(...times) - Math.min(...times)) / (times.size - 1) / 1_000;
}

/** Undefined for any other question. Throws `PromqlError`. */
export function freshness(text: string, when: When): Sample[] | undefined {
  const { shape, windows, steps } = readPromql(text);
  if (intervals.includes(shape)) return undefined;
  const [window = 0] = windows;
  const [step = 1_000] = steps;
  for (const [pattern, answer] of shapes) {
    const selector = pattern.exec(shape)?.[1];
    if (selector === undefined) continue;
    const scrapes = scrapesOf(/^[\w:]+/.exec(selector)?.[0] ?? '', when);
    const value = scrapes && answer(scrapes, { window, step });
    return value === undefined ? [] : [{ metric: {}, value }];
  }
  return undefined;
}

function scrapesOf(metric: string, { at, every = 1, ended = {} }: When): Scrapes | undefined {
  if (!metrics.has(metric)) return undefined;
  return { at, every, until: ended[metric] ?? Math.floor(at / every) * every };
}
