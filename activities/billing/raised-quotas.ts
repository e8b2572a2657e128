/** Quotas above the tier of their customer, against what that customer was billed for: a raise that no line pays for is for people. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type Allowed, type Entitlement, tiers } from '../connectors/operator-api/entitlements.ts';
import type { Invoice, InvoiceLine } from '../connectors/stripe/invoices.ts';
import type { Price } from '../connectors/stripe/objects.ts';
import type { Deps } from '../deps.ts';
import { spelled } from '../gateway/counted.ts';
import { allowedTo, customersOf } from '../gateway/customers.ts';
import { operatorApiOf } from '../operators.ts';
import type { Billing } from '../platform/billing.ts';
import type { RaisedFacts } from './facts.ts';
import { type Meter, meterOf } from './lines.ts';
import { booksOf, customerOf, pricesOf } from './sources.ts';

/** Milliseconds: each customer is billed once in it. */
const span = 31 * 86_400_000;

/** @throws SystemError */
export async function checkRaised(deps: Deps): Promise<Finding<RaisedFacts>> {
  const { stripe, billing } = booksOf(deps);
  const now = deps.now();
  const [{ entitlements, total }, invoices, prices] = await Promise.all([
    customersOf(operatorApiOf(deps)),
    stripe.invoices({ since: now - span, until: now }),
    pricesOf(stripe),
  ]);
  const facts = raisedPaid({ entitlements, invoices: invoices.items, prices, billing, now });
  const isWhole = invoices.isWhole && entitlements.length >= total;
  const evidence = `${textOfRaised(facts)}${isWhole ? '' : ' Not all customers and invoices were read.'}`;
  if (countOf(facts.unpaid) > 0 && isWhole) return { verdict: 'faulty', evidence, facts };
  return { verdict: facts.unclear > 0 || !isWhole ? 'unknown' : 'healthy', evidence, facts };
}

export interface Raised {
  entitlements: Entitlement[];
  /** Of the last month. */
  invoices: Invoice[];
  prices: Map<string, Price>;
  billing: Billing;
  /** Milliseconds since 1970. */
  now: number;
}

const meterFor: Record<keyof Allowed, Meter> = { jobs_per_month: 'jobs', calls_per_day: 'calls', calls_per_minute: 'calls' };
const quotas = ['jobs_per_month', 'calls_per_day', 'calls_per_minute'] as const;

export function raisedPaid({ entitlements, invoices, prices, billing, now }: Raised): RaisedFacts {
  const facts: RaisedFacts = { raised: 0, unpaid: {}, unclear: 0 };
  const collected = invoices.filter(({ status }) => status === 'open' || status === 'paid');
  const byCustomer = Map.groupBy(collected, invoice => spelled(customerOf(billing, invoice) ?? ''));
  for (const entitlement of entitlements) {
    const { user_id, tier, limits } = entitlement;
    const allowed = allowedTo(entitlement, now);
    const raised = quotas.filter(quota => allowed[quota] > limits[quota]);
    if (raised.length === 0) continue;
    facts.raised += 1;
    const own = byCustomer.get(spelled(user_id));
    if (!own) facts.unclear += 1;
    else {
      const lines = own.flatMap(invoice => invoice.lines).filter(({ amount }) => amount > 0);
      const pays = (quota: keyof Allowed) => (line: InvoiceLine) => {
        const price = line.price === undefined ? undefined : prices.get(line.price);
        return meterOf(billing, price) === meterFor[quota] || isHigher(price, tier);
      };
      if (!raised.every(quota => lines.some(pays(quota)))) facts.unpaid[tier] = (facts.unpaid[tier] ?? 0) + 1;
    }
  }
  return facts;
}

/** The price of a plan has the name of its tier as lookup key. */
const isHigher = (price: Price | undefined, tier: Entitlement['tier']) =>
  tiers.findIndex(one => one === price?.lookupKey) > tiers.indexOf(tier);

const countOf = (unpaid: Record<string, number>) => Object.values(unpaid).reduce((sum, count) => sum + count, 0);

export function textOfRaised({ raised, unpaid, unclear }: RaisedFacts): string {
  if (raised === 0) return 'No quota is above its tier.';
  const count = countOf(unpaid);
  const byTier = Object.entries(unpaid).map(([tier, of]) => `${tier} ${of}`);
  const texts = [
    ...(count > 0
      ? [
          `${count} of ${raised} raised quotas ${are(count)} not paid for (${byTier.join(', ')}): no invoice of the last 31 days has a line for it.`,
        ]
      : []),
    ...(unclear > 0
      ? [
          `Whether ${unclear} of ${raised} raised quotas ${are(unclear)} paid for is not known: the customer has no invoice of the last 31 days.`,
        ]
      : []),
  ];
  return (
    texts.join(' ') ||
    `${raised} raised quotas: each has a line for its meter, or of a higher plan, on an invoice of the last 31 days.`
  );
}

const are = (count: number) => (count === 1 ? 'is' : 'are');
