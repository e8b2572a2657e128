/**
 * Customers and subscriptions. Follows https://docs.stripe.com/api/customers, https://docs.stripe.com/api/subscriptions and, for
 * `pause_collection`, https://docs.stripe.com/billing/subscriptions/pause-payment.
 */

import { z } from 'zod';
import { drafted } from './billed.ts';
import { periodAfter, subscriptionLine } from './cycle.ts';
import { born, customerOf, happened, type Ledger } from './ledger.ts';
import { listRoute, searchRoute } from './lists.ts';
import type { Customer, Subscription } from './objects.ts';
import { priceOf, priceRoutes } from './prices.ts';
import { missing } from './refusals.ts';
import { type Route, route } from './route.ts';
import { integer, listOf, merged, metadata } from './sent.ts';

const settings = z.strictObject({ default_payment_method: z.string().optional() }).optional();
const CustomerFields = z.strictObject({
  name: z.string().optional(),
  email: z.string().optional(),
  balance: integer.optional(),
  payment_method: z.string().optional(),
  invoice_settings: settings,
  metadata,
});
const Item = z.strictObject({ id: z.string().optional(), price: z.string().optional(), quantity: integer.optional() });
const SubscriptionCreate = z.strictObject({
  customer: z.string(),
  items: listOf(Item),
  default_payment_method: z.string().optional(),
  metadata,
});
const pausing = z.strictObject({
  behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
  resumes_at: integer.optional(),
});
const SubscriptionUpdate = z.strictObject({
  pause_collection: z.union([z.literal(''), pausing]).optional(),
  items: listOf(Item).optional(),
  proration_behavior: z.enum(['none', 'create_prorations', 'always_invoice']).optional(),
  default_payment_method: z.string().optional(),
  metadata,
});
const nothing = z.strictObject({});

function addCustomer(sent: z.output<typeof CustomerFields>, ledger: Ledger): Customer {
  const { name = null, email = null, balance = 0, payment_method: method = null, invoice_settings: given } = sent;
  const default_payment_method = given?.default_payment_method ?? method;
  const head = born(ledger, 'cus', 'customer');
  const customer: Customer = {
    ...head,
    name,
    email,
    balance,
    invoice_settings: { default_payment_method },
    metadata: merged({}, sent.metadata),
  };
  ledger.kept.customers[customer.id] = customer;
  happened(ledger, 'customer.created', customer);
  return customer;
}

function subscribe(sent: z.output<typeof SubscriptionCreate>, ledger: Ledger): Subscription {
  const customer = customerOf(ledger, sent.customer, 'customer');
  const head = born(ledger, 'sub', 'subscription');
  const data = sent.items.map(({ price: id = '', quantity = 1 }) => {
    const price = priceOf(ledger, id, 'items[0][price]');
    const period = { current_period_start: head.created, current_period_end: periodAfter(head.created, price) };
    return { id: born(ledger, 'si', 'subscription_item').id, object: 'subscription_item' as const, price, quantity, ...period };
  });
  const subscription: Subscription = {
    ...head,
    customer: customer.id,
    currency: data[0]?.price.currency ?? 'usd',
    status: 'active',
    items: { object: 'list', data, has_more: false, url: `/v1/subscription_items?subscription=${head.id}` },
    pause_collection: null,
    latest_invoice: null,
    default_payment_method: sent.default_payment_method ?? null,
    collection_method: 'charge_automatically',
    metadata: merged({}, sent.metadata),
  };
  ledger.kept.subscriptions[head.id] = subscription;
  happened(ledger, 'customer.subscription.created', subscription);
  const period = { start: head.created, end: head.created };
  const first = { customer: customer.id, currency: subscription.currency, autoAdvance: true, subscription: head.id, period };
  const invoice = drafted(ledger, { ...first, reason: 'subscription_create' });
  for (const item of data) subscriptionLine(ledger, invoice, item);
  subscription.latest_invoice = invoice.id;
  return subscription;
}

function change(sent: z.output<typeof SubscriptionUpdate>, ledger: Ledger, id: string): Subscription {
  const found = subscriptionOf(ledger, id);
  for (const { id: item, price, quantity } of sent.items ?? []) {
    const known = found.items.data.find(one => one.id === item);
    if (!known) throw missing('subscription_item', item ?? '', 'items[0][id]');
    known.price = price === undefined ? known.price : priceOf(ledger, price, 'items[0][price]');
    known.quantity = quantity ?? known.quantity;
  }
  const { pause_collection: pause } = sent;
  if (pause !== undefined)
    found.pause_collection = pause === '' ? null : { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null };
  found.default_payment_method = sent.default_payment_method ?? found.default_payment_method;
  found.metadata = merged(found.metadata, sent.metadata);
  happened(ledger, 'customer.subscription.updated', found);
  return found;
}

function subscriptionOf({ kept }: Ledger, id: string): Subscription {
  const found = kept.subscriptions[id];
  if (!found) throw missing('subscription', id);
  return found;
}

const customers = ({ kept }: Ledger) => Object.values(kept.customers);
const subscriptions = ({ kept }: Ledger) => Object.values(kept.subscriptions);

export const customerRoutes: Route[] = [
  listRoute('/v1/customers', customers, { email: ({ email }, value) => email === value }),
  searchRoute('/v1/customers/search', customers),
  route('POST', '/v1/customers', CustomerFields, addCustomer),
  route('GET', '/v1/customers/:id', nothing, (_, ledger, id) => customerOf(ledger, id)),
  route('POST', '/v1/customers/:id', CustomerFields.omit({ payment_method: true }), (sent, ledger, id) => {
    const found = customerOf(ledger, id);
    const default_payment_method = sent.invoice_settings?.default_payment_method ?? found.invoice_settings.default_payment_method;
    const { name = found.name, email = found.email, balance = found.balance } = sent;
    return Object.assign(found, {
      name,
      email,
      balance,
      invoice_settings: { default_payment_method },
      metadata: merged(found.metadata, sent.metadata),
    });
  }),
  ...priceRoutes,
  listRoute('/v1/subscriptions', subscriptions, {
    customer: ({ customer }, value) => customer === value,
    status: ({ status }, value) => value === 'all' || status === value,
    price: ({ items }, value) => items.data.some(({ price }) => price.id === value),
    collection_method: ({ collection_method: method }, value) => method === value,
  }),
  searchRoute('/v1/subscriptions/search', subscriptions),
  route('POST', '/v1/subscriptions', SubscriptionCreate, subscribe),
  route('GET', '/v1/subscriptions/:id', nothing, (_, ledger, id) => subscriptionOf(ledger, id)),
  route('POST', '/v1/subscriptions/:id', SubscriptionUpdate, change),
];
