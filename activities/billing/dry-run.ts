/** The next charging as it would be: subscriptions at the prices in force and drafts that wait, against the reviewed prices. Pure. */

import type { Invoice, Subscription } from '../connectors/stripe/invoices.ts';
import type { Price } from '../connectors/stripe/objects.ts';
import type { Billing } from '../platform/billing.ts';
import { judgeLine, meterOf } from './lines.ts';
import { reviewedAt } from './sources.ts';

interface Due {
  charged: number;
  due: number;
}

/** Part by which it deviates; nothing where nothing would be charged. */
export function nextCharging(
  { subscriptions, drafts, prices }: { subscriptions: Subscription[]; drafts: Invoice[]; prices: Map<string, Price> },
  billing: Billing,
  now: string,
): number | undefined {
  const running = subscriptions.filter(({ status }) => ['active', 'past_due', 'trialing'].includes(status));
  const all: Due[] = [
    ...running.flatMap(({ items }) => items.flatMap(({ price, quantity }) => dueOf(prices.get(price), quantity, billing, now))),
    ...drafts.flatMap(({ lines }) =>
      lines.map(line => ({ charged: line.amount, due: judgeLine(line, line.from, prices, billing).due })),
    ),
  ];
  const charged = all.reduce((sum, one) => sum + one.charged, 0);
  const due = all.reduce((sum, one) => sum + one.due, 0);
  if (due === 0) return charged === 0 ? undefined : 1;
  return charged / due - 1;
}

/** Metered prices depend on use, and are left out. */
function dueOf(price: Price | undefined, quantity: number, billing: Billing, now: string): Due[] {
  if (price?.unitAmount === undefined || price.metered || meterOf(billing, price) !== undefined) return [];
  const reviewed = price.lookupKey === undefined ? undefined : reviewedAt(billing, now)?.plans[price.lookupKey];
  return [{ charged: price.unitAmount * quantity, due: (reviewed ?? 0) * quantity }];
}
