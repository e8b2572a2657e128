import type { Finding } from '../../contract/index.ts';
import type { Diagnosis } from '../../kit/index.ts';
import { type QuotaCause, type QuotaFindings, quotaCause } from '../quota-exhaustion/cause.ts';

/** The findings of the investigation; quotas tell the two runbooks apart. */
export interface RateFindings extends QuotaFindings {
  plans: Finding;
}

export type RateCause = QuotaCause;

/** The causes and the order of Quota Exhaustion. Refusals that are many while no one calls more than usual come from the limits. */
export function rateCause(found: RateFindings): Diagnosis<RateCause> {
  return withoutGrowth(found) ?? quotaCause(found);
}

/** From so many refusals of all calls on, 0 to 1: the alert's own bound. */
const many = 0.1;

function withoutGrowth({ traffic, abuse, limits }: RateFindings): Diagnosis<RateCause> | undefined {
  const { refusedByRate = 0, grown } = traffic.facts ?? {};
  const isFlat = grown === 0 && refusedByRate > many;
  if (!isFlat || abuse.verdict !== 'healthy' || limits.verdict === 'healthy') return undefined;
  const why = `${percent(refusedByRate)} of all calls are refused as too fast, and no one calls more than usual: ${limits.evidence}`;
  return { proposed: 'Configuration Issue', why, ruledOut: ['Ruled out abuse: no rule hits.', noGrowth] };
}

const noGrowth = 'Ruled out more use: no one calls more than usual.';

const percent = (part: number) => `${Math.round(part * 100)}%`;

/** A quota that is used up is another incident. */
export const isOfQuotas = ({ traffic: { facts } }: Pick<RateFindings, 'traffic'>) => {
  const { refusedByRate = 0, refusedByQuota = 0 } = facts ?? {};
  return refusedByQuota > 0.01 && refusedByQuota > refusedByRate;
};

export const otherRunbook =
  'Calls are refused because a quota is used up, and not because they are too fast: this belongs to Quota Exhaustion. ' +
  'Open it with `runbooks open quota-exhaustion`, and close this one.';
