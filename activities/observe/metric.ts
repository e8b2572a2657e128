/** One named number of Prometheus, held against a bound. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { MetricFacts } from '../facts.ts';
import type { MetricName } from '../queries.ts';

/** Healthy is above the one and below the other; at least one of them. */
export interface MetricInput {
  metric: MetricName;
  above?: number;
  below?: number;
}

export async function checkMetric(_: Deps, __: MetricInput): Promise<Finding<MetricFacts>> {
  return { verdict: 'unknown', evidence: 'not written yet' };
}
