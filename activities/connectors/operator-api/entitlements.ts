/** The use of each customer, and what it may use: tiers, and what was raised for one customer until a day. */

import { z } from 'zod';
import { type Calls, name, time } from './calls.ts';

export const tiers = ['free', 'business', 'premium', 'luxury'] as const;
export type Tier = (typeof tiers)[number];

/** The fields have the platform's names. */
export interface Allowed {
  jobs_per_month: number;
  calls_per_day: number;
  calls_per_minute: number;
}

export interface Override extends Partial<Allowed> {
  /** RFC 3339: it ends by itself. */
  until: string;
}

export interface Entitlement {
  user_id: string;
  tier: Tier;
  /** Of the tier; what was raised counts instead while it lasts. */
  limits: Allowed;
  used: { jobs_this_month: number; calls_today: number };
  override: Override | null;
}

/** Every call throws SystemError. */
export interface Entitlements {
  page: (asked: { limit: number; offset: number }) => Promise<{ entitlements: Entitlement[]; total: number }>;
  /** 404 where there is no such customer. */
  of: (user: string) => Promise<Entitlement>;
  setTier: (user: string, tier: Tier) => Promise<void>;
  /** Replaces the former one whole. */
  setOverride: (user: string, override: Override) => Promise<void>;
  clearOverride: (user: string) => Promise<void>;
}

const count = z.number().min(0);
const raised = z
  .looseObject({
    jobs_per_month: count.optional(),
    calls_per_day: count.optional(),
    calls_per_minute: count.optional(),
    until: time,
  })
  .transform(({ jobs_per_month, calls_per_day, calls_per_minute, until }) => {
    const override: Override = { until };
    if (jobs_per_month !== undefined) override.jobs_per_month = jobs_per_month;
    if (calls_per_day !== undefined) override.calls_per_day = calls_per_day;
    if (calls_per_minute !== undefined) override.calls_per_minute = calls_per_minute;
    return override;
  });
const entitlement = z
  .looseObject({
    user_id: name,
    tier: z.enum(tiers),
    limits: z.object({ jobs_per_month: count, calls_per_day: count, calls_per_minute: count }),
    used: z.object({ jobs_this_month: count, calls_today: count }),
    override: raised.nullish(),
  })
  .transform(
    ({ user_id, tier, limits, used, override }): Entitlement => ({ user_id, tier, limits, used, override: override ?? null }),
  );
const page = z.looseObject({ entitlements: z.array(entitlement).max(100), total: z.int().min(0) });

const at = (user: string) => `/v1/entitlements/user/${encodeURIComponent(user)}`;

export const entitlementsOf = ({ offered, one, write }: Calls): Entitlements => ({
  page: asked => offered(page, '/v1/entitlements', asked),
  of: user => one(entitlement, at(user)),
  setTier: (user, tier) => write('POST', `${at(user)}/tier`, { body: { tier } }),
  setOverride: (user, override) => write('PUT', `${at(user)}/override`, { body: override }),
  clearOverride: user => write('DELETE', `${at(user)}/override`),
});
