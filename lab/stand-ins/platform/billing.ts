/** What customers used, day by day, and the prices in force. */

import type { Context } from 'hono';
import { z } from 'zod';
import { allowedBy, type Customer, customers, type State } from '../../world/customers.ts';
import { usedAt } from '../../world/quotas.ts';
import { chance, seedOf } from '../../world/traffic/chance.ts';
import { readBody, readQuery } from '../job-request.ts';
import { closed, detail, isOutdated, outdated, type Part, type Platform } from './served.ts';

const aDay = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The price lists that the platform's own files have; they disagree. */
export const priceLists: Record<string, Record<string, number>> = {
  entitlements: { free: 0, business: 29_900, premium: 99_900, luxury: 299_900 },
  'payment-document': { free: 0, business: 49_900, premium: 149_900, luxury: 499_900 },
  'pricing-json': { free: 0, business: 150_000, premium: 500_000, luxury: 15_000_000 },
};
const first = 'entitlements';

const pricesOf = ({ prices }: State, now: number) => {
  const version = prices.findLast(({ at }) => at <= now)?.version ?? first;
  return { version, currency: 'usd', plans: priceLists[version] ?? {} };
};

const pricesVersion = ({ prices }: State) => prices.length + 1;

/** Today's counts stand in the memory of the API until the day is over, or are durable at once. */
function usageOf(state: State, customer: Customer, day: string, now: number) {
  const isToday = day === dayOf(now);
  const luck = 0.8 + 0.4 * chance(seedOf(customer.id), Math.floor(startOf(day) / aDay));
  const share = (0.1 + 0.5 * chance(seedOf(customer.id), 0)) / 30;
  const jobs = Math.round(share * luck * allowedBy[customer.tier].jobs_per_month);
  const calls = isToday ? usedAt(state, customer, now).calls_today : Math.round(customer.perMinute * 1_440 * luck);
  return {
    customer: customer.id,
    day,
    jobs,
    qpu_time_ms: jobs * 2_500,
    calls,
    durable: state.billing.durable === true || !isToday,
  };
}

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const Query = z.object({
  from: day,
  to: day,
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.coerce.number().int().min(0).default(0),
});

const longest = 400;

function usage(c: Context, platform: Platform): Response {
  const query = readQuery(c, Query);
  if (query instanceof Response) return query;
  const { from, to, limit, cursor } = query;
  const days = (Math.min(startOf(to), platform.around.now()) - startOf(from)) / aDay + 1;
  if (days > longest) return detail(c, 400, `At most ${longest} days`);
  const all = Array.from({ length: Math.max(0, Math.floor(days)) }, (_, place) => dayOf(startOf(from) + place * aDay)).flatMap(
    day => customers.map(customer => ({ customer, day })),
  );
  const page = all.slice(cursor, cursor + limit);
  const [state, now] = [platform.customers.read(), platform.around.now()];
  const next = cursor + limit < all.length ? String(cursor + limit) : null;
  return c.json({ usage: page.map(({ customer, day }) => usageOf(state, customer, day, now)), next });
}

const Version = z.object({ version: z.string() });

async function select(c: Context, { customers, around }: Platform): Promise<Response> {
  const wanted = await readBody(c, Version);
  if (wanted instanceof Response) return wanted;
  const { prices } = customers.read();
  if (!priceLists[wanted.version]) return detail(c, 404, 'Price list not found');
  const seen = (c.req.header('If-Match') ?? '').replaceAll('"', '');
  const version = pricesVersion(customers.read());
  if (seen !== pricesOf(customers.read(), around.now()).version && isOutdated(c, version)) return outdated(c, version);
  customers.change({ prices: [...prices, { at: around.now(), version: wanted.version }] });
  return c.json(pricesOf(customers.read(), around.now()));
}

export const billing: Part = (app, base, platform) => {
  const [used, prices] = [`${base}/v1/billing/usage`, `${base}/v1/billing/prices`];
  app.get(used, c => usage(c, platform));
  app.get(prices, c => {
    const inForce = pricesOf(platform.customers.read(), platform.around.now());
    c.header('ETag', `"${inForce.version}"`);
    return c.json(inForce);
  });
  app.put(prices, c => select(c, platform));
  closed(app, [used, prices]);
};
