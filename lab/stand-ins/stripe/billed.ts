/**
 * One invoice on its way: made as a draft, finalised, paid or tried again, voided.
 *
 * Follows https://docs.stripe.com/invoicing/overview#invoice-lifecycle, https://docs.stripe.com/api/invoices/pay, and for the hour of a
 * draft https://docs.stripe.com/invoicing/integration/automatic-advancement-collection. Open invoices are tried again after 3, 5 and 7
 * days, a schedule that https://docs.stripe.com/billing/revenue-recovery/smart-retries lets an account choose.
 */

import { born, happened, type Ledger } from './ledger.ts';
import type { Invoice, InvoiceLine, InvoicePayment } from './objects.ts';
import { charged, declined, intended } from './payments.ts';
import { invalid } from './refusals.ts';

const hour = 3_600;
const day = 24 * hour;
const retries = [3 * day, 5 * day, 7 * day];

export interface Draft {
  customer: string;
  currency: string;
  autoAdvance: boolean;
  reason: Invoice['billing_reason'];
  description?: string | undefined;
  subscription?: string | undefined;
  period?: { start: number; end: number };
  metadata?: Record<string, string>;
}

export function drafted(ledger: Ledger, draft: Draft): Invoice {
  const head = born(ledger, 'in', 'invoice');
  const { start, end } = draft.period ?? { start: head.created, end: head.created };
  const { subscription = '' } = draft;
  // As it is when the invoice is made: https://docs.stripe.com/api/invoices/object#invoice_object-parent-subscription_details-metadata
  const details = { subscription, metadata: { ...ledger.kept.subscriptions[subscription]?.metadata } };
  const invoice: Invoice = {
    ...head,
    customer: draft.customer,
    currency: draft.currency,
    status: 'draft',
    auto_advance: draft.autoAdvance,
    automatically_finalizes_at: draft.autoAdvance ? head.created + hour : null,
    next_payment_attempt: draft.autoAdvance ? head.created + hour : null,
    attempt_count: 0,
    attempted: false,
    billing_reason: draft.reason,
    collection_method: 'charge_automatically',
    description: draft.description ?? null,
    discounts: [],
    total_discount_amounts: [],
    default_payment_method: null,
    period_start: start,
    period_end: end,
    subtotal: 0,
    total: 0,
    amount_due: 0,
    amount_paid: 0,
    amount_remaining: 0,
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${head.id}/lines` },
    parent: draft.subscription === undefined ? null : { type: 'subscription_details', subscription_details: details },
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    metadata: draft.metadata ?? {},
  };
  ledger.kept.invoices[invoice.id] = invoice;
  happened(ledger, 'invoice.created', invoice);
  return invoice;
}

export function addLine(invoice: Invoice, line: InvoiceLine): void {
  invoice.lines.data.push(line);
  const total = invoice.lines.data.reduce((sum, one) => sum + one.amount, 0);
  Object.assign(invoice, { subtotal: total, total, amount_due: Math.max(0, total), amount_remaining: Math.max(0, total) });
}

/** @throws Refusal for one that is finalised */
export function finalised(ledger: Ledger, invoice: Invoice): Invoice {
  if (invoice.status !== 'draft')
    throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.", 'invoice_not_editable');
  Object.assign(invoice, { status: 'open', automatically_finalizes_at: null });
  invoice.status_transitions.finalized_at = ledger.now();
  happened(ledger, 'invoice.finalized', invoice);
  if (invoice.amount_remaining === 0) settle(ledger, invoice);
  return invoice;
}

function settle(ledger: Ledger, invoice: Invoice): void {
  Object.assign(invoice, { status: 'paid', attempted: true, next_payment_attempt: null });
  Object.assign(invoice, { amount_paid: invoice.amount_paid + invoice.amount_remaining, amount_remaining: 0 });
  invoice.status_transitions.paid_at = ledger.now();
  happened(ledger, 'invoice.paid', invoice);
}

export function methodOf({ kept }: Ledger, invoice: Invoice): string | null {
  const subscription = kept.subscriptions[invoice.parent?.subscription_details.subscription ?? ''];
  const { invoice_settings: settings } = kept.customers[invoice.customer] ?? {};
  return invoice.default_payment_method ?? subscription?.default_payment_method ?? settings?.default_payment_method ?? null;
}

/** @throws Refusal when it cannot be paid, or the card is declined */
export function paidNow(ledger: Ledger, invoice: Invoice, method = methodOf(ledger, invoice)): Invoice {
  if (invoice.status === 'draft') finalised(ledger, invoice);
  if (invoice.status === 'paid') throw invalid('Invoice is already paid');
  if (invoice.status === 'void') throw invalid('You cannot pay an invoice that has been voided.');
  if (method === null)
    throw invalid(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
      'resource_missing',
    );
  const payment = paymentOf(ledger, invoice);
  const intent = ledger.kept.payment_intents[payment.payment.payment_intent];
  if (!intent) throw invalid('The payment of this invoice is gone.');
  invoice.attempt_count += 1;
  invoice.attempted = true;
  const decline = charged(ledger, intent, method);
  if (decline) {
    tryLater(ledger, invoice);
    happened(ledger, 'invoice.payment_failed', invoice);
    throw declined(decline, intent);
  }
  Object.assign(payment, { status: 'paid', amount_paid: payment.amount_requested });
  payment.status_transitions.paid_at = ledger.now();
  settle(ledger, invoice);
  return invoice;
}

export function tryLater(ledger: Ledger, invoice: Invoice): void {
  const wait = retries[invoice.attempt_count - 1];
  invoice.next_payment_attempt = invoice.auto_advance && wait !== undefined ? ledger.now() + wait : null;
}

/** Its payment, made at the first attempt: https://docs.stripe.com/api/invoice-payment/object */
function paymentOf(ledger: Ledger, invoice: Invoice): InvoicePayment {
  const { kept } = ledger;
  const known = Object.values(kept.invoice_payments).find(one => one.invoice === invoice.id && one.status === 'open');
  if (known) return known;
  const { customer, currency, amount_remaining: amount, id } = invoice;
  const intent = intended(ledger, { amount, currency, customer, description: `Payment for invoice ${id}`, metadata: {} }, null);
  const payment: InvoicePayment = {
    ...born(ledger, 'inpay', 'invoice_payment'),
    invoice: id,
    currency,
    amount_requested: amount,
    amount_paid: null,
    is_default: true,
    status: 'open',
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status_transitions: { canceled_at: null, paid_at: null },
  };
  kept.invoice_payments[payment.id] = payment;
  return payment;
}
