/** The items of frozen lists about customers and sources, as checks freeze them and actions take them. */

import { z } from 'zod';
import { tiers } from '../connectors/operator-api/entitlements.ts';

/** A customer near a quota, or with far more calls than usual. */
export const customerItem = z.object({
  customer: z.string().max(320),
  tier: z.enum(tiers).optional(),
  /** `jobs_per_month`, `calls_per_day`, `calls_per_minute`. */
  of: z.enum(['jobs_per_month', 'calls_per_day', 'calls_per_minute']),
  used: z.number(),
  allowed: z.number().optional(),
});
export type CustomerItem = z.infer<typeof customerItem>;

/** Where calls come from that a rule hits, with its evidence. */
export const sourceItem = z.object({
  /** A CIDR: one address, of IPv6 a /64. */
  cidr: z.string().max(64),
  rule: z.string().max(100),
  /** Calls in the sample, and those that were not refused. */
  calls: z.number(),
  accepted: z.number(),
  accounts: z.number(),
  /** One line of the access log: time, method, route, status, client. */
  sample: z.string().max(600),
});
export type SourceItem = z.infer<typeof sourceItem>;
