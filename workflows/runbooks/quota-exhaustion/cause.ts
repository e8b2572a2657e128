import type { AbuseFacts, LimitsFacts, QuotasFacts, RolloutsFacts, TrafficFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

export interface QuotaFindings {
  quotas: Finding<QuotasFacts>;
  traffic: Finding<TrafficFacts>;
  abuse: Finding<AbuseFacts>;
  limits: Finding<LimitsFacts>;
  changes: Finding<RolloutsFacts>;
}

export type QuotaCause = 'Legitimate High Usage' | 'API Abuse' | 'Configuration Issue';

type Proposal = Diagnosis<QuotaCause> | undefined;

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function quotaCause(found: QuotaFindings): Diagnosis<QuotaCause> {
  const diagnosis = configuration(found) ?? abuse(found) ?? legitimate(found) ?? noneSupported;
  return { ...diagnosis, why: [diagnosis.why, ...bugs(found)].join(' '), ruledOut: ruledOut(found, diagnosis) };
}

const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';

/** So long before the alert a change of limits explains it. */
const closeBefore = 120;

/** Limits below normal use refuse it, whoever set them and whenever. */
function configuration({ limits, changes }: QuotaFindings): Proposal {
  if (!isFaulty(limits)) return undefined;
  const { belowUsual = [], differing = [], tables = [] } = limits.facts ?? {};
  const { change } = changes.facts ?? {};
  const isClose = change !== null && change !== undefined && change.minutesBefore <= closeBefore;
  const proposed = 'Configuration Issue';
  if (belowUsual.length > 0) return { proposed, why: limits.evidence, ruledOut: [] };
  if (differing.length + tables.length === 0 || !isClose) return undefined;
  return {
    proposed,
    why: `${limits.evidence} ${change.minutesBefore} minutes before: ${change.what}, by ${change.who}.`,
    ruledOut: [],
  };
}

function abuse({ abuse }: QuotaFindings): Proposal {
  const isAbuse = isFaulty(abuse) && (abuse.facts?.abuseLike ?? []).length > 0;
  return isAbuse ? { proposed: 'API Abuse', why: abuse.evidence, ruledOut: [] } : undefined;
}

/** More calls of customers, no rule, and limits as they were reviewed. */
function legitimate({ traffic, abuse, limits }: QuotaFindings): Proposal {
  const hasGrown = isFaulty(traffic) && (traffic.facts?.grown ?? 0) > 0;
  if (!hasGrown || abuse.verdict !== 'healthy' || !areReviewed(limits)) return undefined;
  return { proposed: 'Legitimate High Usage', why: traffic.evidence, ruledOut: [] };
}

/** A layer that limits nothing refuses no one. */
const areReviewed = ({ verdict, facts }: QuotaFindings['limits']) =>
  verdict !== 'unknown' && facts !== undefined && (facts.differing ?? []).length + (facts.belowUsual ?? []).length === 0;

/** A limit of ours is none that was reviewed, and no evidence either: people read it as ours. */
const butOurs = ({ facts }: QuotaFindings['limits']) => {
  const ours = facts?.ours ?? [];
  return ours.length === 0 ? '' : `, but for what we set ourselves (${ours.join('; ')})`;
};

/** A client that does not wait is no abuse: people write to its customer. */
const bugs = ({ abuse }: QuotaFindings) =>
  isFaulty(abuse) && (abuse.facts?.abuseLike ?? []).length === 0 ? [abuse.evidence] : [];

function ruledOut({ traffic, abuse, limits }: QuotaFindings, { proposed }: Diagnosis<QuotaCause>): string[] {
  const out: [QuotaCause, boolean, string][] = [
    ['Configuration Issue', areReviewed(limits), `Ruled out the configuration: limits are as reviewed${butOurs(limits)}.`],
    ['API Abuse', abuse.verdict === 'healthy', 'Ruled out abuse: no rule hits.'],
    ['Legitimate High Usage', traffic.verdict === 'healthy', 'Ruled out more use: no one calls more than usual.'],
  ];
  return out.flatMap(([cause, isOut, text]) => (isOut && cause !== proposed ? [text] : []));
}

/** Calls that were too fast are another incident. */
export const isOfRates = ({ quotas, traffic: { facts } }: Pick<QuotaFindings, 'quotas' | 'traffic'>) => {
  const { refusedByRate = 0, refusedByQuota = 0 } = facts ?? {};
  return refusedByRate > 0.01 && refusedByRate > refusedByQuota && !isFaulty(quotas);
};

export const otherRunbook =
  'Calls are refused because they are too fast, and not because a quota is used up: this belongs to API Rate Limit Exceeded. ' +
  'Open it with `runbooks open api-rate-limit-exceeded`, and close this one.';

/** Why this is a P1; nothing where it is none. */
export function isUrgent({ facts }: QuotaFindings['traffic']): string | undefined {
  const { refused = 0, cutOff = 0 } = facts ?? {};
  const reasons = [
    ...(refused > 0.2 ? [`${Math.round(refused * 100)}% of all calls are refused`] : []),
    ...(cutOff > 0 ? [`${cutOff} customers of the best tiers get nothing but refusals`] : []),
  ];
  return reasons.length > 0 ? `This is a P1 (runbooks severity): ${reasons.join(', and ')}.` : undefined;
}
