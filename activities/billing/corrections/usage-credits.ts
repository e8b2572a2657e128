/**
 * Credit for usage that was billed above what durable records say: a credit note lowers what an invoice still asks for, and the rest is
 * on the customer's balance for the next one. Too little is never charged here: the contract decides.
 */

import type { Stripe } from '../../connectors/stripe.ts';
import type { CreditNote, Invoice } from '../../connectors/stripe/invoices.ts';
import type { Charge } from '../../connectors/stripe/objects.ts';
import type { ActionContext } from '../../engine/action.ts';
import { type ItemKey, itemKey } from '../../engine/run-list.ts';
import { stopped } from '../../failures.ts';
import { givenBack } from '../given-back.ts';
import { type UsageDifference, usageDifference } from '../items.ts';
import { booksOf } from '../sources.ts';
import { type Correction, effectOf, leftIn, readAgain } from './correcting.ts';
import { isMarked, isOfStep, markOf } from './marks.ts';

const tooLittle = 'left: too little';
const isTooMuch = ({ difference }: UsageDifference) => difference > 0;

export const usageCredits: Correction<UsageDifference> = {
  item: usageDifference,
  nameOf: ({ invoice, line }) => `Line ${line} of ${invoice}`,
  field: 'credits',
  moves: ({ difference, currency }) => ({ amount: Math.max(0, difference), currency }),
  words(items, sum) {
    const [over, under] = [items.filter(isTooMuch), items.filter(one => !isTooMuch(one))];
    const customers = new Set(over.map(({ customer }) => customer)).size;
    const left = `${under.length} differences of too little are left: whether they may be charged later is for the contract to say.`;
    return {
      summary: `${sum} are credited to ${customers} customers for ${over.length} lines that were billed too much.`,
      consequences: [
        'What was credited or refunded before the list was frozen is left out; an invoice of which more is by now is left to finance.',
        'A wrong credit note is voided in the dashboard of Stripe.',
        ...(under.length > 0 ? [left] : []),
      ],
    };
  },
  one: creditOnce,
  measure: credited,
};

/** @throws SystemError; `Refused` where the invoice is not the one that was frozen */
async function creditOnce(item: UsageDifference, key: ItemKey, { deps, call }: ActionContext): Promise<string> {
  if (!isTooMuch(item)) return tooLittle;
  const { stripe } = booksOf(deps);
  const { invoice: id, difference: amount, currency } = item;
  const invoice = await stripe.invoice(id);
  const [notes, charges] = await Promise.all([stripe.creditNotes({ invoice: id }), paymentsOf(stripe, invoice)]);
  const ours = notes.items.find(note => isMarked(note, key.item));
  if (ours) return ours.status === 'void' ? 'left: its credit note was voided' : ours.id;
  if (invoice.status !== 'open' && invoice.status !== 'paid') return `left: ${invoice.status ?? 'gone'}`;
  if (invoice.currency !== currency) throw stopped('Refused', 'its invoice is in another currency than in the list.');
  const others = notes.items.filter(note => !isOfStep(note, call.key));
  const why = notes.isWhole ? givenSince(item, others, charges) : 'too many credit notes to know';
  if (why !== undefined) return `left: ${why}`;
  const credit = amount - Math.min(amount, invoice.remaining);
  const order = { invoice: id, amount, metadata: markOf(key.item), credit: credit > 0 ? credit : undefined };
  return (await stripe.createCreditNote(order, key.try)).id;
}

/** Charges that the invoice was paid by. */
async function paymentsOf(stripe: Stripe, { payments }: Invoice): Promise<Charge[]> {
  const each = payments.map(async payment =>
    payment.startsWith('pi_') ? (await stripe.charges({ paymentIntent: payment })).items : [await stripe.charge(payment)],
  );
  return (await Promise.all(each)).flat();
}

/** Since the list was frozen, by whomever: it may have been for the same usage. */
function givenSince(item: UsageDifference, others: CreditNote[], charges: Charge[]): string | undefined {
  const { notes, refunded } = givenBack(others, charges);
  if (notes.some(note => !item.notes.includes(note))) return 'credited meanwhile';
  return refunded > item.refunded ? 'refunded meanwhile' : undefined;
}

/** The notes of each invoice are read again. */
async function credited(items: UsageDifference[], context: ActionContext, results: string[]) {
  const { stripe } = booksOf(context.deps);
  const over = items.filter(isTooMuch);
  const invoices = [...Map.groupBy(over, ({ invoice }) => invoice)];
  const counts = await readAgain(
    invoices,
    async ([invoice, lines]) => {
      const { items: notes } = await stripe.creditNotes({ invoice });
      const keys = lines.map(line => itemKey(context.call, usageCredits.nameOf(line)));
      return keys.filter(key => notes.some(note => isMarked(note, key) && note.status !== 'void')).length;
    },
    context,
  );
  const good = counts.reduce((sum, count) => sum + count, 0);
  const left = leftIn(results.filter(result => result !== tooLittle));
  const text = [`${good} of ${over.length} lines that were billed too much are credited`, ...left].join('; ');
  return effectOf(good, over.length, `${text}.`);
}
