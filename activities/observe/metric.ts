/** One named number of Prometheus, held against a bound. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Prometheus } from '../connectors/prometheus.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { MetricFacts } from '../facts.ts';
import { workloadOf } from '../platform.ts';
import { type MetricName, metrics, promql, type QueryName } from '../queries.ts';
import { sampled, scrapeInterval, windowOver } from '../scraping.ts';

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

/** The API's Prometheus job has the name of its workload. @throws SystemError where the query needs it, and there is no workload `api` */
export function ofTheApi({ platform }: Pick<Deps, 'platform'>, name: QueryName, window: number): string {
  const query = promql(platform.queries, name, { window });
  return query.includes('$job') ? promql(platform.queries, name, { window, job: workloadOf(platform, 'api').name }) : query;
}

/** Over at least two samples of the API's metrics, milliseconds. @throws SystemError */
export const windowOf = async (deps: Pick<Deps, 'platform' | 'systems'>): Promise<number> =>
  windowOver(lookBack * deps.platform.times.pace, await scrapeInterval(deps, ofTheApi(deps, 'interval of calls', sampled)));

/** @throws SystemError */
export async function checkMetric(deps: Deps, input: MetricInput): Promise<Finding<MetricFacts>> {
  const { prometheus } = deps.systems;
  const { metric, calls: fewest = fewestCalls } = input;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const { ofCalls } = metrics[metric];
  const window = await windowOf(deps);
  const query = ofTheApi(deps, metric, window);
  const [value, calls] = await Promise.all([
    valueOf(prometheus, query),
    ofCalls ? valueOf(prometheus, ofTheApi(deps, 'api calls', window)) : undefined,
  ]);
  if (value === undefined) return { verdict: 'unknown', evidence: `Prometheus has no samples of ${metric}: ${query}` };
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
  const { shown } = metrics[metric];
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
