/**
 * A receiver of our webhook (docs/paging.md): one alert a `key`, and each Idempotency-Key is taken once.
 *
 * Follows https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.7: 400 without a key, 422
 * for one that came with another body. An unknown hook is 404 and a body that is no JSON 415, as chats answer them.
 */

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { failing, limiter, type Surroundings, standIn } from './stand-in.ts';

const limit = { calls: 60, window: 60_000, bytes: 64 * 1024 };

const Payload = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['trigger', 'resolve']),
  key: z.string().min(1).max(255),
  summary: z.string().min(1).max(1024),
  text: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']).optional(),
  details: z.record(z.string(), z.string()),
  link: z.strictObject({ href: z.url(), text: z.string() }).optional(),
});

/** Idempotency-Key → the body that came with it. */
const Seen = z.record(z.string(), z.string());

/** @param hooks names of those that exist: `POST /hooks/<name>` */
export function webhook(around: Surroundings, hooks: readonly string[]): Hono {
  const app = standIn();
  const seen = around.shelf.read(Seen, {});
  const wait = limiter(limit.calls, limit.window, around.now);
  app.use(failing(around, { down: c => c.text('Service Unavailable', 503), unauthorised: c => c.text('invalid_token', 403) }));
  app.post('/hooks/:name', async c => {
    const name = c.req.param('name');
    if (!hooks.includes(name)) return c.text('no_such_hook', 404);
    return (await refusal(c, seen)) ?? (wait(name) > 0 ? tooFast(c) : take(c, name, seen, around));
  });
  app.all('/hooks/:name', c => c.text('Method Not Allowed', 405));
  app.notFound(c => c.text('Not Found', 404));
  return app;
}

async function refusal(c: Context, seen: z.infer<typeof Seen>): Promise<Response | undefined> {
  const text = await c.req.text();
  if (!c.req.header('content-type')?.startsWith('application/json')) return c.text('unsupported_media_type', 415);
  if (text.length > limit.bytes) return c.text('payload_too_large', 413);
  const key = c.req.header('idempotency-key');
  if (!key) return c.json({ title: 'Idempotency-Key is missing' }, 400);
  const payload = Payload.safeParse(decoded(text));
  if (!payload.success)
    return c.json({ title: 'invalid_payload', errors: payload.error.issues.map(({ path }) => path.join('.')) }, 400);
  if (seen[key] !== undefined && seen[key] !== text) return c.json({ title: 'Idempotency-Key is already used' }, 422);
  return undefined;
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What came before is accepted again, and tells no one. */
async function take(c: Context, name: string, seen: z.infer<typeof Seen>, { record, shelf }: Surroundings): Promise<Response> {
  const text = await c.req.text();
  const idempotencyKey = c.req.header('idempotency-key') ?? '';
  if (seen[idempotencyKey] === undefined) {
    const { kind, key, text: line } = Payload.parse(JSON.parse(text));
    seen[idempotencyKey] = text;
    shelf.write(seen);
    record({ system: 'webhook', to: name, key, text: `${kind}: ${line}` });
  }
  return c.text('ok');
}

function tooFast(c: Context): Response {
  c.header('Retry-After', '30');
  return c.text('rate_limited', 429);
}
