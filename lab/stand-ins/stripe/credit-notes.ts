/**
 * Credit notes on finalised invoices. Follows https://docs.stripe.com/api/credit_notes/create: what is still owed becomes less first;
 * of the rest, refund, balance and what is given outside of Stripe must make up the whole.
 */

import { z } from 'zod';
import { born, chargeOf, customerOf, happened, invoiceOf, type Ledger, moved } from './ledger.ts';
import { listRoute } from './lists.ts';
import type { Invoice, Kept } from './objects.ts';
import { invalid, missing, money } from './refusals.ts';
import { refunded } from './refunds.ts';
import { type Route, route } from './route.ts';
import { amount, listOf, merged, metadata } from './sent.ts';

const Create = z.strictObject({
  invoice: z.string(),
  amount: amount.optional(),
  credit_amount: amount.optional(),
  out_of_band_amount: amount.optional(),
  refund_amount: amount.optional(),
  refunds: listOf(z.strictObject({ refund: z.string(), amount_refunded: amount.optional() })).optional(),
  memo: z.string().optional(),
  email_type: z.enum(['credit_note', 'none']).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory']).optional(),
  metadata,
});
const Update = z.strictObject({ memo: z.string().optional(), metadata });
type Sent = z.output<typeof Create>;
type CreditNote = Kept['credit_notes'][string];

function create(sent: Sent, ledger: Ledger): CreditNote {
  const invoice = invoiceOf(ledger, sent.invoice, 'invoice');
  if (invoice.status !== 'open' && invoice.status !== 'paid')
    throw invalid(`Credit notes can only be created for open or paid invoices. Invoice ${invoice.id} is ${invoice.status}.`);
  const { amount: total = beside(sent) } = sent;
  refuseTooMuch(invoice, total);
  const pre = Math.min(total, invoice.amount_remaining);
  const linked = (sent.refunds ?? []).map(one => linkedTo(ledger, one));
  if (total - pre !== sum(linked) + beside(sent))
    throw invalid(
      'The sum of refunds, credit_amount and out_of_band_amount must equal the post_payment_amount of the credit note.',
    );
  const refunds = sent.refund_amount === undefined ? linked : [...linked, paidBack(ledger, invoice, sent)];
  return issued(ledger, invoice, sent, { total, pre, refunds });
}

/** Given back otherwise than by a refund that was made before. */
const beside = ({ credit_amount = 0, refund_amount = 0, out_of_band_amount = 0 }: Sent) =>
  credit_amount + refund_amount + out_of_band_amount;

function refuseTooMuch(invoice: Invoice, total: number) {
  const left = invoice.total - invoice.pre_payment_credit_notes_amount - invoice.post_payment_credit_notes_amount;
  if (total < 1) throw invalid('The amount of a credit note must be greater than 0.', 'parameter_invalid_integer', 'amount');
  if (total > left)
    throw invalid(
      `The sum of credit notes (${money(total, invoice.currency)}) exceeds what is left of the invoice (${money(left, invoice.currency)}).`,
      'amount_too_large',
      'amount',
    );
}

const sum = (all: { amount_refunded: number }[]) => all.reduce((whole, one) => whole + one.amount_refunded, 0);

function linkedTo({ kept }: Ledger, { refund, amount_refunded }: { refund: string; amount_refunded?: number | undefined }) {
  const found = kept.refunds[refund];
  if (!found) throw missing('refund', refund, 'refunds');
  return { amount_refunded: amount_refunded ?? found.amount, refund, type: 'refund' as const };
}

function paidBack(ledger: Ledger, invoice: Invoice, sent: Sent) {
  const payment = Object.values(ledger.kept.invoice_payments).find(one => one.invoice === invoice.id && one.status === 'paid');
  const { latest_charge: latest = null } = ledger.kept.payment_intents[payment?.payment.payment_intent ?? ''] ?? {};
  if (latest === null) throw invalid(`Invoice ${invoice.id} has no charge to refund.`, undefined, 'refund_amount');
  const wanted = { amount: sent.refund_amount, reason: null, metadata: merged({}, sent.metadata) };
  const refund = refunded(ledger, chargeOf(ledger, latest), wanted);
  return { amount_refunded: refund.amount, refund: refund.id, type: 'refund' as const };
}

interface Sums {
  total: number;
  pre: number;
  refunds: CreditNote['refunds'];
}

function issued(ledger: Ledger, invoice: Invoice, sent: Sent, { total, pre, refunds }: Sums): CreditNote {
  const post = total - pre;
  const note: CreditNote = {
    ...born(ledger, 'cn', 'credit_note'),
    amount: total,
    total,
    subtotal: total,
    currency: invoice.currency,
    customer: invoice.customer,
    invoice: invoice.id,
    memo: sent.memo ?? null,
    out_of_band_amount: sent.out_of_band_amount ?? null,
    post_payment_amount: post,
    pre_payment_amount: pre,
    reason: sent.reason ?? null,
    refunds,
    status: 'issued',
    type: post === 0 ? 'pre_payment' : pre === 0 ? 'post_payment' : 'mixed',
    voided_at: null,
    metadata: merged({}, sent.metadata),
  };
  ledger.kept.credit_notes[note.id] = note;
  owedLess(ledger, invoice, note, 1);
  customerOf(ledger, invoice.customer).balance -= sent.credit_amount ?? 0;
  happened(ledger, 'credit_note.created', note);
  moved(ledger, invoice.customer, `credit note ${note.id}: ${total} ${note.currency} on ${invoice.id}`);
  return note;
}

function owedLess(ledger: Ledger, invoice: Invoice, note: CreditNote, sign: 1 | -1): void {
  invoice.pre_payment_credit_notes_amount += sign * note.pre_payment_amount;
  invoice.post_payment_credit_notes_amount += sign * note.post_payment_amount;
  invoice.amount_due -= sign * note.pre_payment_amount;
  invoice.amount_remaining -= sign * note.pre_payment_amount;
  if (invoice.status !== 'open' || invoice.amount_remaining > 0) return;
  Object.assign(invoice, { status: 'paid', next_payment_attempt: null });
  invoice.status_transitions.paid_at = ledger.now();
}

function noteOf({ kept }: Ledger, id: string): CreditNote {
  const found = kept.credit_notes[id];
  if (!found) throw missing('credit note', id);
  return found;
}

export const creditNoteRoutes: Route[] = [
  listRoute('/v1/credit_notes', ({ kept }) => Object.values(kept.credit_notes), {
    customer: ({ customer }, value) => customer === value,
    invoice: ({ invoice }, value) => invoice === value,
  }),
  route('POST', '/v1/credit_notes', Create, create),
  route('GET', '/v1/credit_notes/:id', z.strictObject({}), (_, ledger, id) => noteOf(ledger, id)),
  route('POST', '/v1/credit_notes/:id', Update, (sent, ledger, id) => {
    const note = noteOf(ledger, id);
    return Object.assign(note, { memo: sent.memo ?? note.memo, metadata: merged(note.metadata, sent.metadata) });
  }),
  route('POST', '/v1/credit_notes/:id/void', z.strictObject({}), (_, ledger, id) => {
    const note = noteOf(ledger, id);
    const invoice = invoiceOf(ledger, note.invoice);
    if (invoice.status !== 'open' || note.status === 'void')
      throw invalid('You can only void credit notes that are issued on open invoices.', undefined);
    owedLess(ledger, invoice, note, -1);
    happened(ledger, 'credit_note.voided', note);
    return Object.assign(note, { status: 'void', voided_at: ledger.now() });
  }),
];
