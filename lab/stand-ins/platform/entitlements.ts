/** Tiers, what they allow, what is used, and what was raised for one customer; today (`unsupported`) every answer is 500. */

import type { Context } from 'hono';
import { z } from 'zod';
import { customers, Override, tiers } from '../../world/customers.ts';
import { entitlementAt } from '../../world/policies.ts';
import { customerCalled, usedAt } from '../../world/quotas.ts';
import { readBody, readQuery } from '../job-request.ts';
import { closed, detail, PageOf100, type Part, type Platform, unfit } from './served.ts';

/** The wrapper reads fields that the class behind it lacks. */
const broken = (c: Context) => c.text('Internal Server Error', 500);

function entitlementOf({ customers, around }: Platform, id: string) {
  const [state, now] = [customers.read(), around.now()];
  const customer = customerCalled(id);
  const found = entitlementAt(state, id, now);
  return customer && found && { user_id: id, ...found, used: usedAt(state, customer, now) };
}

const Tier = z.object({ tier: z.enum(tiers) });
const amount = z.number().int().min(0).optional();
const Raised = Override.extend({ jobs_per_month: amount, calls_per_day: amount, calls_per_minute: amount });

const unknown = (c: Context) => detail(c, 404, 'User not found');

/** A user who is there, or the refusal. */
const asked = (c: Context) => customerCalled(c.req.param('id') ?? '');

async function setTier(c: Context, platform: Platform): Promise<Response> {
  const user = asked(c);
  if (!user) return unknown(c);
  const wanted = await readBody(c, Tier);
  if (wanted instanceof Response) return wanted;
  const { customers, around } = platform;
  customers.change({ tiers: [...customers.read().tiers, { at: around.now(), user: user.id, ...wanted }] });
  return c.json(entitlementOf(platform, user.id));
}

async function setOverride(c: Context, platform: Platform): Promise<Response> {
  const user = asked(c);
  if (!user) return unknown(c);
  const override = await readBody(c, Raised);
  if (override instanceof Response) return override;
  const ends = Date.parse(override.until);
  if (Number.isNaN(ends)) return unfit(c, ['body', 'until'], 'until is no date and time', override.until);
  if (ends <= platform.around.now()) return unfit(c, ['body', 'until'], 'until lies in the past', override.until);
  return overridden(c, platform, user.id, override);
}

function overridden(c: Context, platform: Platform, user: string, override: Override | null): Response {
  const { customers, around } = platform;
  customers.change({ overrides: [...customers.read().overrides, { at: around.now(), user, override }] });
  return c.json(entitlementOf(platform, user));
}

export const entitlements: Part = (app, base, platform) => {
  const path = `${base}/v1/entitlements`;
  const user = `${path}/user/:id`;
  for (const one of [path, `${path}/*`])
    app.use(one, async (c, next) => (platform.around.state() === 'unsupported' ? broken(c) : next()));
  app.get(path, c => {
    const query = readQuery(c, PageOf100);
    if (query instanceof Response) return query;
    const { limit, offset } = query;
    const page = customers.slice(offset, offset + limit).map(({ id }) => entitlementOf(platform, id));
    return c.json({ entitlements: page, total: customers.length });
  });
  app.get(user, c => {
    const found = entitlementOf(platform, c.req.param('id') ?? '');
    return found ? c.json(found) : unknown(c);
  });
  app.post(`${user}/tier`, c => setTier(c, platform));
  app.put(`${user}/override`, c => setOverride(c, platform));
  app.delete(`${user}/override`, c => {
    const found = asked(c);
    return found ? overridden(c, platform, found.id, null) : unknown(c);
  });
  closed(app, [path, user, `${user}/tier`, `${user}/override`]);
};
