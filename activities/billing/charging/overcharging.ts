/** The reason to pause charging without approval: charges take too much, or a price in force is not the reviewed one. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import { answered } from '../../checking.ts';
import type { Deps } from '../../deps.ts';
import { auditCharges } from '../audit-charges.ts';
import { comparePricing } from '../compare-pricing.ts';

/** Faulty where either is measured, unknown where one could not be. Too little, or charges that fail, are no reason. */
export async function overcharging(deps: Deps): Promise<Finding> {
  const [audit, prices] = await Promise.all([
    answered(() => auditCharges(deps, { since: '24 hours' })),
    answered(() => comparePricing(deps, { since: '24 hours' })),
  ]);
  const tooMuch = audit.verdict === 'faulty' && (audit.facts?.overcharged ?? 0) > 0;
  const reasons = [...(tooMuch ? [audit] : []), ...(prices.verdict === 'faulty' ? [prices] : [])];
  const told = reasons.length > 0 ? reasons : [audit, prices];
  const isKnown = [audit, prices].every(({ verdict }) => verdict !== 'unknown');
  return {
    verdict: reasons.length > 0 ? 'faulty' : isKnown ? 'healthy' : 'unknown',
    evidence: told.map(({ evidence }) => evidence).join(' '),
  };
}
