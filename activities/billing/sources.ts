/** Where the checks of billing read: Stripe, the reviewed prices, and the usage that the platform metered. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { OperatorApi } from '../connectors/operator-api.ts';
import type { UsageDay } from '../connectors/operator-api/usage.ts';
import type { Stripe } from '../connectors/stripe.ts';
import type { Invoice } from '../connectors/stripe/invoices.ts';
import type { Price } from '../connectors/stripe/objects.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { momentIn } from '../moment.ts';
import { billingOf } from '../platform.ts';
import type { Billing, PriceList } from '../platform/billing.ts';

/** @throws SystemError where Stripe is not connected, or no one is charged */
export function booksOf({ systems, platform }: Deps): { stripe: Stripe; billing: Billing } {
  const billing = billingOf(platform);
  if (!systems.stripe) throw notConnected('Stripe', 'STRIPE_API_KEY');
  return { stripe: systems.stripe, billing };
}

/** Milliseconds since 1970. @throws SystemError where it is no time */
export function startOf({ now }: Pick<Deps, 'now'>, since: string): number {
  const at = momentIn(since, now());
  if (at !== undefined) return at;
  const text = `has no time ${since}: write RFC 3339, or how long ago, such as 24 hours`;
  throw new SystemError({ system: 'This step', fault: 'not described', text });
}

/** The list in force at a time, RFC 3339; nothing where none was yet. */
export const reviewedAt = ({ prices }: Billing, at: string): PriceList | undefined =>
  prices.findLast(({ from }) => Date.parse(from) <= Date.parse(at));

/** Every price, as old ones stand on old invoices. @throws SystemError */
export async function pricesOf(stripe: Stripe): Promise<Map<string, Price>> {
  const { items } = await stripe.prices();
  return new Map(items.map(price => [price.id, price]));
}

/** The platform's own id of a customer; that of Stripe where the subscription names none. */
export const customerOf = ({ customerKey }: Billing, { subscriptionMetadata, metadata, customer }: Invoice): string | undefined =>
  subscriptionMetadata[customerKey] ?? metadata[customerKey] ?? customer;

/** Pages of usage that are read at most: 20,000 days of customers. */
const mostPages = 40;

export const dayOf = (at: number | string) => new Date(at).toISOString().slice(0, 10);

/** Nothing where there is more than is read. @throws SystemError */
export async function usageBetween(api: OperatorApi, from: string, to: string): Promise<UsageDay[] | undefined> {
  const days: UsageDay[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { usage, next } = await api.billing.usage({ from, to, limit: 500, cursor });
    days.push(...usage);
    if (next === undefined) return days;
    cursor = next;
  }
  return undefined;
}

export const tooMany: Finding<never> = {
  verdict: 'unknown',
  evidence: 'There are more than 10,000 objects in this time: not all of them were read. Check a shorter time.',
};

/** Minor units as people read them: `usd 299.00`. */
export function money(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  return `${currency} ${(minor / 10 ** digits).toFixed(digits)}`;
}

/** True if it takes a second person. */
export const isLarge = (minor: number, { caps, currency }: Billing): boolean =>
  minor / 10 ** digitsOf(currency) > caps.secondAbove;

/** Minor units of an amount that people wrote. */
export const minorOf = (major: number, currency: string): number => Math.round(major * 10 ** digitsOf(currency));

/** Decimals of a currency: none of the yen. */
const digitsOf = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

export const percent = (part: number) => `${Number((part * 100).toPrecision(2))}%`;
