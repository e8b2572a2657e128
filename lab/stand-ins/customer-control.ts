/** Where people make trouble among the customers of the practice platform. */

import type { Hono } from 'hono';
import { z } from 'zod';
import { type CustomerWorld, State, type Trouble, troubleAt, troubles } from '../world/customers.ts';

const duration = z.number().int().min(0).optional();

/** A trouble of the traffic ends the one before it; `quiet` begins none. */
const Wanted = z.strictObject({
  trouble: z.enum([...troubles, 'quiet']).optional(),
  after: duration,
  for: duration,
  ...State.pick({ density: true, faults: true, used: true, oddSettings: true, ltc: true, billing: true }).partial().shape,
});

export function customerRoutes(app: Hono, customers: CustomerWorld, now: () => number) {
  const overview = () => ({ trouble: troubleAt(customers.read(), now())?.kind ?? 'quiet' });
  app.get('/customers', c => c.json(overview()));
  app.put('/customers', async c => {
    const wanted = Wanted.safeParse(await c.req.json().catch(() => undefined));
    if (!wanted.success) return c.json({ error: z.prettifyError(wanted.error) }, 400);
    const { trouble, after = 0, for: lasts, ...changed } = wanted.data;
    const from = now() + after;
    const until = lasts === undefined ? undefined : from + lasts;
    if (trouble) customers.change({ troubles: begun(customers.read().troubles, from, { kind: trouble, until }) });
    customers.change(changed);
    return c.json(overview());
  });
}

interface Begins {
  kind: Trouble['kind'] | 'quiet';
  until: number | undefined;
}

function begun(before: Trouble[], from: number, { kind, until }: Begins): Trouble[] {
  const ended = before
    .filter(trouble => trouble.from < from)
    .map(trouble => ((trouble.until ?? Number.POSITIVE_INFINITY) > from ? { ...trouble, until: from } : trouble));
  return kind === 'quiet' ? ended : [...ended, { kind, from, until }];
}
