import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { UsageBilledFacts } from './facts.ts';
import type { UsageInput } from './inputs.ts';

/** @throws SystemError */
export async function compareUsage(_deps: Deps, _input: UsageInput): Promise<Finding<UsageBilledFacts>> {
  return { verdict: 'unknown', evidence: 'Not measured.' };
}
