/** Metered lines of invoices against the usage of their customer and days. Pure. */

import type { UsageDay } from '../connectors/operator-api/usage.ts';
import type { Invoice, InvoiceLine } from '../connectors/stripe/invoices.ts';
import type { Price } from '../connectors/stripe/objects.ts';
import type { Billing } from '../platform/billing.ts';
import type { UsageDifference } from './items.ts';
import { type Meter, meterOf } from './lines.ts';
import { customerOf, dayOf } from './sources.ts';

/** Of the metered quantity: less is no difference. */
const tolerance = 0.02;

export interface Compared {
  /** Customers with metered lines. */
  customers: number;
  /** Those with a difference. */
  differing: number;
  differences: UsageDifference[];
}

export function compareLines(
  { invoices, prices, usage }: { invoices: Invoice[]; prices: Map<string, Price>; usage: UsageDay[] },
  billing: Billing,
): Compared {
  const byCustomer = Map.groupBy(usage, ({ customer }) => customer);
  const customers = new Set<string>();
  const differences = invoices
    .filter(({ status }) => status !== 'void' && status !== 'draft')
    .flatMap(invoice =>
      invoice.lines.flatMap(line => {
        const meter = meterOf(billing, line.price === undefined ? undefined : prices.get(line.price));
        const customer = customerOf(billing, invoice);
        if (meter === undefined || customer === undefined) return [];
        customers.add(customer);
        return differenceOf({ invoice, line, meter, customer, usage: byCustomer.get(customer) ?? [] });
      }),
    );
  const differing = new Set(differences.map(({ customer }) => customer)).size;
  return { customers: customers.size, differing, differences };
}

interface Billed {
  invoice: Invoice;
  line: InvoiceLine;
  meter: Meter;
  customer: string;
  usage: UsageDay[];
}

function differenceOf({ invoice, line, meter, customer, usage }: Billed): UsageDifference[] {
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
