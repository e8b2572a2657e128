/** The customers whose charges were corrected, each with own amounts and days, as Stripe has our refunds and credit notes. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { CreditNote, Invoice } from '../connectors/stripe/invoices.ts';
import type { Charge, Refund } from '../connectors/stripe/objects.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { Billing } from '../platform/billing.ts';
import { isGone } from './corrections/refunds.ts';
import type { CorrectedFacts } from './facts.ts';
import type { CorrectedInput } from './inputs.ts';
import type { CorrectedItem } from './items.ts';
import { isOurs } from './lines.ts';
import { booksOf, customerOf, dayOf, money, startOf, tooMany } from './sources.ts';

const aDay = 86_400_000;
/** Charges that were wrong are so much older than their correction at most, and their invoices so much older than these. */
const chargesBefore = aDay;
const patience = 30 * aDay;

/** @throws SystemError */
export async function checkCorrected(deps: Deps, { since, freeze: name }: CorrectedInput): Promise<Finding<CorrectedFacts>> {
  const { stripe, billing } = booksOf(deps);
  const from = startOf(deps, since);
  const lists = await Promise.all([
    stripe.refunds({ since: from }),
    stripe.creditNotes({ since: from }),
    stripe.charges({ since: from - chargesBefore }),
    stripe.invoices({ since: from - chargesBefore - patience }),
  ]);
  if (!lists.every(({ isWhole }) => isWhole)) return tooMany;
  const [refunds, notes, charges, invoices] = lists;
  const books = { refunds: refunds.items, notes: notes.items, charges: charges.items, invoices: invoices.items };
  const { items, unowned } = correctedIn(books, billing);
  const customers = new Set(items.map(({ customer }) => customer)).size;
  const rest = unowned > 0 ? ` Of ${unowned} more no customer was found.` : '';
  const told =
    items.length === 0 ? 'No charge was corrected.' : `${customers} customers got back or were credited ${sumsOf(items)}.`;
  const frozen = name === undefined ? undefined : await freeze(deps.systems.artifacts, name, items);
  return {
    verdict: unowned > 0 ? 'unknown' : 'healthy',
    evidence: `${told}${rest}`,
    facts: { customers, unowned, frozen: frozen?.count },
    ...(frozen && { frozen }),
  };
}

interface Books {
  refunds: Refund[];
  notes: CreditNote[];
  charges: Charge[];
  invoices: Invoice[];
}

/** A refund that a credit note names is in both, and counts as a refund. */
export function correctedIn({ refunds, notes, charges, invoices }: Books, billing: Billing) {
  const chargeOf = new Map(charges.map(charge => [charge.id, charge]));
  const invoiceOf = new Map(invoices.map(invoice => [invoice.id, invoice]));
  const paidBy = new Map(invoices.flatMap(invoice => invoice.payments.map(payment => [payment, invoice] as const)));
  const ownerOf = (invoice: Invoice | undefined) => invoice && customerOf(billing, invoice);
  const given = [
    ...refunds
      .filter(refund => isOurs(refund) && !isGone(refund))
      .map(({ charge: id = '', amount, currency, created }) => {
        const charge = chargeOf.get(id);
        const customer = ownerOf(paidBy.get(charge?.paymentIntent ?? id)) ?? charge?.customer;
        return { customer, how: 'refunded' as const, amount, currency, day: dayOf(created) };
      }),
    ...notes
      .filter(note => isOurs(note) && note.status !== 'void')
      .map(({ invoice = '', total, refunded, currency, created }) => ({
        customer: ownerOf(invoiceOf.get(invoice)),
        how: 'credited' as const,
        amount: total - refunded,
        currency,
        day: dayOf(created),
      })),
  ].filter(({ amount }) => amount > 0);
  const owned = given.flatMap(one => (one.customer === undefined ? [] : [{ ...one, customer: one.customer }]));
  const alike = Map.groupBy(owned, ({ customer, how, currency, day }) => JSON.stringify([customer, how, currency, day]));
  const items = [...alike.values()].flatMap((those): CorrectedItem[] => {
    const [first] = those;
    return first ? [{ ...first, of: 'corrected', amount: those.reduce((sum, { amount }) => sum + amount, 0) }] : [];
  });
  return { items, unowned: given.length - owned.length };
}

const sumsOf = (items: CorrectedItem[]) =>
  [...Map.groupBy(items, ({ currency }) => currency)]
    .map(([currency, those]) =>
      money(
        those.reduce((sum, { amount }) => sum + amount, 0),
        currency,
      ),
    )
    .join(', ');
