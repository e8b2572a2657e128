/** Metered lines of invoices against the usage of their customer and days. Pure. */

import type { UsageDay } from '../connectors/operator-api/usage.ts';
import type { CreditNote, Invoice, InvoiceLine } from '../connectors/stripe/invoices.ts';
import type { Charge, Price } from '../connectors/stripe/objects.ts';
import type { Billing } from '../platform/billing.ts';
import { type GivenBack, givenBack } from './given-back.ts';
import type { UsageDifference } from './items.ts';
import { isUnclear, type Meter, meterOf } from './lines.ts';
import { customerOf, dayOf } from './sources.ts';

/** Of the metered quantity: less is no difference. */
const tolerance = 0.02;

export interface Compared {
  /** Customers with metered lines. */
  customers: number;
  /** Those with a difference. */
  differing: number;
  /** Without the money that is given back already. */
  differences: UsageDifference[];
  /** Metered lines that are for finance: tiers, or discounts. */
  unjudged: number;
}

export interface Usage {
  invoices: Invoice[];
  prices: Map<string, Price>;
  usage: UsageDay[];
  /** Of these invoices; others too. */
  notes: CreditNote[];
  charges: Charge[];
}

export function compareLines({ invoices, prices, usage, notes, charges }: Usage, billing: Billing): Compared {
  const byCustomer = Map.groupBy(usage, ({ customer }) => customer);
  const givenOf = givenBy(notes, charges);
  const customers = new Set<string>();
  let unjudged = 0;
  const differences = invoices.filter(isCollected).flatMap(invoice => {
    const found = invoice.lines.flatMap(line => {
      const price = line.price === undefined ? undefined : prices.get(line.price);
      const [meter, customer] = [meterOf(billing, price), customerOf(billing, invoice)];
      if (meter === undefined || customer === undefined) return [];
      if (isUnclear(line, price)) {
        unjudged += 1;
        return [];
      }
      customers.add(customer);
      return differenceOf({ invoice, line, meter, customer, usage: byCustomer.get(customer) ?? [] });
    });
    return without(found, givenOf(invoice));
  });
  const differing = new Set(differences.map(({ customer }) => customer)).size;
  return { customers: customers.size, differing, differences, unjudged };
}

/** Nothing is asked for by the others. */
const isCollected = ({ status }: Invoice) => status === 'open' || status === 'paid';

function givenBy(notes: CreditNote[], charges: Charge[]): (invoice: Invoice) => GivenBack {
  const notesOf = Map.groupBy(notes, ({ invoice }) => invoice);
  const chargesOf = Map.groupBy(charges, ({ id, paymentIntent }) => paymentIntent ?? id);
  return ({ id, payments }) =>
    givenBack(
      notesOf.get(id) ?? [],
      payments.flatMap(payment => chargesOf.get(payment) ?? []),
    );
}

/** No note says which line it is for: it counts against what was too much in any of them, and none is credited twice. */
function without(found: Difference[], { amount, notes, refunded }: GivenBack): UsageDifference[] {
  let left = amount;
  return found.flatMap(one => {
    const given = Math.min(left, Math.max(0, one.difference));
    left -= given;
    const difference = one.difference - given;
    return given > 0 && difference === 0 ? [] : [{ ...one, difference, notes, refunded }];
  });
}

type Difference = Omit<UsageDifference, 'notes' | 'refunded'>;

interface Billed {
  invoice: Invoice;
  line: InvoiceLine;
  meter: Meter;
  customer: string;
  usage: UsageDay[];
}

function differenceOf({ invoice, line, meter, customer, usage }: Billed): Difference[] {
  const [from, to] = [dayOf(line.from), dayOf(line.to)];
  const metered = usage.filter(({ day }) => day >= from && day < to).reduce((sum, day) => sum + day[meter], 0);
  const billed = line.quantity;
  if (Math.abs(billed - metered) <= tolerance * Math.max(metered, billed)) return [];
  const unit = billed === 0 ? 0 : line.amount / billed;
  const difference = Math.round((billed - metered) * unit);
  const of = { customer, stripeCustomer: invoice.customer, invoice: invoice.id, line: line.id };
  return [{ ...of, meter, from, to, billed, metered, difference, currency: line.currency }];
}

/** The part of the usage that lies in durable records; nothing where there was none. */
export function durableShare(usage: UsageDay[]): number | undefined {
  const all = usage.reduce((sum, day) => sum + amount(day), 0);
  const durable = usage.reduce((sum, day) => sum + (day.durable ? amount(day) : 0), 0);
  return all === 0 ? undefined : durable / all;
}

const amount = ({ jobs, calls }: UsageDay) => jobs + calls;
