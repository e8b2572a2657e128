/** Does the provider process payments? Its own word, our probe, its webhooks, and why charges fail. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Stripe } from '../connectors/stripe.ts';
import type { Invoice } from '../connectors/stripe/invoices.ts';
import type { Charge } from '../connectors/stripe/objects.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import { evidenceOf, type Part, part, together, verdictOf } from '../together.ts';
import type { PaymentsFacts } from './facts.ts';
import type { PaymentsInput } from './inputs.ts';
import type { FailedCharge } from './items.ts';
import { billingOf } from '../platform.ts';
import { isFailed, isOfProvider, reasonOf } from './provider-failures.ts';
import { booksOf, isLarge, percent, startOf, tooMany } from './sources.ts';

const aDay = 86_400_000;
/** Days that say what is usual, and how often as many may fail. */
const days = 7;
const most = 3;
/** Charges below which a part says nothing. */
const fewest = 20;
const patience = 30 * aDay;

/** @throws SystemError */
export async function probePayments(
  deps: Deps,
  { since = '1 hour', freeze: name }: PaymentsInput,
): Promise<Finding<PaymentsFacts>> {
  const { stripe } = booksOf(deps);
  const from = startOf(deps, since);
  const [word, webhooks, charges] = await Promise.all([
    part(() => wordOf(stripe)),
    part(() => deliveriesOf(stripe, from)),
    part(() => failuresOf(deps, stripe, from, name)),
  ]);
  const parts: Part[] = [charges, word, webhooks];
  const facts = { ...factsIn(webhooks), ...factsIn(charges), status: verdictOf(word) };
  const frozen = 'frozen' in charges ? charges.frozen : undefined;
  return { verdict: together(parts), evidence: evidenceOf(parts), facts, frozen };
}

const factsIn = <F extends object>(part: Part<F>): Partial<F> | undefined => ('facts' in part ? part.facts : undefined);

async function wordOf(stripe: Stripe): Promise<Finding> {
  const { up, text } = await stripe.status();
  return up
    ? { verdict: 'healthy', evidence: 'Stripe reports no incident.' }
    : { verdict: 'faulty', evidence: `Stripe reports an incident: ${text || 'without a word more'}.` };
}

/** Stripe tries again for days: an event of the last minutes may still arrive. */
async function deliveriesOf(stripe: Stripe, since: number): Promise<Finding<Pick<PaymentsFacts, 'undelivered'>>> {
  const { items } = await stripe.events({ since, undelivered: true });
  const undelivered = items.filter(({ pendingWebhooks }) => pendingWebhooks > 0).length;
  const facts = { undelivered };
  return undelivered === 0
    ? { verdict: 'healthy', evidence: 'Every webhook was delivered.', facts }
    : { verdict: 'faulty', evidence: `${undelivered} events were not delivered to our webhooks.`, facts };
}

type Failures = Pick<PaymentsFacts, 'failed' | 'providerFailed' | 'timesUsual' | 'large'>;

async function failuresOf(deps: Deps, stripe: Stripe, from: number, name: string | undefined): Promise<Finding<Failures>> {
  const now = deps.now();
  const charges = await stripe.charges({ since: from - days * aDay, until: now });
  if (!charges.isWhole) return tooMany;
  const isNow = ({ created }: Charge) => Date.parse(created) >= from;
  const [lately, before] = [charges.items.filter(isNow), charges.items.filter(one => !isNow(one))];
  const failed = lately.filter(isFailed);
  const theirs = failed.filter(isOfProvider);
  const usual = before.length < fewest ? undefined : Math.max(1, before.filter(isFailed).length) / before.length;
  const timesUsual = usual === undefined || lately.length < fewest ? undefined : failed.length / lately.length / usual;
  const open = name === undefined ? [] : await stillOpen(stripe, theirs, from);
  const sum = open.reduce((total, { amount }) => total + amount, 0);
  const text = [
    `${failed.length} of ${lately.length} charges failed, ${theirs.length} for reasons of the provider`,
    reasonsOf(failed),
    usualText(timesUsual),
  ];
  const isFaulty = theirs.length > 0 || (timesUsual !== undefined && timesUsual > most);
  return {
    verdict: isFaulty ? 'faulty' : 'healthy',
    evidence: `${text.filter(part => part !== '').join('; ')}.`,
    facts: { failed: failed.length, providerFailed: theirs.length, timesUsual, large: isLarge(sum, billingOf(deps.platform)) },
    frozen: name === undefined ? undefined : await freeze(deps.systems.artifacts, name, open),
  };
}

const usualText = (times: number | undefined) =>
  times === undefined ? '' : `that is ${Number(times.toPrecision(2))} times the part of the ${days} days before`;

function reasonsOf(failed: Charge[]): string {
  const counts = [...Map.groupBy(failed, reasonOf)].toSorted(([, one], [, other]) => other.length - one.length);
  return counts
    .slice(0, 5)
    .map(([reason, those]) => `${reason.slice(0, 40)} ${percent(those.length / failed.length)}`)
    .join(', ');
}

/** Of each invoice that is still open, the last try. */
async function stillOpen(stripe: Stripe, charges: Charge[], from: number): Promise<FailedCharge[]> {
  const invoices = await stripe.invoices({ status: 'open', since: from - patience });
  const byPayment = new Map(invoices.items.flatMap(invoice => invoice.payments.map(payment => [payment, invoice] as const)));
  const items = new Map<string, FailedCharge>();
  for (const charge of charges.toSorted((one, other) => one.created.localeCompare(other.created))) {
    const invoice = byPayment.get(charge.paymentIntent ?? charge.id);
    if (invoice && invoice.remaining > 0) items.set(invoice.id, itemOf(charge, invoice));
  }
  return [...items.values()];
}

const itemOf = (charge: Charge, { id, remaining, currency }: Invoice): FailedCharge => ({
  charge: charge.id,
  invoice: id,
  customer: charge.customer,
  amount: remaining,
  currency,
  reason: reasonOf(charge),
});
