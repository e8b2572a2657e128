/** Usage of customers, as the platform measured it, and the prices in force. */

import { z } from 'zod';
import { type Calls, name, optional, version } from './calls.ts';

/** The fields have the platform's names. */
export interface UsageDay {
  customer: string;
  /** `2026-11-30`. */
  day: string;
  jobs: number;
  qpu_time_ms: number;
  calls: number;
  /** False where it lies in the memory of a process, which a restart loses. */
  durable: boolean;
}

export interface Prices {
  version: string;
  currency: string;
  /** Minor units a month, by plan. */
  plans: Record<string, number>;
}

export interface UsageAsked {
  /** Days. */
  from: string;
  to: string;
  /** At most 500. */
  limit: number;
  cursor?: string | undefined;
}

/** Every call throws SystemError. */
export interface BillingUsage {
  usage: (asked: UsageAsked) => Promise<{ usage: UsageDay[]; next: string | undefined }>;
  prices: () => Promise<Prices>;
  /** Selects a reviewed version; 412 where the prices are no longer those of `former`. */
  selectPrices: (wanted: string, former: string) => Promise<void>;
}

const count = z.number().min(0);
const day = z.object({
  customer: name,
  day: z.iso.date(),
  jobs: count,
  qpu_time_ms: count,
  calls: count,
  durable: z.boolean(),
});
const page = z.looseObject({ usage: z.array(day).max(500), next: optional(z.string().max(2000)) });
const prices = z.object({ version, currency: z.string().min(3).max(3), plans: z.record(name, count) });

export const billingUsageOf = ({ offered, write }: Calls): BillingUsage => ({
  usage: async asked => {
    const { usage, next } = await offered(page, '/v1/billing/usage', { ...asked });
    return { usage, next };
  },
  prices: () => offered(prices, '/v1/billing/prices'),
  selectPrices: (wanted, former) => write('PUT', '/v1/billing/prices', { body: { version: wanted }, version: former }),
});
