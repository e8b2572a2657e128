/** Invoices, subscriptions and credit notes of Stripe, as far as we read them. */

import { z } from 'zod';
import { amount, currency, id, listOf, metadata, reference, time, word } from './forms.ts';

/** Ids or objects: that there are any is what is read. */
const some = z
  .array(z.unknown())
  .nullish()
  .transform(all => (all ?? []).length > 0);

const line = z
  .looseObject({
    id,
    amount,
    currency,
    description: word,
    quantity: z
      .number()
      .nullish()
      .transform(count => count ?? 1),
    period: z.object({ start: time, end: time }),
    pricing: z.looseObject({ price_details: z.looseObject({ price: reference }).nullish() }).nullish(),
    discounts: some,
    discount_amounts: some,
    metadata,
  })
  .transform(({ id, amount, currency, description, quantity, period, pricing, metadata, ...more }) => ({
    id,
    amount,
    currency,
    description,
    quantity,
    from: period.start,
    to: period.end,
    price: pricing?.price_details?.price,
    /** The amount is the one before: https://docs.stripe.com/api/invoice-line-item/object#invoice_line_item_object-discount_amounts */
    discounted: more.discounts || more.discount_amounts,
    metadata,
  }));
export type InvoiceLine = z.output<typeof line>;

const payment = z.looseObject({
  status: z.string(),
  payment: z.looseObject({ payment_intent: reference, charge: reference }),
});

export const invoice = z
  .looseObject({
    object: z.literal('invoice'),
    id,
    status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).nullable(),
    customer: reference,
    currency,
    total: amount,
    amount_paid: amount,
    amount_remaining: amount,
    auto_advance: z.boolean().nullish(),
    next_payment_attempt: time.nullish(),
    created: time,
    parent: z.looseObject({ subscription_details: z.looseObject({ subscription: reference, metadata }).nullish() }).nullish(),
    lines: listOf(line),
    payments: listOf(payment),
    discounts: some,
    total_discount_amounts: some,
    metadata,
  })
  .transform(({ id, status, customer, currency, total, created, metadata, ...more }) => ({
    id,
    status: status ?? undefined,
    customer,
    currency,
    total,
    paid: more.amount_paid,
    remaining: more.amount_remaining,
    autoAdvance: more.auto_advance ?? false,
    nextAttempt: more.next_payment_attempt ?? undefined,
    created,
    subscription: more.parent?.subscription_details?.subscription,
    /** As the subscription had it when the invoice was made. */
    subscriptionMetadata: more.parent?.subscription_details?.metadata ?? {},
    /** A discount of the whole invoice is one of each line. */
    lines: more.lines.data.map(one => ({
      ...one,
      discounted: one.discounted || more.discounts || more.total_discount_amounts,
    })),
    /** False where it has more lines than Stripe sends with it. */
    hasAllLines: !more.lines.has_more,
    /** PaymentIntents, and charges without one, that paid it or tried to. */
    payments: more.payments.data.flatMap(({ payment }) => payment.payment_intent ?? payment.charge ?? []),
    metadata,
  }));
export type Invoice = z.output<typeof invoice>;

export const subscription = z
  .looseObject({
    object: z.literal('subscription'),
    id,
    status: z.string(),
    customer: reference,
    pause_collection: z.looseObject({ behavior: z.string(), resumes_at: z.number().nullish() }).nullish(),
    items: listOf(
      z
        .looseObject({ id, price: z.looseObject({ id }), quantity: z.number().nullish() })
        .transform(({ id, price, quantity }) => ({ id, price: price.id, quantity: quantity ?? 1 })),
    ),
    created: time,
    metadata,
  })
  .transform(({ id, status, customer, pause_collection, items, created, metadata }) => ({
    id,
    status,
    customer,
    /** `keep_as_draft`, `mark_uncollectible` or `void`; nothing while it collects. */
    paused: pause_collection?.behavior,
    items: items.data,
    created,
    metadata,
  }));
export type Subscription = z.output<typeof subscription>;

export const creditNote = z
  .looseObject({
    object: z.literal('credit_note'),
    id,
    invoice: reference,
    total: amount,
    currency,
    created: time,
    status: z.string(),
    refunds: z
      .array(z.looseObject({ refund: reference, amount_refunded: amount.optional() }))
      .nullish()
      .transform(all => all ?? []),
    metadata,
  })
  .transform(({ id, invoice, total, currency, created, status, refunds, metadata }) => ({
    id,
    invoice,
    total,
    currency,
    created,
    status,
    /** That it accounts for. */
    refunds: refunds.flatMap(({ refund }) => refund ?? []),
    /** Of the total, what those refunds gave back. */
    refunded: refunds.reduce((sum, { amount_refunded: amount = 0 }) => sum + amount, 0),
    metadata,
  }));
export type CreditNote = z.output<typeof creditNote>;

export const invoiceItem = z
  .looseObject({ object: z.literal('invoiceitem'), id, customer: reference, invoice: reference, amount, currency, metadata })
  .transform(({ id, customer, invoice, amount, currency, metadata }) => ({ id, customer, invoice, amount, currency, metadata }));
export type InvoiceItem = z.output<typeof invoiceItem>;
