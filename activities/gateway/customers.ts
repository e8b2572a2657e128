/** The use of each customer, and what it may use, as the platform says. */

import type { Allowed, Entitlement } from '../connectors/operator-api/entitlements.ts';
import type { OperatorApi } from '../connectors/operator-api.ts';

/** So many customers at most are read, in pages of 100. */
const mostCustomers = 5000;
const perPage = 100;
const atOnce = 5;

export interface Customers {
  entitlements: Entitlement[];
  /** How many the platform has. */
  total: number;
}

/** @throws SystemError */
export async function customersOf({ entitlements }: Pick<OperatorApi, 'entitlements'>): Promise<Customers> {
  const first = await entitlements.page({ limit: perPage, offset: 0 });
  const all = [...first.entitlements];
  const last = Math.min(first.total, mostCustomers);
  for (let offset = perPage; offset < last; offset += perPage * atOnce) {
    const offsets = Array.from({ length: atOnce }, (_, index) => offset + index * perPage).filter(start => start < last);
    const pages = await Promise.all(offsets.map(start => entitlements.page({ limit: perPage, offset: start })));
    all.push(...pages.flatMap(page => page.entitlements));
  }
  return { entitlements: all, total: first.total };
}

/** Quotas in the words of people. */
export const quotaWords = [
  ['jobs_per_month', 'jobs a month'],
  ['calls_per_day', 'calls a day'],
  ['calls_per_minute', 'calls a minute'],
] as const satisfies [keyof Allowed, string][];

/** In force at a moment (milliseconds since 1970): what was raised counts while it lasts. */
export function allowedTo({ limits, override }: Entitlement, now: number): Allowed {
  if (!override || Date.parse(override.until) <= now) return limits;
  return {
    jobs_per_month: override.jobs_per_month ?? limits.jobs_per_month,
    calls_per_day: override.calls_per_day ?? limits.calls_per_day,
    calls_per_minute: override.calls_per_minute ?? limits.calls_per_minute,
  };
}
