/** Objects of Stripe as the connector reads them: one customer, one plan, one month. */

import type { Invoice, InvoiceLine } from '../../../activities/connectors/stripe/invoices.ts';
import type { Charge, Price } from '../../../activities/connectors/stripe/objects.ts';

export const at = '2026-11-20T00:00:00.000Z';
const aPrice = { active: true, currency: 'usd', metered: false, stepped: false, created: at, metadata: {} };
export const price = (id: string, unitAmount: number, lookupKey = 'business'): Price => ({
  ...aPrice,
  id,
  unitAmount,
  lookupKey,
});
const aCharge = {
  status: 'succeeded' as const,
  amount: 29_900,
  refunded: 0,
  currency: 'usd',
  customer: 'cus_1',
  created: at,
  disputed: false,
  failureCode: undefined,
  reason: undefined,
  blocked: false,
  metadata: {},
};
export const charge = (id: string, more: Partial<Charge> = {}): Charge => ({
  ...aCharge,
  id,
  paymentIntent: `pi_${id}`,
  ...more,
});
const aLine = {
  id: 'il_1',
  amount: 29_900,
  currency: 'usd',
  description: undefined,
  quantity: 1,
  from: at,
  to: '2026-12-20T00:00:00.000Z',
  price: 'price_1',
  discounted: false,
  metadata: {},
};
export const line = (more: Partial<InvoiceLine> = {}): InvoiceLine => ({ ...aLine, ...more });
const anInvoice = {
  status: 'paid' as const,
  customer: 'cus_1',
  currency: 'usd',
  total: 29_900,
  paid: 29_900,
  remaining: 0,
  autoAdvance: true,
  nextAttempt: undefined,
  created: at,
  subscription: 'sub_1',
  subscriptionMetadata: {},
  hasAllLines: true,
  metadata: {},
};
export const invoice = (id: string, of: string, lines = [line()]): Invoice => ({
  ...anInvoice,
  id,
  lines,
  payments: [`pi_${of}`],
});
