/** Prices in force, at Stripe and at the platform, against the list that was reviewed: three price lists of the platform disagree. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Prices } from '../connectors/operator-api/usage.ts';
import type { Price } from '../connectors/stripe/objects.ts';
import type { Deps } from '../deps.ts';
import type { Billing, PriceList } from '../platform/billing.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import type { PricingFacts } from './facts.ts';
import type { PricingInput } from './inputs.ts';
import { isOurs, meterOf } from './lines.ts';
import { booksOf, money, reviewedAt, startOf, tooMany } from './sources.ts';
import { operatorApiOf } from '../operators.ts';

interface Seen {
  differing: string[];
}

/** @throws SystemError */
export async function comparePricing(deps: Deps, { since = '7 days', of }: PricingInput): Promise<Finding<PricingFacts>> {
  const { billing } = booksOf(deps);
  const reviewed = reviewedAt(billing, new Date(deps.now()).toISOString());
  if (!reviewed) return { verdict: 'unknown', evidence: 'No reviewed price list is in force yet: correct billing.prices.' };
  const [provider, platform] = await Promise.all([
    part(() => atStripe(deps, reviewed, startOf(deps, since))),
    of === 'Stripe' ? undefined : part(() => atPlatform(deps, reviewed)),
  ]);
  const compared = platform === undefined ? [provider] : [provider, platform];
  const parts: Part[] = compared;
  const seen = compared.flatMap(one => ('facts' in one ? (one.facts?.differing ?? []) : []));
  const facts = 'facts' in provider ? provider.facts : undefined;
  return {
    verdict: together(parts),
    evidence: evidenceOf(parts),
    facts: { ...facts, differing: [...new Set(seen)], version: reviewed.version },
  };
}

const changes = ['price.created', 'price.updated', 'price.deleted', 'plan.updated'];

async function atStripe(
  deps: Deps,
  reviewed: PriceList,
  since: number,
): Promise<Finding<Seen & Pick<PricingFacts, 'subscriptions' | 'changedAt'>>> {
  const { stripe, billing } = booksOf(deps);
  const [prices, subscriptions, events] = await Promise.all([
    stripe.prices(),
    stripe.subscriptions(),
    stripe.events({ since, types: changes }),
  ]);
  if (!prices.isWhole || !subscriptions.isWhole) return tooMany;
  const { faults, wrong } = faultsIn(prices.items, reviewed, billing);
  const atWrong = subscriptions.items.filter(({ items }) => items.some(({ price }) => wrong.has(price)));
  const changedAt = events.items.find(one => !isOurs(one))?.created ?? null;
  const texts = [
    ...faults.values(),
    ...(changedAt === null ? [] : [`a price changed at ${changedAt}`]),
    ...(atWrong.length > 0 ? [`${atWrong.length} subscriptions are at a price that was not reviewed`] : []),
  ];
  const differing = [...new Set([...faults.keys(), ...(atWrong.length > 0 ? wrong.values() : [])])];
  const facts = { differing, subscriptions: atWrong.length, changedAt };
  return texts.length > 0
    ? { verdict: 'faulty', evidence: `Stripe: ${texts.join('; ')}.`, facts }
    : { verdict: 'healthy', evidence: `Stripe has the prices of ${reviewed.version}.`, facts };
}

/** By plan what is wrong with its active price, and by id every price that is wrong, old ones too. */
function faultsIn(prices: Price[], reviewed: PriceList, billing: Billing) {
  const faults = new Map<string, string>();
  const wrong = new Map<string, string>();
  for (const price of prices) {
    const fault = faultOf(price, reviewed, billing);
    if (fault === undefined) continue;
    wrong.set(price.id, price.lookupKey ?? price.id);
    if (price.active) faults.set(price.lookupKey ?? price.id, fault);
  }
  const active = new Set(prices.flatMap(({ lookupKey, active }) => (active ? [lookupKey] : [])));
  for (const [plan, amount] of Object.entries(reviewed.plans))
    if (amount > 0 && !active.has(plan)) faults.set(plan, `${plan} has no active price`);
  return { faults, wrong };
}

/** An old price without a lookup key may stay, as long as no subscription is at it. */
function faultOf(price: Price, { plans, version }: PriceList, billing: Billing): string | undefined {
  if (meterOf(billing, price) !== undefined) return undefined;
  const plan = price.lookupKey;
  const wanted = plan === undefined ? undefined : plans[plan];
  if (plan === undefined || wanted === undefined) return `the price ${plan ?? price.id} is not in ${version}`;
  if (price.currency !== billing.currency) return `${plan} is in ${price.currency}, not in ${billing.currency}`;
  if (price.unitAmount === wanted) return undefined;
  const now = price.unitAmount === undefined ? 'a price with tiers' : money(price.unitAmount, price.currency);
  return `${plan} is ${now}, reviewed is ${money(wanted, billing.currency)}`;
}

/** Quotas go by the platform's own list. */
async function atPlatform(deps: Deps, reviewed: PriceList): Promise<Finding<Seen>> {
  const { version } = reviewed;
  const { billing } = booksOf(deps);
  const now = await operatorApiOf(deps).billing.prices();
  const differing = differingPlans(now, reviewed);
  const isOther = now.version !== version || now.currency !== billing.currency;
  const text = `the platform has version ${now.version} in ${now.currency}`;
  if (differing.length === 0 && !isOther) return { verdict: 'healthy', evidence: `And ${text}.`, facts: { differing } };
  const of = differing.length > 0 ? `: ${differing.join(', ')} differ` : '';
  return { verdict: 'faulty', evidence: `Reviewed is ${version}, but ${text}${of}.`, facts: { differing } };
}

/** Plans that cost something else, or that only one of them sells. */
export const differingPlans = (now: Prices, { plans }: PriceList): string[] =>
  [...new Set([...Object.keys(plans), ...Object.keys(now.plans)])].filter(plan => now.plans[plan] !== plans[plan]);
