/** Synthetic customers, one a tier, whose calls are counted as those of any customer: enough below the limit, and a refusal above it. */

import type { Context } from 'hono';
import { allowedBy, type Tier, tiers } from '../../world/customers.ts';
import { limitsAt } from '../../world/policies.ts';
import { routes } from '../../world/traffic/routes.ts';
import { detail, type Part, type Platform } from './served.ts';

export const keys: Record<Tier, string> = {
  free: 'nqba_practice_free_51d0',
  business: 'nqba_practice_business_a27e',
  premium: 'nqba_practice_premium_9c44',
  luxury: 'nqba_practice_luxury_e8f1',
};

const aMinute = 60_000;

/** Calls a minute, and how many at once besides; the lowest limit in force counts. */
function allowed({ customers, around }: Platform, tier: Tier): number {
  const limits = limitsAt(customers.read(), around.now());
  const { path, class: ofRoute } = routes.usage;
  const scopes = [`tier:${tier}`, `class:${ofRoute}`, 'route:usage', `route:${path}`];
  const set = scopes.flatMap(scope => (limits[scope] ? [limits[scope].per_minute + limits[scope].burst] : []));
  return Math.min(allowedBy[tier].calls_per_minute, ...set);
}

function used(c: Context, platform: Platform, calls: Map<Tier, number[]>): Response {
  const tier = tiers.find(name => keys[name] === c.req.header('X-API-Key'));
  if (!tier) return detail(c, 401, 'Invalid API key');
  const now = platform.around.now();
  const recent = (calls.get(tier) ?? []).filter(at => at > now - aMinute);
  if (recent.length >= allowed(platform, tier)) {
    c.header('Retry-After', String(Math.max(1, Math.ceil(((recent[0] ?? now) + aMinute - now) / 1_000))));
    return detail(c, 429, 'rate limit exceeded');
  }
  calls.set(tier, [...recent, now]);
  return c.json({ user_id: `synthetic-${tier}`, tier, total_jobs: 0, total_qpu_time_ms: 0 });
}

export const syntheticCustomers =
  (calls: Map<Tier, number[]>): Part =>
  (app, base, platform) => {
    app.get(`${base}${routes.usage.path}`, c => used(c, platform, calls));
  };
