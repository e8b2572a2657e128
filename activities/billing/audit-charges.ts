/** Every charge of a time against the rules; wrong ones are frozen for people to see, and for a correction to work through. */

import type { Finding, FrozenList } from '../../workflows/contract/finding.ts';
import type { Stripe } from '../connectors/stripe.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { Billing } from '../platform/billing.ts';
import { part } from '../together.ts';
import { deviationsOf, deviationText, isDeviant, plansOf } from './deviations.ts';
import { nextCharging } from './dry-run.ts';
import type { ChargesFacts } from './facts.ts';
import type { AuditInput } from './inputs.ts';
import type { WrongCharge } from './items.ts';
import { judgeCharges } from './rules.ts';
import { booksOf, dayOf, isLarge, money, operatorApiOf, percent, pricesOf, startOf, tooMany, usageBetween } from './sources.ts';

const aDay = 86_400_000;
/** An invoice may be paid so long after it was made: Stripe tries again for weeks. */
const patience = 30 * aDay;
/** Of the dry run. */
const most = 0.05;

/** @throws SystemError */
export async function auditCharges(
  deps: Deps,
  { since, days, dryRun, freeze: name }: AuditInput,
): Promise<Finding<ChargesFacts>> {
  const { stripe, billing } = booksOf(deps);
  const [now, from] = [deps.now(), startOf(deps, since)];
  const first = from - (days ?? 0) * aDay;
  const [charges, invoices, prices, used, next] = await Promise.all([
    stripe.charges({ since: first, until: now }),
    stripe.invoices({ since: first - patience, until: now }),
    pricesOf(stripe),
    usedBetween(deps, from - patience, now),
    dryRun ? nextOf(stripe, billing, now) : undefined,
  ]);
  if (!charges.isWhole || !invoices.isWhole || next?.isWhole === false) return tooMany;
  const inTime = charges.items.filter(({ created }) => Date.parse(created) >= from);
  const judged = judgeCharges({ charges: inTime, invoices: invoices.items, prices, used }, billing);
  const deviations =
    days === undefined ? undefined : deviationsOf(charges.items, plansOf(invoices.items, prices), { since: from, now, days });
  const failed = inTime.filter(({ status }) => status === 'failed').length;
  const facts = {
    ...factsOf(judged, billing),
    deviation: deviations?.find(({ group }) => group === 'all')?.part,
    dryRun: next?.part,
  };
  const deviant = deviations?.filter(isDeviant) ?? [];
  const texts = [
    textOf(facts, judged.wrong),
    failed > 0 && `${failed} failed.`,
    deviant.length > 0 && `Against the ${days} days before: ${deviant.slice(0, 5).map(deviationText).join(', ')}.`,
    next !== undefined && nextText(next.part),
    judged.tooLittle > 0 && `${judged.tooLittle} took less than the price of their date.`,
    judged.unjudged > 0 && `${judged.unjudged} could not be judged: prices with tiers, or invoices with many lines.`,
    used === undefined && 'Usage is not known: whether metered lines have any was not checked.',
  ];
  const isFaulty = judged.wrong.length > 0 || deviant.length > 0 || (next?.part !== undefined && Math.abs(next.part) > most);
  const verdict = isFaulty ? 'faulty' : judged.unjudged > 0 ? 'unknown' : 'healthy';
  const evidence = texts.filter(text => typeof text === 'string').join(' ');
  const frozen: FrozenList | undefined =
    name === undefined ? undefined : await freeze(deps.systems.artifacts, name, judged.wrong);
  return { verdict, evidence, facts, frozen };
}

/** Nothing where the platform does not say. */
async function usedBetween(deps: Deps, from: number, to: number): Promise<Set<string> | undefined> {
  let used: Set<string> | undefined;
  await part(async () => {
    const days = await usageBetween(operatorApiOf(deps), dayOf(from), dayOf(to));
    used = days && new Set(days.flatMap(({ customer, jobs, calls }) => (jobs + calls > 0 ? [customer] : [])));
    return { verdict: 'healthy', evidence: '' };
  });
  return used;
}

async function nextOf(stripe: Stripe, billing: Billing, now: number) {
  const [subscriptions, drafts, prices] = await Promise.all([
    stripe.subscriptions(),
    stripe.invoices({ status: 'draft' }),
    pricesOf(stripe),
  ]);
  const of = { subscriptions: subscriptions.items, drafts: drafts.items, prices };
  const part = nextCharging(of, billing, new Date(now).toISOString());
  return { isWhole: subscriptions.isWhole && drafts.isWhole, part };
}

function factsOf({ charges, wrong, tooLittle }: ReturnType<typeof judgeCharges>, billing: Billing) {
  const { currency } = billing;
  const ours = wrong.filter(one => one.currency === currency);
  const overcharged = ours.reduce((sum, { excess }) => sum + excess, 0);
  return {
    charges,
    wrong: wrong.length,
    overcharged,
    large: isLarge(overcharged, billing) || ours.length < wrong.length,
    customers: new Set(wrong.map(({ customer, charge }) => customer ?? charge)).size,
    duplicates: wrong.filter(({ rule }) => rule === 'duplicate').length,
    tooLittle,
    currency,
  };
}

/** No word of a customer: counts and sums alone. */
function textOf(
  { charges, wrong, overcharged, customers, currency }: Omit<ChargesFacts, 'deviation' | 'dryRun'>,
  items: WrongCharge[],
) {
  if (wrong === 0) return `${charges} charges, each with its customer, plan, price and one invoice.`;
  const counts = [...Map.groupBy(items, ({ rule }) => rule)].map(([rule, those]) => `${rule} ${those.length}`).join(', ');
  const others = items.filter(one => one.currency !== currency).length;
  const more = others > 0 ? ` and ${others} in other currencies` : '';
  return `${wrong} of ${charges} charges are wrong (${counts}): ${money(overcharged, currency)} too much${more}, ${customers} customers.`;
}

const nextText = (part: number | undefined) =>
  part === undefined
    ? 'The next charging would charge nothing.'
    : `The next charging deviates from the reviewed prices by ${percent(part)}.`;
