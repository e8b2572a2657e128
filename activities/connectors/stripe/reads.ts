/** The reads at Stripe: bounded lists, the newest first, and single objects as they are now. */

import type { Stripe } from 'stripe';
import { allOf, answered, type Client, type Listed } from './client.ts';
import { creditNote, type CreditNote, invoice, type Invoice, invoiceItem, type InvoiceItem } from './invoices.ts';
import { subscription, type Subscription } from './invoices.ts';
import { charge, type Charge, customer, type Customer, event, type StripeEvent } from './objects.ts';
import { price, type Price, refund, type Refund } from './objects.ts';

/** Milliseconds since 1970: from, and before. */
export interface Span {
  since?: number | undefined;
  until?: number | undefined;
}

type InvoiceStatus = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
type Of<T> = T & Span;

/** Every call throws SystemError. A list is never cut silently: `isWhole` says whether it is all there is. */
export interface StripeReads {
  charges: (of: Of<{ customer?: string; paymentIntent?: string }>) => Promise<Listed<Charge>>;
  charge: (id: string) => Promise<Charge>;
  refunds: (of: Of<{ charge?: string }>) => Promise<Listed<Refund>>;
  invoices: (
    of: Of<{ status?: InvoiceStatus | undefined; customer?: string; subscription?: string }>,
  ) => Promise<Listed<Invoice>>;
  invoice: (id: string) => Promise<Invoice>;
  creditNotes: (of: Of<{ invoice?: string; customer?: string }>) => Promise<Listed<CreditNote>>;
  /** Those that wait for the next invoice, where `pending` is set. */
  invoiceItems: (of: { customer: string; pending?: boolean }) => Promise<Listed<InvoiceItem>>;
  /** Those that are not canceled. */
  subscriptions: (of?: { customer?: string; price?: string }) => Promise<Listed<Subscription>>;
  subscription: (id: string) => Promise<Subscription>;
  prices: (of?: { lookupKeys?: string[]; active?: boolean }) => Promise<Listed<Price>>;
  events: (of: Of<{ types?: string[]; undelivered?: boolean }>) => Promise<Listed<StripeEvent>>;
  customer: (id: string) => Promise<Customer>;
}

/** Most objects on a page; of invoices fewer, as each carries its lines. */
const many = 100;
const few = 25;
const withPayments = { expand: ['payments'] };
const ofEach = { expand: ['data.payments'] };

export const readsOf = (stripe: Client): StripeReads => ({
  charges: ({ customer, paymentIntent, ...span }) =>
    allOf(charge, many, at => stripe.charges.list({ ...at, customer, payment_intent: paymentIntent, created: seconds(span) })),
  charge: id => answered(charge, stripe.charges.retrieve(id)),
  refunds: ({ charge, ...span }) => allOf(refund, many, at => stripe.refunds.list({ ...at, charge, created: seconds(span) })),
  invoices: ({ status, customer, subscription, ...span }) =>
    allOf(invoice, few, at => stripe.invoices.list({ ...at, ...ofEach, status, customer, subscription, created: seconds(span) })),
  invoice: id => answered(invoice, stripe.invoices.retrieve(id, withPayments)),
  creditNotes: ({ invoice, customer, ...span }) =>
    allOf(creditNote, many, at => stripe.creditNotes.list({ ...at, invoice, customer, created: seconds(span) })),
  invoiceItems: of => allOf(invoiceItem, many, at => stripe.invoiceItems.list({ ...at, ...of })),
  subscriptions: (of = {}) => allOf(subscription, many, at => stripe.subscriptions.list({ ...at, ...of })),
  subscription: id => answered(subscription, stripe.subscriptions.retrieve(id)),
  prices: ({ lookupKeys, active } = {}) =>
    allOf(price, many, at => stripe.prices.list({ ...at, lookup_keys: lookupKeys, active })),
  events: ({ types, undelivered, ...span }) =>
    allOf(event, many, at =>
      stripe.events.list({ ...at, types, delivery_success: undelivered ? false : undefined, created: seconds(span) }),
    ),
  customer: id => answered(customer, stripe.customers.retrieve(id)),
});

function seconds({ since, until }: Span): Stripe.RangeQueryParam | undefined {
  if (since === undefined && until === undefined) return undefined;
  return { gte: whole(since), lt: whole(until) };
}

const whole = (ms: number | undefined) => (ms === undefined ? undefined : Math.floor(ms / 1000));
