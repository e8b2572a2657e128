/** One named number of Prometheus, held against a bound. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Prometheus } from '../connectors/prometheus.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { MetricFacts } from '../facts.ts';
import { apiCalls, type MetricName, metrics, type NamedQuery } from '../queries.ts';
import { counters, scrapeInterval, windowOver } from '../scraping.ts';

/** Healthy is above the one and below the other; at least one of them. */
export interface MetricInput {
  metric: MetricName;
  above?: number;
  below?: number;
  /** Fewest calls in the window that a number about calls counts with. */
  calls?: number;
}

/** How far the metrics of the API look back, milliseconds, before pace. */
const lookBack = 300_000;
const fewestCalls = 20;

export const jobOf = ({ platform }: Pick<Deps, 'platform'>): string => platform.workloads.api.name;

/** Over at least two samples of the API's metrics, milliseconds. @throws SystemError */
export const windowOf = async (deps: Pick<Deps, 'platform' | 'systems'>): Promise<number> =>
  windowOver(lookBack * deps.platform.times.pace, await scrapeInterval(deps, counters.calls(jobOf(deps))));

/** @throws SystemError */
export async function checkMetric(deps: Deps, input: MetricInput): Promise<Finding<MetricFacts>> {
  const { prometheus } = deps.systems;
  const { metric, calls: fewest = fewestCalls } = input;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const { query, ofCalls }: NamedQuery = metrics[metric];
  const job = jobOf(deps);
  const window = await windowOf(deps);
  const [value, calls] = await Promise.all([
    valueOf(prometheus, query(window, job)),
    ofCalls ? valueOf(prometheus, apiCalls(window, job)) : undefined,
  ]);
  if (value === undefined)
    return { verdict: 'unknown', evidence: `Prometheus has no samples of ${metric}: ${query(window, job)}` };
  if (ofCalls && (calls === undefined || calls < fewest)) return tooFew(metric, calls ?? 0, fewest, window);
  const counted = calls === undefined ? '' : `, ${Math.round(calls)} calls in ${durationOf(window)}`;
  return judged(input, value, counted);
}

/** Nothing where there are no samples. @throws SystemError */
export const valueOf = async (prometheus: Prometheus, promql: string): Promise<number | undefined> =>
  (await prometheus.query(promql))[0]?.value;

const tooFew = (metric: MetricName, calls: number, fewest: number, window: number): Finding<MetricFacts> => ({
  verdict: 'unknown',
  evidence: `${metric}: ${Math.round(calls)} calls in ${durationOf(window)} are too few to judge by, at least ${fewest} are wanted.`,
});

function judged({ metric, above, below }: MetricInput, value: number, counted: string): Finding<MetricFacts> {
  const { shown }: NamedQuery = metrics[metric];
  const facts = { value };
  const is = `${metric} is ${shown(value)}`;
  const faults = [
    ...(below !== undefined && value >= below ? [`not below ${shown(below)}`] : []),
    ...(above !== undefined && value <= above ? [`not above ${shown(above)}`] : []),
  ];
  if (above === undefined && below === undefined)
    return { verdict: 'unknown', evidence: `${is}${counted}; no bound is given.`, facts };
  if (faults.length > 0) return { verdict: 'faulty', evidence: `${is}, ${faults.join(', ')}${counted}.`, facts };
  const bounds = [
    ...(below === undefined ? [] : [`below ${shown(below)}`]),
    ...(above === undefined ? [] : [`above ${shown(above)}`]),
  ];
  return { verdict: 'healthy', evidence: `${is}, ${bounds.join(' and ')}${counted}.`, facts };
}

const durationOf = (ms: number) => (ms < 120_000 ? `${Math.max(1, Math.ceil(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`);
