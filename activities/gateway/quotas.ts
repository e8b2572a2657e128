/** Used against allowed of everything that is limited. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { QuotasFacts } from './facts.ts';

export interface QuotasInput {
  /** Part of what is allowed, 0 to 1; 0.9 unless told. */
  above?: number;
  /** The name under which customers over it are frozen. */
  freeze?: string;
}

export async function checkQuotas(_deps: Deps, _input: QuotasInput): Promise<Finding<QuotasFacts>> {
  return { verdict: 'unknown', evidence: 'This is not measured yet.' };
}
