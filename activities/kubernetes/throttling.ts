/** How often containers that wanted to run were held back because they had used up their CPU limit, as cAdvisor counts it. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Sample } from '../connectors/prometheus.ts';
import type { Pod } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { UsageFacts } from '../facts.ts';
import { promql, type QueryName } from '../queries.ts';
import { longestInterval, windowOver } from '../scraping.ts';
import { judgeShares, type Used } from './shares.ts';

const aQuarter = 900_000;

/** Shares of the periods of a quarter of an hour in which a container had something to run. @throws SystemError */
export async function throttlingOf(deps: Deps, pods: Pod[], below: number): Promise<Finding<UsageFacts>> {
  const { systems, platform } = deps;
  if (!systems.prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const { prometheus } = systems;
  const names = pods.map(({ metadata }) => metadata.name);
  const namespace = [...new Set(pods.map(({ metadata }) => metadata.namespace))].join('|');
  const window = windowOver(aQuarter * platform.times.pace, longestInterval);
  const ask = (name: QueryName) => prometheus.query(promql(platform.queries, name, { window, namespace, names }));
  const [periods, throttled] = await Promise.all([ask('cpu periods'), ask('cpu periods throttled')]);
  return judgeThrottling(pods, { periods, throttled }, below);
}

interface Counted {
  periods: Sample[];
  throttled: Sample[];
}

/** A container without a CPU limit is never held back, and nothing counts it. */
export function judgeThrottling(pods: Pod[], { periods, throttled }: Counted, below: number): Finding<UsageFacts> {
  const limited = pods.flatMap(({ metadata: { name: pod }, spec }) =>
    spec.containers
      .filter(({ resources }) => resources.limits['cpu'] !== undefined)
      .map(({ name }) => ({ pod, name, named: `${pod} (${name})` })),
  );
  if (pods.length > 0 && limited.length === 0)
    return { verdict: 'healthy', evidence: 'No container has a CPU limit: none is held back.' };
  const used = limited.flatMap(({ pod, name, named }): Used[] => {
    const [of, held] = [periods, throttled].map(those => those.find(isOf(pod, name))?.value);
    if (of === undefined || held === undefined) return [];
    // A container that had nothing to run has no periods, and was not held back.
    const share = { used: held, of: Math.max(1, of) };
    return [{ object: pod, named, what: 'CPU periods throttled', ...share, resource: 'periods' }];
  });
  const unmeasured = limited.map(({ named }) => named).filter(named => !used.some(one => one.named === named));
  return judgeShares({ used, counted: `${limited.length} containers with a CPU limit`, unmeasured }, below);
}

const isOf = (pod: string, container: string) => (sample: Sample) =>
  sample.labels['pod'] === pod && sample.labels['container'] === container;
