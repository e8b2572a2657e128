import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { ChargesFacts } from './facts.ts';
import type { AuditInput } from './inputs.ts';

/** @throws SystemError */
export async function auditCharges(_deps: Deps, _input: AuditInput): Promise<Finding<ChargesFacts>> {
  return { verdict: 'unknown', evidence: 'Not measured.' };
}
