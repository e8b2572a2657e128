/** How much of what they may use the pods do use. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Deps } from '../deps.ts';
import type { UsageFacts } from '../facts.ts';

export interface UsageInput {
  of: 'pods';
  workloads: Workload[];
  /** Share of the limit, else of the request, 0 to 1: at or over it is faulty. */
  below: number;
}

export async function checkUsage(_: Deps, __: UsageInput): Promise<Finding<UsageFacts>> {
  return { verdict: 'unknown', evidence: 'not written yet' };
}
