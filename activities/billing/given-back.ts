/** Money of one invoice that was given back, by whomever: credit notes that stand, and refunds that none of them names. Pure. */

import type { CreditNote } from '../connectors/stripe/invoices.ts';
import type { Charge } from '../connectors/stripe/objects.ts';

export interface GivenBack {
  /** Minor units. */
  amount: number;
  /** Credit notes that are counted. */
  notes: string[];
  /** Of its payments, minor units. */
  refunded: number;
}

/** @param charges the payments of the invoice */
export function givenBack(all: CreditNote[], charges: Charge[]): GivenBack {
  const notes = all.filter(({ status }) => status !== 'void');
  const total = sum(notes.map(one => one.total));
  const refunded = sum(charges.map(one => one.refunded));
  // A refund that a note names is in both, and one that is not among the charges in the note alone.
  const amount = Math.max(total, total - sum(notes.map(one => one.refunded)) + refunded);
  return { amount, notes: notes.map(({ id }) => id), refunded };
}

const sum = (amounts: number[]) => amounts.reduce((all, one) => all + one, 0);
