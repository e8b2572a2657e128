/**
 * Stripe's API as far as billing is read, stopped, corrected and tried again with it. It keeps what it was told, and does by itself
 * what Stripe does: invoices are finalised and tried again on its own clock, idempotency keys forgotten after 24 hours.
 *
 * Follows https://docs.stripe.com/api: authentication (https://docs.stripe.com/api/authentication), errors
 * (https://docs.stripe.com/api/errors), `expand` (https://docs.stripe.com/api/expanding_objects), events (https://docs.stripe.com/api/events),
 * 100 calls a second (https://docs.stripe.com/rate-limits). Each part names the pages that it follows.
 */

import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { seedBilling } from '../world/billing.ts';
import { failing, limiter, standIn, type StandIn, type Surroundings } from './stand-in.ts';
import { type Answer, keep, keptAnswer } from './stripe/answers.ts';
import { creditNoteRoutes } from './stripe/credit-notes.ts';
import { customerRoutes } from './stripe/customers.ts';
import { caughtUp } from './stripe/cycle.ts';
import { expanded } from './stripe/expanding.ts';
import { invoiceRoutes } from './stripe/invoices.ts';
import { type Ledger, untouched } from './stripe/ledger.ts';
import { listRoute } from './stripe/lists.ts';
import { Kept } from './stripe/objects.ts';
import { paymentRoutes } from './stripe/payments.ts';
import { brokenInside, invalid, Refusal, tooMany, unauthorised } from './stripe/refusals.ts';
import { refundRoutes } from './stripe/refunds.ts';
import type { Route } from './stripe/route.ts';
import { type Fields, fieldsOf } from './stripe/sent.ts';

const limit = { calls: 100, window: 1_000 };

const eventRoutes: Route[] = [
  listRoute('/v1/events', ({ kept, now }) => kept.events.filter(({ created }) => created > now() - 30 * 86_400), {
    type: ({ type }, value) =>
      typeof value === 'string' && new RegExp(`^${value.replaceAll('.', '\\.').replace('*', '.*')}$`).test(type),
    delivery_success: ({ pending_webhooks: pending }, value) => (pending === 0) === (value === 'true'),
    types: ({ type }, value) => typeof value === 'object' && Object.values(value).includes(type),
  }),
];
const routes = [...customerRoutes, ...invoiceRoutes, ...paymentRoutes, ...refundRoutes, ...creditNoteRoutes, ...eventRoutes];

/** Any key is valid but one that begins with `revoked`. */
export function stripe(around: Surroundings, begin: (kept: Kept, now: number) => void = () => {}): Hono {
  const app = standIn();
  const kept = around.shelf.read(Kept, structuredClone(untouched));
  const ledger = ledgerOf(kept, around);
  if (kept.count === 0) begin(kept, Math.floor(around.now() / 1_000));
  const wait = limiter(limit.calls, limit.window, around.now);
  app.use(
    failing(around, {
      down: c => answer(c, refusedWith(brokenInside())),
      unauthorised: c => answer(c, refusedWith(unauthorised(keyOf(c)))),
    }),
  );
  for (const one of routes)
    app.on(one.method, one.path, async c => {
      const fields = one.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams;
      return answer(c, respond(one, c, fieldsOf(fields), { ledger, wait, around }));
    });
  app.notFound(c => answer(c, refusedWith(unknown(c))));
  return app;
}

function ledgerOf(kept: Kept, around: Surroundings): Ledger & { set: (now: number, key?: string) => void } {
  let [moment, key]: [number, string | undefined] = [Math.floor(around.now() / 1_000), undefined];
  const { state, record } = around;
  const set = (now: number, of?: string) => {
    [moment, key] = [now, of];
  };
  return { kept, state, record, now: () => moment, key: () => key, set };
}

interface Serving {
  ledger: ReturnType<typeof ledgerOf>;
  wait: (key: string) => number;
  around: Surroundings;
}

/** A call that is refused for its parameters keeps nothing, and its key may be used again. */
function respond(one: Route, c: Context, { expand, ...sent }: Fields, { ledger, wait, around }: Serving): Answer {
  try {
    const secret = keyOf(c);
    if (!secret || secret.startsWith('revoked')) throw unauthorised(secret);
    if (wait(secret) > 0) throw tooMany();
    const now = Math.floor(around.now() / 1_000);
    caughtUp(ledger, now, moment => ledger.set(moment));
    const key = one.method === 'POST' ? c.req.header('Idempotency-Key') : undefined;
    const known = key && keptAnswer(ledger, key, c.req.path, JSON.stringify(sent));
    if (known) return known;
    const carryOut = one.read(sent);
    ledger.set(now, key);
    const done = carriedOut(() => expanded(ledger, carryOut(ledger, c.req.param('id') ?? ''), expand));
    if (key) keep(ledger, key, c.req.path, JSON.stringify(sent), done);
    if (one.method !== 'GET') around.shelf.write(ledger.kept);
    return done;
  } catch (error) {
    return refusedWith(error);
  }
}

function carriedOut(act: () => object): Answer {
  try {
    return { status: 200, body: structuredClone(act()) };
  } catch (error) {
    return refusedWith(error);
  }
}

function refusedWith(error: unknown): Answer {
  if (error instanceof Refusal) return { status: error.status, body: error.body };
  throw error;
}

function answer(c: Context, { status, body, replayed }: Answer): Response {
  c.header('Content-Type', 'application/json');
  c.header('Request-Id', `req_${randomUUID().replaceAll('-', '').slice(0, 14)}`);
  if (replayed) c.header('Idempotent-Replayed', 'true');
  return c.body(JSON.stringify(body), status);
}

/** `Bearer` as the package sends it, or the key as the user of basic authentication. */
function keyOf(c: Context): string | undefined {
  const header = c.req.header('Authorization') ?? '';
  const [, basic] = /^Basic (\S+)$/.exec(header) ?? [];
  if (basic) return Buffer.from(basic, 'base64').toString().split(':')[0];
  return /^Bearer (\S+)$/.exec(header)?.[1];
}

const unknown = (c: Context) =>
  invalid(
    `Unrecognized request URL (${c.req.method}: ${c.req.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    undefined,
    undefined,
    404,
  );

export const stripeStandIn: StandIn = {
  serve: around => stripe(around, seedBilling),
  states: ['overcharging', 'failing'],
  environment: url => ({ STRIPE_API_URL: url, STRIPE_API_KEY: 'sk_test_practice' }),
};
