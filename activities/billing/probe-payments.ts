import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { PaymentsFacts } from './facts.ts';
import type { PaymentsInput } from './inputs.ts';

/** @throws SystemError */
export async function probePayments(_deps: Deps, _input: PaymentsInput): Promise<Finding<PaymentsFacts>> {
  return { verdict: 'unknown', evidence: 'Not measured.' };
}
