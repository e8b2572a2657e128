/** Aggregation over series: https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators */

import type { Sample } from './family.ts';

interface Grouping {
  labels: string[];
  isWithout: boolean;
  /** Of `topk`, `bottomk` and `quantile`. */
  parameter: number | undefined;
}

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

const over: Record<string, (values: number[], parameter: number) => number> = {
  sum,
  avg: values => sum(values) / values.length,
  min: values => Math.min(...values),
  max: values => Math.max(...values),
  count: values => values.length,
  group: () => 1,
  quantile: (values, share) => quantile(values, share),
};

/** Between the two nearest, as Prometheus has it. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

export function aggregated(operation: string, samples: Sample[], { labels, isWithout, parameter = 0 }: Grouping): Sample[] {
  if (operation === 'topk' || operation === 'bottomk') {
    const sorted = samples.toSorted((a, b) => (operation === 'topk' ? b.value - a.value : a.value - b.value));
    return sorted.slice(0, parameter);
  }
  const kept = ({ metric }: Sample) =>
    Object.fromEntries(Object.entries(metric).filter(([label]) => labels.includes(label) !== isWithout));
  const groups = Map.groupBy(samples, sample => JSON.stringify(kept(sample)));
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    const value = over[operation]?.(
      group.map(one => one.value),
      parameter,
    );
    return first && value !== undefined ? [{ metric: kept(first), value }] : [];
  });
}
