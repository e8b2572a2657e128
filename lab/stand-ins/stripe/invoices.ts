/**
 * Invoices and their items as calls. Follows https://docs.stripe.com/api/invoices and https://docs.stripe.com/api/invoiceitems: a
 * finalised invoice keeps its amounts; `auto_advance: false` stops Stripe from finalising it and from trying it again.
 */

import { z } from 'zod';
import { addLine, drafted, finalised, paidNow } from './billed.ts';
import { born, customerOf, happened, invoiceOf, type Ledger } from './ledger.ts';
import { listRoute, searchRoute } from './lists.ts';
import type { Invoice } from './objects.ts';
import { invalid } from './refusals.ts';
import { type Route, route } from './route.ts';
import { boolean, integer, merged, metadata } from './sent.ts';

const Create = z.strictObject({
  customer: z.string(),
  currency: z.string().optional(),
  auto_advance: boolean.optional(),
  description: z.string().optional(),
  subscription: z.string().optional(),
  collection_method: z.enum(['charge_automatically']).optional(),
  pending_invoice_items_behavior: z.enum(['include', 'exclude']).optional(),
  metadata,
});
const Update = z.strictObject({
  auto_advance: boolean.optional(),
  automatically_finalizes_at: integer.optional(),
  default_payment_method: z.string().optional(),
  description: z.string().optional(),
  metadata,
});
const Finalize = z.strictObject({ auto_advance: boolean.optional() });
const Pay = z.strictObject({
  payment_method: z.string().optional(),
  off_session: boolean.optional(),
  paid_out_of_band: boolean.optional(),
});
const Item = z.strictObject({
  customer: z.string(),
  amount: integer,
  currency: z.string(),
  description: z.string().optional(),
  invoice: z.string().optional(),
  period: z.strictObject({ start: integer, end: integer }).optional(),
  metadata,
});
const nothing = z.strictObject({});

/** Seconds from switching it on until an open invoice is tried. */
const soon = 3_600;

/** When a draft is finalised, and when an invoice is tried: never while it is not advanced. */
function triedNext(
  ledger: Ledger,
  { status, auto_advance, next_payment_attempt }: Invoice,
  wanted: { advance: boolean; at: number | null },
) {
  const next = ledger.now() + soon;
  const at = wanted.advance ? (wanted.at ?? next) : null;
  if (status === 'draft') return { automatically_finalizes_at: at, next_payment_attempt: at };
  const isSwitched = status === 'open' && wanted.advance !== auto_advance;
  const attempt = wanted.advance ? next : null;
  return { automatically_finalizes_at: null, next_payment_attempt: isSwitched ? attempt : next_payment_attempt };
}

function update(sent: z.output<typeof Update>, ledger: Ledger, id: string): Invoice {
  const invoice = invoiceOf(ledger, id);
  const { status, auto_advance: before } = invoice;
  if (status !== 'draft' && sent.automatically_finalizes_at !== undefined)
    throw invalid(
      "You can't set `automatically_finalizes_at` on a finalized invoice.",
      'invoice_not_editable',
      'automatically_finalizes_at',
    );
  const { auto_advance: advance = before, default_payment_method = invoice.default_payment_method } = sent;
  const { description = invoice.description } = sent;
  const { automatically_finalizes_at: at = invoice.automatically_finalizes_at } = sent;
  Object.assign(invoice, {
    auto_advance: advance,
    default_payment_method,
    description,
    metadata: merged(invoice.metadata, sent.metadata),
    ...triedNext(ledger, invoice, { advance, at }),
  });
  happened(ledger, 'invoice.updated', invoice);
  return invoice;
}

function create(sent: z.output<typeof Create>, ledger: Ledger): Invoice {
  const { kept } = ledger;
  const customer = customerOf(ledger, sent.customer, 'customer');
  const waiting = Object.values(kept.invoiceitems).filter(
    item => item.customer === customer.id && item.invoice === null && sent.pending_invoice_items_behavior === 'include',
  );
  const { auto_advance: autoAdvance = false, currency = waiting[0]?.currency ?? 'usd', description, subscription } = sent;
  const plan = { customer: customer.id, currency, autoAdvance, reason: 'manual' as const, description, subscription };
  const invoice = drafted(ledger, { ...plan, metadata: merged({}, sent.metadata) });
  for (const item of waiting) onto(ledger, invoice, item);
  return invoice;
}

type KeptItem = Ledger['kept']['invoiceitems'][string];

/** @throws Refusal: one invoice has one currency, and is written on only while it is a draft */
function onto(ledger: Ledger, invoice: Invoice, item: KeptItem): void {
  if (invoice.status !== 'draft')
    throw invalid(`Invoice ${invoice.id} is no longer editable.`, 'invoice_not_editable', 'invoice');
  if (invoice.currency !== item.currency)
    throw invalid(
      `The currency of the invoice item (${item.currency}) must match the invoice (${invoice.currency}).`,
      undefined,
      'currency',
    );
  const { amount, currency, description, period, metadata: kept } = item;
  item.invoice = invoice.id;
  const { id } = born(ledger, 'il', 'line_item');
  addLine(invoice, {
    id,
    object: 'line_item',
    amount,
    currency,
    description,
    quantity: 1,
    period,
    pricing: null,
    discount_amounts: [],
    metadata: kept,
  });
}

function itemOf(sent: z.output<typeof Item>, ledger: Ledger): KeptItem {
  const customer = customerOf(ledger, sent.customer, 'customer');
  const head = born(ledger, 'ii', 'invoiceitem');
  const { start = head.created, end = head.created } = sent.period ?? {};
  const item: KeptItem = {
    ...head,
    date: head.created,
    customer: customer.id,
    currency: sent.currency,
    amount: sent.amount,
    description: sent.description ?? null,
    invoice: null,
    period: { start, end },
    quantity: 1,
    metadata: merged({}, sent.metadata),
  };
  if (sent.invoice !== undefined) onto(ledger, invoiceOf(ledger, sent.invoice, 'invoice'), item);
  ledger.kept.invoiceitems[item.id] = item;
  happened(ledger, 'invoiceitem.created', item);
  return item;
}

function voided(ledger: Ledger, id: string): Invoice {
  const invoice = invoiceOf(ledger, id);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalid("You can only pass in open or uncollectible invoices. This invoice isn't open.", 'invoice_not_editable');
  Object.assign(invoice, { status: 'void', auto_advance: false, next_payment_attempt: null });
  invoice.status_transitions.voided_at = ledger.now();
  happened(ledger, 'invoice.voided', invoice);
  return invoice;
}

const all = ({ kept }: Ledger) => Object.values(kept.invoices);

export const invoiceRoutes: Route[] = [
  listRoute('/v1/invoices', all, {
    customer: ({ customer }, value) => customer === value,
    status: ({ status }, value) => status === value,
    subscription: ({ parent }, value) => parent?.subscription_details.subscription === value,
    collection_method: ({ collection_method: method }, value) => method === value,
  }),
  searchRoute('/v1/invoices/search', all),
  route('POST', '/v1/invoices', Create, create),
  route('GET', '/v1/invoices/:id', nothing, (_, ledger, id) => invoiceOf(ledger, id)),
  route('POST', '/v1/invoices/:id', Update, update),
  route('DELETE', '/v1/invoices/:id', nothing, (_, ledger, id) => {
    if (invoiceOf(ledger, id).status !== 'draft') throw invalid('You can only delete draft invoices.', 'invoice_not_editable');
    delete ledger.kept.invoices[id];
    return { id, object: 'invoice', deleted: true };
  }),
  route('POST', '/v1/invoices/:id/finalize', Finalize, (sent, ledger, id) => {
    const invoice = finalised(ledger, invoiceOf(ledger, id));
    const advance = sent.auto_advance ?? invoice.auto_advance;
    const next_payment_attempt = advance && invoice.status === 'open' ? ledger.now() + soon : null;
    return Object.assign(invoice, { auto_advance: advance, next_payment_attempt });
  }),
  route('POST', '/v1/invoices/:id/pay', Pay, (sent, ledger, id) => paidNow(ledger, invoiceOf(ledger, id), sent.payment_method)),
  route('POST', '/v1/invoices/:id/void', nothing, (_, ledger, id) => voided(ledger, id)),
  listRoute('/v1/invoiceitems', ({ kept }) => Object.values(kept.invoiceitems), {
    customer: ({ customer }, value) => customer === value,
    invoice: ({ invoice }, value) => invoice === value,
    pending: ({ invoice }, value) => (invoice === null) === (value === 'true'),
  }),
  route('POST', '/v1/invoiceitems', Item, itemOf),
  listRoute('/v1/invoice_payments', ({ kept }) => Object.values(kept.invoice_payments), {
    invoice: ({ invoice }, value) => invoice === value,
    status: ({ status }, value) => status === value,
    payment: ({ payment }, value) => typeof value === 'object' && value['payment_intent'] === payment.payment_intent,
  }),
];
