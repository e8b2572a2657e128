/** When series were scraped, and how often: the same for every metric that the practice platform's Prometheus knows. */

import { families } from './families/index.ts';
import { readPromql } from './promql.ts';
import { named, ofSets, type Sample, type When } from './series.ts';

/** The name of a metric at the beginning of a selector, inside whatever reads it. */
const metrics = new Set([
  ...Object.keys(families),
  ...[...Object.keys(named), ...Object.keys(ofSets)].flatMap(query => query.match(/[a-z_]+_[a-z_]+(?=[{[)])/g) ?? []),
]);

/** By shape, with the selector as the first group: seconds since the newest sample, since the last one of a day, between two samples. */
const shapes: [RegExp, (when: When, window: number) => number][] = [
  [/^time\(\)-max\(timestamp\((.+)\)\)$/, sinceScrape],
  [/^time\(\)-max\(max_over_time\(timestamp\((.+)\)\[\{w\}:\{s\}\]\)\)$/, sinceScrape],
  [
    /^300\/max\(count_over_time\((.+)\[\{w\}\]\)\)$/,
    ({ every = 1_000 }, window) => 300 / Math.max(1, Math.floor(window / every)),
  ],
];

function sinceScrape({ at, every }: When): number {
  return every === undefined ? 0 : (at % every) / 1_000;
}

/** Undefined for any other question. Throws `PromqlError`. */
export function freshness(text: string, when: When): Sample[] | undefined {
  const { shape, windows } = readPromql(text);
  for (const [pattern, answer] of shapes) {
    const selector = pattern.exec(shape)?.[1];
    if (selector === undefined) continue;
    const isKnown = metrics.has(/^[\w:]+/.exec(selector)?.[0] ?? '');
    return isKnown ? [{ metric: {}, value: answer(when, windows[0] ?? 0) }] : [];
  }
  return undefined;
}
