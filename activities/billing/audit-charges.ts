/** Every charge of a time against the rules; wrong ones are frozen for people to see, and for a correction to work through. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Verdict } from '../../workflows/contract/vocabulary.ts';
import type { Stripe } from '../connectors/stripe.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { Billing } from '../platform/billing.ts';
import { part } from '../together.ts';
import { type Deviation, deviationsOf, deviationText, isDeviant, plansOf } from './deviations.ts';
import { nextCharging } from './dry-run.ts';
import type { ChargesFacts } from './facts.ts';
import type { AuditInput } from './inputs.ts';
import type { WrongCharge } from './items.ts';
import { type Judged, judgeCharges } from './rules.ts';
import { booksOf, dayOf, isLarge, money, percent, pricesOf, startOf, tooMany, usageBetween } from './sources.ts';
import { operatorApiOf } from '../operators.ts';

const aDay = 86_400_000;
/** An invoice may be paid so long after it was made: Stripe tries again for weeks. */
const patience = 30 * aDay;
/** Of the dry run. */
const most = 0.05;

/** @throws SystemError */
export async function auditCharges(deps: Deps, input: AuditInput): Promise<Finding<ChargesFacts>> {
  const { stripe, billing } = booksOf(deps);
  const { days, freeze: name } = input;
  const [now, from] = [deps.now(), startOf(deps, input.since)];
  const first = from - (days ?? 0) * aDay;
  const [charges, invoices, prices, notes, used, next] = await Promise.all([
    stripe.charges({ since: first, until: now }),
    stripe.invoices({ since: first - patience, until: now }),
    pricesOf(stripe),
    stripe.creditNotes({ since: first - patience }),
    usedBetween(deps, from - patience, now),
    input.dryRun ? nextOf(stripe, billing, now) : undefined,
  ]);
  if (![charges, invoices, notes].every(({ isWhole }) => isWhole) || next?.isWhole === false) return tooMany;
  const inTime = charges.items.filter(({ created }) => Date.parse(created) >= from);
  const spans = { since: from, now, days: days ?? 0 };
  const audited: Audited = {
    judged: judgeCharges({ charges: inTime, invoices: invoices.items, prices, notes: notes.items, used }, billing),
    failed: inTime.filter(({ status }) => status === 'failed').length,
    days,
    deviations: deviationsOf(charges.items, plansOf(invoices.items, prices), spans),
    next,
    isUsageKnown: used !== undefined,
  };
  const frozen = name === undefined ? undefined : await freeze(deps.systems.artifacts, name, audited.judged.wrong);
  return { verdict: verdictOf(audited), ...wordsOf(audited, billing), frozen };
}

interface Audited {
  judged: Judged;
  failed: number;
  days: number | undefined;
  /** None where no days before were asked for. */
  deviations: Deviation[];
  /** Absent where no dry run was asked for. */
  next: { part: number | undefined } | undefined;
  isUsageKnown: boolean;
}

/** Too little is told and is no fault of its own: prices and revenue show it, and no correction charges it by itself. */
function verdictOf({ judged, deviations, next }: Audited): Verdict {
  const isOff = next?.part !== undefined && Math.abs(next.part) > most;
  if (judged.wrong.length > 0 || deviations.some(isDeviant) || isOff) return 'faulty';
  return judged.unjudged > 0 ? 'unknown' : 'healthy';
}

function wordsOf({ judged, failed, days, deviations, next, isUsageKnown }: Audited, billing: Billing) {
  const deviation = deviations.find(({ group }) => group === 'all')?.part;
  const facts = { ...factsOf(judged, billing), deviation, dryRun: next?.part };
  const deviant = deviations.filter(isDeviant).slice(0, 5).map(deviationText).join(', ');
  const texts: [boolean, string][] = [
    [true, textOf(facts, judged.wrong)],
    [failed > 0, `${failed} failed.`],
    [deviant !== '', `Against the ${days} days before: ${deviant}.`],
    [next !== undefined, nextText(next?.part)],
    [judged.tooLittle > 0, `${judged.tooLittle} took less than the price of their date.`],
    [
      judged.unjudged > 0,
      `${judged.unjudged} could not be judged: prices with tiers, discounts, or invoices with many lines or paid in parts.`,
    ],
    [!isUsageKnown, 'Usage is not known: whether metered lines have any was not checked.'],
  ];
  const evidence = texts.flatMap(([isSo, text]) => (isSo ? [text] : [])).join(' ');
  return { evidence, facts };
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

function factsOf({ charges, wrong, tooLittle }: Judged, billing: Billing) {
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
