/**
 * The writes at Stripe. Each call carries an idempotency key of its own, which Stripe forgets after a day at the earliest
 * (https://docs.stripe.com/api/idempotent_requests): whoever may call again later reads first, by our key in the metadata.
 */

import { sha256 } from '../artifacts.ts';
import { answered, type Client } from './client.ts';
import { creditNote, type CreditNote, invoice, type Invoice } from './invoices.ts';
import { refund, type Refund } from './objects.ts';

type Metadata = Record<string, string>;

/** Amounts are minor units. */
export interface CreditNoteOrder {
  invoice: string;
  /** Of the whole note. */
  amount: number;
  /** Of it, what goes to the customer's balance at Stripe; the rest lowers an open invoice. */
  credit?: number | undefined;
  /** Refunds of the same payment that the note accounts for. */
  refunds?: { id: string; amount: number }[] | undefined;
  reason?: 'duplicate' | 'order_change' | 'product_unsatisfactory' | undefined;
  memo?: string | undefined;
  metadata: Metadata;
}

/** Every call throws SystemError; `key` is the idempotency key. */
export interface StripeWrites {
  createRefund: (order: { charge: string; amount: number; metadata: Metadata }, key: string) => Promise<Refund>;
  createCreditNote: (order: CreditNoteOrder, key: string) => Promise<CreditNote>;
  voidCreditNote: (id: string, key: string) => Promise<CreditNote>;
  payInvoice: (id: string, key: string) => Promise<Invoice>;
  voidInvoice: (id: string, key: string) => Promise<Invoice>;
  noteOnInvoice: (id: string, metadata: Metadata, key: string) => Promise<Invoice>;
}

const withPayments = { expand: ['payments'] };

export const writesOf = (stripe: Client): StripeWrites => ({
  createRefund: (order, key) => answered(refund, stripe.refunds.create(order, once(key))),
  createCreditNote: ({ credit, refunds, ...order }, key) =>
    answered(
      creditNote,
      stripe.creditNotes.create(
        {
          ...order,
          credit_amount: credit,
          refunds: refunds?.map(({ id, amount }) => ({ refund: id, amount_refunded: amount })),
          email_type: 'none',
        },
        once(key),
      ),
    ),
  voidCreditNote: (id, key) => answered(creditNote, stripe.creditNotes.voidCreditNote(id, {}, once(key))),
  payInvoice: (id, key) => answered(invoice, stripe.invoices.pay(id, withPayments, once(key))),
  voidInvoice: (id, key) => answered(invoice, stripe.invoices.voidInvoice(id, withPayments, once(key))),
  noteOnInvoice: (id, metadata, key) => answered(invoice, stripe.invoices.update(id, { ...withPayments, metadata }, once(key))),
});

/** Stripe takes keys of at most 255 characters. */
const once = (key: string) => ({ idempotencyKey: key.length > 255 ? sha256(key) : key });
