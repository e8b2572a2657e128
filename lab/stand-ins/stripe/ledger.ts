/** What one account of Stripe keeps, with its clock, its numbers and its events (https://docs.stripe.com/api/events). */

import type { State } from '../../world/systems.ts';
import type { Surroundings } from '../stand-in.ts';
import type { Charge, Customer, Invoice, Kept } from './objects.ts';
import { missing } from './refusals.ts';

export interface Ledger {
  kept: Kept;
  /** Seconds since 1970; while the account catches up, the moment at which something was due. */
  now: () => number;
  state: () => State;
  record: Surroundings['record'];
  /** Of the call that is being answered. */
  key: () => string | undefined;
}

/** The head of a new object: ids count up, so that a test can name them. */
export function born<Name extends string>(ledger: Ledger, prefix: string, object: Name) {
  ledger.kept.count += 1;
  const id = `${prefix}_${String(ledger.kept.count).padStart(14, '0')}`;
  return { id, object, created: ledger.now(), livemode: false as const };
}

/** Events are snapshots. */
export function happened(ledger: Ledger, type: string, object: object): void {
  const request = { id: null, idempotency_key: ledger.key() ?? null };
  const data = { object: structuredClone({ ...object }) };
  ledger.kept.events.push({ ...born(ledger, 'evt', 'event'), type, pending_webhooks: 0, request, data });
}

/** One line for people and tests, of whatever moves money. */
export function moved(ledger: Ledger, to: string, text: string): void {
  ledger.record({ system: 'stripe', to, key: ledger.key() ?? '', text });
}

/** @throws Refusal */
export function customerOf(ledger: Ledger, id: string, param?: string): Customer {
  const found = ledger.kept.customers[id];
  if (!found) throw missing('customer', id, param);
  return found;
}

/** @throws Refusal */
export function invoiceOf(ledger: Ledger, id: string, param?: string): Invoice {
  const found = ledger.kept.invoices[id];
  if (!found) throw missing('invoice', id, param);
  return found;
}

/** @throws Refusal */
export function chargeOf(ledger: Ledger, id: string, param?: string): Charge {
  const found = ledger.kept.charges[id];
  if (!found) throw missing('charge', id, param);
  return found;
}

export const untouched: Kept = {
  count: 0,
  customers: {},
  prices: {},
  subscriptions: {},
  invoices: {},
  invoiceitems: {},
  invoice_payments: {},
  charges: {},
  payment_intents: {},
  refunds: {},
  failing_refunds: [],
  credit_notes: {},
  events: [],
  answers: {},
};
