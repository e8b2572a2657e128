/** One metric of the practice platform: a counter is asked how much it grew, a gauge what it is. */

import type { World } from '../../world.ts';

export interface Sample {
  metric: Record<string, string>;
  value: number;
}

/** Moments are milliseconds since 1970; from a moment up to another. */
export type Family =
  | { grew: (world: World, from: number, to: number) => Sample[] }
  | { is: (world: World, at: number) => Sample[] };

/** So many of each set of labels. */
export function counted<T>(all: Iterable<T>, labels: (one: T) => Record<string, string>): Sample[] {
  const series = new Map<string, Sample>();
  for (const one of all) {
    const metric = labels(one);
    const key = JSON.stringify(metric);
    const sample = series.get(key) ?? { metric, value: 0 };
    sample.value += 1;
    series.set(key, sample);
  }
  return [...series.values()];
}
