/** The objects that the stand-in keeps, with the fields of them that it fills; times are seconds since 1970, amounts minor units. */

import { z } from 'zod';
import { base, count, metadata, text } from './object-fields.ts';
import { Charge, CreditNote, Event, PaymentIntent, Refund } from './payment-objects.ts';

const Customer = z.object({
  ...base,
  object: z.literal('customer'),
  name: text,
  email: text,
  balance: z.number(),
  invoice_settings: z.object({ default_payment_method: text }),
  metadata,
});

const Price = z.object({
  ...base,
  object: z.literal('price'),
  active: z.boolean(),
  currency: z.string(),
  unit_amount: z.number(),
  billing_scheme: z.enum(['per_unit', 'tiered']).default('per_unit'),
  lookup_key: text,
  nickname: text,
  product: z.string(),
  type: z.enum(['recurring', 'one_time']),
  recurring: z.object({ interval: z.enum(['day', 'week', 'month', 'year']), interval_count: z.number() }).nullable(),
  metadata,
});

const SubscriptionItem = z.object({
  id: z.string(),
  object: z.literal('subscription_item'),
  price: Price,
  quantity: z.number(),
  current_period_start: z.number(),
  current_period_end: z.number(),
});

const Subscription = z.object({
  ...base,
  object: z.literal('subscription'),
  customer: z.string(),
  currency: z.string(),
  status: z.enum(['active', 'past_due', 'canceled']),
  items: z.object({ object: z.literal('list'), data: z.array(SubscriptionItem), has_more: z.literal(false), url: z.string() }),
  pause_collection: z.object({ behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']), resumes_at: count }).nullable(),
  latest_invoice: text,
  default_payment_method: text,
  collection_method: z.literal('charge_automatically'),
  metadata,
});

/** https://docs.stripe.com/api/invoice-line-item/object#invoice_line_item_object-discount_amounts */
const discounted = z.array(z.object({ amount: z.number(), discount: z.string() })).default([]);

const InvoiceLine = z.object({
  id: z.string(),
  object: z.literal('line_item'),
  amount: z.number(),
  currency: z.string(),
  description: text,
  quantity: z.number(),
  period: z.object({ start: z.number(), end: z.number() }),
  pricing: z
    .object({
      type: z.literal('price_details'),
      price_details: z.object({ price: z.string(), product: z.string() }),
      unit_amount_decimal: z.string(),
    })
    .nullable(),
  discount_amounts: discounted,
  metadata,
});

const Invoice = z.object({
  ...base,
  object: z.literal('invoice'),
  customer: z.string(),
  currency: z.string(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']),
  auto_advance: z.boolean(),
  automatically_finalizes_at: count,
  next_payment_attempt: count,
  attempt_count: z.number(),
  attempted: z.boolean(),
  billing_reason: z.enum(['subscription_cycle', 'subscription_create', 'manual']),
  collection_method: z.literal('charge_automatically'),
  description: text,
  discounts: z.array(z.string()).default([]),
  total_discount_amounts: discounted,
  default_payment_method: text,
  period_start: z.number(),
  period_end: z.number(),
  subtotal: z.number(),
  total: z.number(),
  amount_due: z.number(),
  amount_paid: z.number(),
  amount_remaining: z.number(),
  pre_payment_credit_notes_amount: z.number(),
  post_payment_credit_notes_amount: z.number(),
  lines: z.object({ object: z.literal('list'), data: z.array(InvoiceLine), has_more: z.literal(false), url: z.string() }),
  parent: z
    .object({ type: z.literal('subscription_details'), subscription_details: z.object({ subscription: z.string(), metadata }) })
    .nullable(),
  status_transitions: z.object({ finalized_at: count, marked_uncollectible_at: count, paid_at: count, voided_at: count }),
  metadata,
});

const InvoiceItem = z.object({
  ...base,
  object: z.literal('invoiceitem'),
  date: z.number(),
  customer: z.string(),
  currency: z.string(),
  amount: z.number(),
  description: text,
  invoice: text,
  period: z.object({ start: z.number(), end: z.number() }),
  quantity: z.literal(1),
  metadata,
});

const InvoicePayment = z.object({
  ...base,
  object: z.literal('invoice_payment'),
  invoice: z.string(),
  currency: z.string(),
  amount_requested: z.number(),
  amount_paid: count,
  is_default: z.boolean(),
  status: z.enum(['open', 'paid', 'canceled']),
  payment: z.object({ type: z.literal('payment_intent'), payment_intent: z.string() }),
  status_transitions: z.object({ canceled_at: count, paid_at: count }),
});

export const Kept = z.object({
  count: z.number(),
  customers: z.record(z.string(), Customer),
  prices: z.record(z.string(), Price),
  subscriptions: z.record(z.string(), Subscription),
  invoices: z.record(z.string(), Invoice),
  invoiceitems: z.record(z.string(), InvoiceItem),
  invoice_payments: z.record(z.string(), InvoicePayment),
  charges: z.record(z.string(), Charge),
  payment_intents: z.record(z.string(), PaymentIntent),
  refunds: z.record(z.string(), Refund),
  /** Ids of those that succeeded and will fail. */
  failing_refunds: z.array(z.string()).default([]),
  credit_notes: z.record(z.string(), CreditNote),
  events: z.array(Event),
  /** Answers by idempotency key, for 24 hours. */
  answers: z.record(
    z.string(),
    z.object({
      at: z.number(),
      path: z.string(),
      sent: z.string(),
      status: z.literal([200, 400, 401, 402, 404, 429, 500]),
      body: z.looseObject({}),
    }),
  ),
});
export type Kept = z.infer<typeof Kept>;
export type Customer = z.infer<typeof Customer>;
export type Price = z.infer<typeof Price>;
export type Subscription = z.infer<typeof Subscription>;
export type Invoice = z.infer<typeof Invoice>;
export type InvoiceLine = z.infer<typeof InvoiceLine>;
export type InvoicePayment = z.infer<typeof InvoicePayment>;
export type Charge = z.infer<typeof Charge>;
export type PaymentIntent = z.infer<typeof PaymentIntent>;
export type Refund = z.infer<typeof Refund>;
