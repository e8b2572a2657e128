/** Usage that was metered against quantities that were billed; a set that is not durable enough is for finance, never to charge from. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Verdict } from '../../workflows/contract/vocabulary.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { Billing } from '../platform/billing.ts';
import type { UsageBilledFacts } from './facts.ts';
import type { UsageInput } from './inputs.ts';
import type { UsageDifference } from './items.ts';
import { booksOf, dayOf, isLarge, money, percent, pricesOf, startOf, tooMany, usageBetween } from './sources.ts';
import { operatorApiOf } from '../operators.ts';
import { evidenceOf, part, together } from '../together.ts';
import { checkRaised } from './raised-quotas.ts';
import { type Compared, compareLines, durableShare } from './usage-differences.ts';

/** Of the usage. */
const leastDurable = 0.99;
/** Of the customers. */
const mostDiffering = 0.01;
const aMonth = 31 * 86_400_000;

/** @throws SystemError */
export async function compareUsage(deps: Deps, input: UsageInput): Promise<Finding<UsageBilledFacts>> {
  const usage = await usageBilled(deps, input);
  if (!input.raised) return usage;
  const raised = await part(() => checkRaised(deps));
  const parts = [usage, raised];
  const facts = usage.facts && { ...usage.facts, raised: 'leftOut' in raised ? undefined : raised.facts };
  return { ...usage, verdict: together(parts), evidence: evidenceOf(parts), ...(facts && { facts }) };
}

async function usageBilled(deps: Deps, { since, rebuild, freeze: name }: UsageInput): Promise<Finding<UsageBilledFacts>> {
  const { stripe, billing } = booksOf(deps);
  const [from, now] = [startOf(deps, since), deps.now()];
  const [invoices, prices, notes, charges, all] = await Promise.all([
    stripe.invoices({ since: from, until: now }),
    pricesOf(stripe),
    stripe.creditNotes({ since: from }),
    stripe.charges({ since: from }),
    usageBetween(operatorApiOf(deps), dayOf(from - aMonth), dayOf(now)),
  ]);
  if (all === undefined || ![invoices, notes, charges].every(({ isWhole }) => isWhole)) return tooMany;
  const durable = durableShare(all.filter(({ day }) => day >= dayOf(from)));
  const usage = rebuild ? all.filter(one => one.durable) : all;
  const given = { notes: notes.items, charges: charges.items };
  const compared = compareLines({ invoices: invoices.items, prices, usage, ...given }, billing);
  const facts = { ...factsOf(compared, billing), durable };
  if (durable === undefined) return { verdict: 'unknown', evidence: 'The platform metered no usage in this time.', facts };
  const isPoor = durable < leastDurable;
  const texts = [textOf(compared, facts), unjudgedText(compared), isPoor ? poor(durable) : undefined];
  const verdict = rebuild && isPoor ? 'unknown' : verdictOf(compared);
  const evidence = texts.filter(text => text !== undefined).join(' ');
  const isFrozen = name !== undefined && !isPoor;
  return {
    verdict,
    evidence,
    facts,
    frozen: isFrozen ? await freeze(deps.systems.artifacts, name, compared.differences) : undefined,
  };
}

function verdictOf({ customers, differing, unjudged }: Compared): Verdict {
  if (differing > mostDiffering * customers) return 'faulty';
  return customers === 0 || unjudged > 0 ? 'unknown' : 'healthy';
}

function factsOf({ customers, differing, differences }: Compared, billing: Billing) {
  const { currency } = billing;
  const ours = differences.filter(one => one.currency === currency);
  const overbilled = sum(ours.filter(({ difference }) => difference > 0));
  const underbilled = sum(ours.filter(({ difference }) => difference < 0));
  const large = isLarge(overbilled + underbilled, billing) || ours.length < differences.length;
  return { customers, differing, overbilled, underbilled, currency, large };
}

const unjudgedText = ({ unjudged }: Compared) =>
  unjudged > 0 ? `${unjudged} metered lines were not judged, and are for finance: prices with tiers, or discounts.` : undefined;

function textOf({ customers, differing, unjudged }: Compared, { overbilled, underbilled, currency }: ReturnType<typeof factsOf>) {
  if (customers === 0 && unjudged > 0) return undefined;
  if (customers === 0) return 'No invoice of this time has a metered line.';
  if (differing === 0) return `${customers} customers were billed what was metered.`;
  const sums = `${money(overbilled, currency)} too much, ${money(underbilled, currency)} too little`;
  return `${differing} of ${customers} customers were billed another quantity than was metered, by more than 2%: ${sums}.`;
}

const poor = (durable: number) =>
  `Only ${percent(durable)} of the usage lies in durable records, less than 99%: a restart may have lost the rest. This is a task for finance, and no list to charge from.`;

const sum = (items: UsageDifference[]) => items.reduce((total, { difference }) => total + Math.abs(difference), 0);
