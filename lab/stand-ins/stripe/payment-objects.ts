/** Money that was taken and given back, as the stand-in keeps it. */

import { z } from 'zod';
import { base, count, metadata, text } from './object-fields.ts';

const Outcome = z.object({
  type: z.enum(['authorized', 'issuer_declined', 'blocked', 'invalid']),
  network_status: z.enum(['approved_by_network', 'declined_by_network', 'not_sent_to_network']),
  reason: text,
  seller_message: z.string(),
});

export const Charge = z.object({
  ...base,
  object: z.literal('charge'),
  amount: z.number(),
  amount_captured: z.number(),
  amount_refunded: z.number(),
  captured: z.boolean(),
  currency: z.string(),
  customer: text,
  description: text,
  disputed: z.boolean(),
  failure_code: text,
  failure_message: text,
  outcome: Outcome,
  paid: z.boolean(),
  payment_intent: text,
  payment_method: text,
  refunded: z.boolean(),
  status: z.enum(['succeeded', 'failed']),
  metadata,
});

export const PaymentIntent = z.object({
  ...base,
  object: z.literal('payment_intent'),
  amount: z.number(),
  amount_received: z.number(),
  currency: z.string(),
  customer: text,
  description: text,
  latest_charge: text,
  last_payment_error: z.object({ code: z.string(), decline_code: z.string().optional(), message: z.string() }).nullable(),
  payment_method: text,
  status: z.enum(['requires_payment_method', 'requires_confirmation', 'succeeded', 'canceled']),
  metadata,
});

export const Refund = z.object({
  ...base,
  object: z.literal('refund'),
  amount: z.number(),
  charge: z.string(),
  currency: z.string(),
  payment_intent: text,
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).nullable(),
  status: z.enum(['succeeded', 'failed']),
  metadata,
});

export const CreditNote = z.object({
  ...base,
  object: z.literal('credit_note'),
  amount: z.number(),
  total: z.number(),
  subtotal: z.number(),
  currency: z.string(),
  customer: z.string(),
  invoice: z.string(),
  memo: text,
  out_of_band_amount: count,
  post_payment_amount: z.number(),
  pre_payment_amount: z.number(),
  reason: z.enum(['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory']).nullable(),
  refunds: z.array(z.object({ amount_refunded: z.number(), refund: z.string(), type: z.literal('refund') })),
  status: z.enum(['issued', 'void']),
  type: z.enum(['pre_payment', 'post_payment', 'mixed']),
  voided_at: count,
  metadata,
});

export const Event = z.object({
  ...base,
  object: z.literal('event'),
  type: z.string(),
  pending_webhooks: z.number(),
  request: z.object({ id: text, idempotency_key: text }),
  data: z.object({ object: z.looseObject({}) }),
});
