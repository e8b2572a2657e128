/**
 * Credit for usage that was billed above what durable records say: a credit note lowers what an invoice still asks for, and the rest is
 * on the customer's balance for the next one. Too little is never charged here: the contract decides.
 */

import type { ActionContext } from '../../engine/action.ts';
import { type ItemKey, itemKey } from '../../engine/run-list.ts';
import { stopped } from '../../failures.ts';
import { type UsageDifference, usageDifference } from '../items.ts';
import { booksOf } from '../sources.ts';
import { type Correction, effectOf, readAgain } from './correcting.ts';
import { isMarked, markOf } from './marks.ts';

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
      consequences: ['A wrong credit note is voided in the dashboard of Stripe.', ...(under.length > 0 ? [left] : [])],
    };
  },
  one: creditOnce,
  measure: credited,
};

/** @throws SystemError; `Refused` where the invoice cannot carry it */
async function creditOnce(item: UsageDifference, key: ItemKey, { deps }: ActionContext): Promise<string> {
  if (!isTooMuch(item)) return 'left: too little';
  const { stripe } = booksOf(deps);
  const { invoice: id, difference: amount, currency } = item;
  const [notes, invoice] = await Promise.all([stripe.creditNotes({ invoice: id }), stripe.invoice(id)]);
  const ours = notes.items.find(note => isMarked(note, key.item));
  if (ours) return ours.status === 'void' ? 'left: its credit note was voided' : ours.id;
  if (invoice.currency !== currency || (invoice.status !== 'open' && invoice.status !== 'paid'))
    throw stopped('Refused', `its invoice is ${invoice.status ?? 'gone'} now, or in another currency than in the list.`);
  const credit = amount - Math.min(amount, invoice.remaining);
  const order = { invoice: id, amount, metadata: markOf(key.item), credit: credit > 0 ? credit : undefined };
  return (await stripe.createCreditNote(order, key.try)).id;
}

/** The notes of each invoice are read again. */
async function credited(items: UsageDifference[], context: ActionContext) {
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
  return effectOf(good, over.length, `${good} of ${over.length} lines that were billed too much are credited.`);
}
