/** Rules over the access log that tell abuse from a bug. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { AbuseFacts } from './facts.ts';

export interface AbuseInput {
  surface: 'api' | 'login';
  /** The name under which sources that a rule hits are frozen. */
  freeze?: string;
}

export async function checkAbuse(_deps: Deps, _input: AbuseInput): Promise<Finding<AbuseFacts>> {
  return { verdict: 'unknown', evidence: 'This is not measured yet.' };
}
