/** The items of the lists that checks of billing freeze, and corrections work through. Amounts are minor units of their currency. */

import { z } from 'zod';

const id = z.string().min(1).max(255);
const amount = z.int().min(1).max(1_000_000_000);
const currency = z.string().regex(/^[a-z]{3}$/);

/** The rules that a charge may break, in the order in which they are looked at. */
export const rules = ['no customer', 'no invoice', 'currency', 'duplicate', 'no plan', 'price', 'no usage'] as const;
export type Rule = (typeof rules)[number];

/** A charge that took too much. */
export const wrongCharge = z.object({
  charge: id,
  customer: id.optional(),
  /** The invoice that it paid. */
  invoice: id.optional(),
  subscription: id.optional(),
  /** The charge as it was made. */
  amount,
  /** Of it, refunded before the list was frozen, by whomever. */
  refunded: z.int().min(0),
  /** The part that is still to be given back: never more than `amount` without `refunded`. */
  excess: amount,
  currency,
  rule: z.enum(rules),
  /** The price at Stripe that it was charged by, and the plan of the reviewed list that it should be. */
  price: id.optional(),
  plan: z.string().min(1).max(253).optional(),
});
export type WrongCharge = z.output<typeof wrongCharge>;

/** An invoice that no one was charged for yet. For people: no action works through it. */
export interface DraftInvoice {
  invoice: string;
  customer: string | undefined;
  subscription: string | undefined;
  amount: number;
  currency: string;
  /** RFC 3339. */
  created: string;
}

/** A charge that failed for a reason of the provider: its invoice is still open. */
export const failedCharge = z.object({
  charge: id,
  invoice: id,
  customer: id.optional(),
  amount,
  currency,
  /** In Stripe's words: `processing_error`. */
  reason: z.string().min(1).max(100),
});
export type FailedCharge = z.output<typeof failedCharge>;

const day = z.iso.date();
const quantity = z.number().min(0).max(1e15);

/** One customer and one metered quantity of one invoice: what durable records say against what was billed. */
export const usageDifference = z.object({
  /** The platform's own id, and that of Stripe. */
  customer: id,
  stripeCustomer: id.optional(),
  invoice: id,
  line: id,
  meter: z.enum(['jobs', 'qpu_time_ms', 'calls']),
  /** First day, and the day after the last. */
  from: day,
  to: day,
  billed: quantity,
  metered: quantity,
  /** The difference in money that is not given back: positive was billed too much, negative too little. */
  difference: z.int().min(-1_000_000_000).max(1_000_000_000),
  currency,
  /** Credit notes of the invoice that the difference is without; what was refunded of its payments, too. */
  notes: z.array(id).max(10_000).default([]),
  refunded: z.int().min(0).default(0),
});
export type UsageDifference = z.output<typeof usageDifference>;
