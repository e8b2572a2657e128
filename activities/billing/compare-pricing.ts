import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { PricingFacts } from './facts.ts';
import type { PricingInput } from './inputs.ts';

/** @throws SystemError */
export async function comparePricing(_deps: Deps, _input: PricingInput): Promise<Finding<PricingFacts>> {
  return { verdict: 'unknown', evidence: 'Not measured.' };
}
