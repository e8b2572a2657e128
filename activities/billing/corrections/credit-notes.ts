/**
 * Credit notes that account for what this incident has refunded, on the invoice that the charge paid: no money moves. Twice equals
 * once: a refund that a note names already is in no second one.
 */

import type { CreditNote } from '../../connectors/stripe/invoices.ts';
import type { Refund } from '../../connectors/stripe/objects.ts';
import type { ActionContext } from '../../engine/action.ts';
import type { ItemKey } from '../../engine/run-list.ts';
import { type WrongCharge, wrongCharge } from '../items.ts';
import { booksOf } from '../sources.ts';
import { type Correction, effectOf, readAgain } from './correcting.ts';
import { isGone } from './refunds.ts';
import { isOfIncident, markOf } from './marks.ts';

export const creditNotes: Correction<WrongCharge> = {
  item: wrongCharge,
  nameOf: ({ charge }) => `Charge ${charge}`,
  field: 'credit notes',
  moves: ({ currency }) => ({ amount: 0, currency }),
  words: items => ({
    summary: `Credit notes account for the refunds of ${items.length} charges.`,
    consequences: [
      'Only refunds of this incident are in them, and no money moves. Customers get no mail from Stripe.',
      'A charge without an invoice, or that this incident has not refunded, gets none.',
      'A wrong one is voided in the dashboard of Stripe.',
    ],
  }),
  one: noteOnce,
  measure: accounted,
};

/** @throws SystemError */
async function noteOnce({ charge, invoice, rule }: WrongCharge, key: ItemKey, { deps }: ActionContext): Promise<string> {
  if (invoice === undefined) return 'left: no invoice';
  const { stripe } = booksOf(deps);
  const [refunds, notes] = await Promise.all([stripe.refunds({ charge }), stripe.creditNotes({ invoice })]);
  const counted = refunds.items.filter(counts(key.item));
  if (counted.length === 0) return `left: ${unrefunded}`;
  const missing = unaccounted(counted, notes.items);
  if (missing.length === 0) return 'accounted for';
  const amount = missing.reduce((sum, refund) => sum + refund.amount, 0);
  const { id } = await stripe.createCreditNote(
    {
      invoice,
      amount,
      refunds: missing.map(refund => ({ id: refund.id, amount: refund.amount })),
      reason: rule === 'duplicate' ? 'duplicate' : undefined,
      metadata: markOf(key.item),
    },
    key.try,
  );
  return id;
}

const unrefunded = 'not refunded by this incident';

/** Of a refund that failed at Stripe the customer has nothing. */
const counts = (key: string) => (refund: Refund) => isOfIncident(refund, key) && !isGone(refund);

/** Those that no note names. */
function unaccounted(counted: Refund[], notes: CreditNote[]): Refund[] {
  const named = new Set(notes.filter(({ status }) => status !== 'void').flatMap(note => note.refunds));
  return counted.filter(({ id }) => !named.has(id));
}

/** Every charge and invoice is read again. */
async function accounted(items: WrongCharge[], context: ActionContext) {
  const { stripe } = booksOf(context.deps);
  const { key } = context.call;
  const seen = await readAgain(
    items,
    async ({ charge, invoice }) => {
      if (invoice === undefined) return 'without an invoice';
      const [refunds, notes] = await Promise.all([stripe.refunds({ charge }), stripe.creditNotes({ invoice })]);
      const counted = refunds.items.filter(counts(key));
      if (counted.length === 0) return unrefunded;
      return unaccounted(counted, notes.items).length === 0 ? 'good' : 'without a note';
    },
    context,
  );
  const all = Map.groupBy(seen, what => what);
  const good = all.get('good')?.length ?? 0;
  const others = [...all].flatMap(([what, those]) => (what === 'good' ? [] : [`${those.length} ${what}`]));
  const text = [`Credit notes account for the refunds of ${good} of ${items.length} charges`, ...others].join('; ');
  return effectOf(good, items.length, `${text}.`);
}
