/** Charges, refunds, prices, events and customers of Stripe, as far as we read them. */

import { z } from 'zod';
import { amount, currency, id, metadata, reference, time, word } from './forms.ts';

export const charge = z
  .looseObject({
    object: z.literal('charge'),
    id,
    status: z.enum(['succeeded', 'pending', 'failed']),
    amount,
    amount_refunded: amount,
    currency,
    customer: reference,
    payment_intent: reference,
    created: time,
    disputed: z.boolean().default(false),
    failure_code: word,
    outcome: z.looseObject({ type: word, reason: word, network_decline_code: word }).nullish(),
    metadata,
  })
  .transform(({ id, status, amount, amount_refunded, currency, customer, payment_intent, created, ...more }) => ({
    id,
    status,
    amount,
    refunded: amount_refunded,
    currency,
    customer,
    paymentIntent: payment_intent,
    created,
    disputed: more.disputed,
    failureCode: more.failure_code,
    /** Why it failed, in Stripe's words: `insufficient_funds`; `blocked` where Stripe itself refused. */
    reason: more.outcome?.reason ?? more.outcome?.network_decline_code,
    blocked: more.outcome?.type === 'blocked',
    metadata: more.metadata,
  }));
export type Charge = z.output<typeof charge>;

export const refund = z
  .looseObject({
    object: z.literal('refund'),
    id,
    charge: reference,
    amount,
    currency,
    status: word,
    created: time,
    metadata,
  })
  .transform(({ id, charge, amount, currency, status, created, metadata }) => ({
    id,
    charge,
    amount,
    currency,
    status,
    created,
    metadata,
  }));
export type Refund = z.output<typeof refund>;

export const price = z
  .looseObject({
    object: z.literal('price'),
    id,
    active: z.boolean(),
    lookup_key: word,
    unit_amount: z.int().nullish(),
    billing_scheme: word,
    transform_quantity: z.looseObject({}).nullish(),
    currency,
    recurring: z.looseObject({ usage_type: word }).nullish(),
    created: time,
    metadata,
  })
  .transform(({ id, active, lookup_key, unit_amount, currency, recurring, created, metadata, ...more }) => ({
    id,
    active,
    lookupKey: lookup_key,
    /** Absent where the price has tiers or fractions of a minor unit. */
    unitAmount: unit_amount ?? undefined,
    /** One unit more costs another amount than the one before: tiers, or packages. */
    stepped: (more.billing_scheme ?? 'per_unit') !== 'per_unit' || (more.transform_quantity ?? null) !== null,
    currency,
    metered: recurring?.usage_type === 'metered',
    created,
    metadata,
  }));
export type Price = z.output<typeof price>;

export const event = z
  .looseObject({
    object: z.literal('event'),
    id,
    type: z.string(),
    created: time,
    pending_webhooks: z.int(),
    data: z.looseObject({ object: z.looseObject({ id: z.string().optional(), metadata }) }),
  })
  .transform(({ id, type, created, pending_webhooks, data }) => ({
    id,
    type,
    created,
    pendingWebhooks: pending_webhooks,
    /** Its subject. */
    of: data.object.id,
    /** Of its subject, as it was then. */
    metadata: data.object.metadata,
  }));
export type StripeEvent = z.output<typeof event>;

export const customer = z
  .looseObject({ object: z.literal('customer'), id, balance: amount.optional(), metadata })
  .transform(({ id, balance, metadata }) => ({ id, balance: balance ?? 0, metadata }));
export type Customer = z.output<typeof customer>;
