/** Limits in force at each layer against the reviewed ones. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { LimitsFacts } from './facts.ts';

export interface LimitsInput {
  /** All of them unless told. */
  layer?: 'edge' | 'app' | 'tiers';
  /** Synthetic customers try their limits, one of each tier. */
  probe?: boolean;
}

export async function checkLimits(_deps: Deps, _input: LimitsInput): Promise<Finding<LimitsFacts>> {
  return { verdict: 'unknown', evidence: 'This is not measured yet.' };
}
