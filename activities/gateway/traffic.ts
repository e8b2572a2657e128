/** Who calls, and what, against the same hour of seven days. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { TrafficFacts } from './facts.ts';

export interface TrafficInput {
  /** All three unless told. */
  by?: 'customer' | 'endpoint' | 'address';
  /** The name under which customers that grew are frozen. */
  freeze?: string;
}

export async function checkTraffic(_deps: Deps, _input: TrafficInput): Promise<Finding<TrafficFacts>> {
  return { verdict: 'unknown', evidence: 'This is not measured yet.' };
}
