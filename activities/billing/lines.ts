/** One line of an invoice against the reviewed price of its date. Pure. */

import type { InvoiceLine } from '../connectors/stripe/invoices.ts';
import type { Price } from '../connectors/stripe/objects.ts';
import type { Billing } from '../platform/billing.ts';
import type { Rule } from './items.ts';
import { reviewedAt } from './sources.ts';

/** Minor units: too much, and what it should have been. */
export interface JudgedLine {
  excess: number;
  due: number;
  /** Nothing where it is right, or too little. */
  rule?: Rule | undefined;
  plan?: string | undefined;
  price?: string | undefined;
  /** The meter that its quantity is read from. */
  meter?: Meter | undefined;
  /** Neither right nor wrong: a discount, or a price with tiers. */
  unjudged?: true;
  /** Not even whether it is a second one: each tier is a line, and a discount is beside the amount. */
  unclear?: true;
}

export type Meter = 'jobs' | 'qpu_time_ms' | 'calls';
const meters = ['jobs', 'qpu_time_ms', 'calls'] as const;

export const meterOf = ({ meters: keys }: Billing, price: Price | undefined): Meter | undefined =>
  meters.find(meter => price?.lookupKey !== undefined && keys[meter] === price.lookupKey);

/** A unit does not cost the amount by the quantity: finance says how much was too much. */
export const isUnclear = ({ discounted }: InvoiceLine, price: Price | undefined): boolean =>
  discounted || price?.stepped === true;

export function judgeLine(line: InvoiceLine, at: string, prices: Map<string, Price>, billing: Billing): JudgedLine {
  const price = line.price === undefined ? undefined : prices.get(line.price);
  const of = { price: line.price, meter: meterOf(billing, price) };
  if (isUnclear(line, price)) return { ...of, excess: 0, due: line.amount, unjudged: true, unclear: true };
  if (line.price === undefined || of.meter !== undefined) return { ...of, excess: 0, due: line.amount };
  return { ...of, ...judgeByPlan(line, price, at, billing) };
}

/** Proration is a part of the amount, so the price is compared, and the amount by the same part. */
function judgeByPlan(line: InvoiceLine, price: Price | undefined, at: string, billing: Billing): JudgedLine {
  const plan = price?.lookupKey;
  const reviewed = plan === undefined ? undefined : reviewedAt(billing, at)?.plans[plan];
  if (price === undefined || plan === undefined || reviewed === undefined)
    return { excess: Math.max(0, line.amount), due: 0, rule: 'no plan' };
  if (price.unitAmount === undefined) return { plan, excess: 0, due: line.amount, unjudged: true };
  const due = dueOf(line, price.unitAmount, reviewed);
  const excess = Math.max(0, line.amount - due);
  return { plan, excess, due, rule: excess > 0 ? 'price' : undefined };
}

/** More than the price says is too much too. */
function dueOf({ amount, quantity }: InvoiceLine, unit: number, reviewed: number): number {
  const byPrice = unit === reviewed ? amount : unit === 0 ? reviewed * quantity : Math.round((amount * reviewed) / unit);
  return amount < 0 ? byPrice : Math.min(byPrice, reviewed * quantity);
}

/** The same item of the same customer and period: two of them are one too many. */
export const itemKey = (customer: string | undefined, { from, to, price, description, amount }: InvoiceLine): string =>
  JSON.stringify([customer, from, to, price ?? [description, amount]]);

/** The field of metadata in which corrections of ours name themselves. */
export const ourKey = 'nqba_key';

/** Something that a correction of ours made. */
export const isOurs = ({ metadata }: { metadata: Record<string, string> }): boolean => ourKey in metadata;
