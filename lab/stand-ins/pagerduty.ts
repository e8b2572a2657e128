/**
 * PagerDuty's Events API v2: one alert a `dedup_key`, triggered, acknowledged, resolved; beside it people and webhooks (pagerduty/).
 *
 * Follows https://developer.pagerduty.com/docs/events-api-v2/overview/ (answers, retry rules, limits) and
 * https://developer.pagerduty.com/api-reference/368ae3d938c9e-send-an-event-to-pager-duty (fields); the sentences in `errors` are
 * those people have been answered, as in https://github.com/envato/pagerduty/issues/70.
 */

import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Fetch } from '../../activities/connectors/http.ts';
import { type Account, Alerts, become, refused, restRoutes } from './pagerduty/rest.ts';
import { failing, limiter, standIn, type StandIn, type Surroundings } from './stand-in.ts';

const actions = ['trigger', 'acknowledge', 'resolve'] as const;
const severities = ['critical', 'warning', 'error', 'info'] as const;
const after = { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' } as const;
const limit = { calls: 120, window: 60_000, bytes: 512 * 1024 };

const Event = z.looseObject({
  routing_key: z.string(),
  event_action: z.enum(actions),
  dedup_key: z.string().max(255).optional(),
  payload: z.looseObject({ summary: z.string(), source: z.string(), severity: z.enum(severities) }).optional(),
});
type Event = z.infer<typeof Event>;

/** @param fetch the way to whoever subscribes to its webhooks */
export function pagerduty(around: Surroundings, fetch: Fetch = globalThis.fetch): Hono {
  const app = standIn();
  const account: Account = { alerts: around.shelf.read(Alerts, {}), subscriptions: [], around, fetch };
  const wait = limiter(limit.calls, limit.window, around.now);
  app.use(
    failing(around, {
      down: c => c.text('Service Unavailable', 503),
      unauthorised: c =>
        c.req.path === '/v2/enqueue' ? refusal(c, ['Invalid routing key']) : refused(c, 401, 2006, 'Authentication failed'),
    }),
  );
  app.post('/v2/enqueue', async c => enqueue(c, account, wait));
  app.all('/v2/enqueue', c => c.text('Method Not Allowed', 405));
  restRoutes(app, account);
  app.notFound(c => c.text('Not Found', 404));
  return app;
}

const refusal = (c: Context, errors: string[]) =>
  c.json({ status: 'invalid event', message: 'Event object is invalid', errors }, 400);

async function enqueue(c: Context, account: Account, wait: (key: string) => number): Promise<Response> {
  const { around } = account;
  const text = await c.req.text();
  if (text.length > limit.bytes)
    return c.json({ status: 'invalid event', message: 'Event object is too large', errors: ['Event exceeds 512 KB'] }, 413);
  const body = decoded(text);
  if (body === undefined) {
    return c.json({ status: 'invalid event', message: 'Event object format is unrecognized', errors: ['JSON parse error'] }, 400);
  }
  const event = Event.safeParse(body);
  const errors = complaints(body);
  if (errors.length > 0 || !event.success) return refusal(c, errors);
  if (/^0+$/.test(event.data.routing_key)) return refusal(c, ['Invalid routing key']);
  if (wait(event.data.routing_key) > 0) return tooFast(c);
  const dedupKey = event.data.dedup_key ?? createHash('md5').update(`${text} ${around.now()}`).digest('hex');
  if (!isSwallowed(event.data, around)) take(event.data, dedupKey, account);
  return c.json({ status: 'success', message: 'Event processed', dedup_key: dedupKey }, 202);
}

/** A maintenance window makes no incident of a trigger: https://support.pagerduty.com/main/docs/maintenance-windows. */
const isSwallowed = ({ event_action: action }: Event, { state }: Surroundings) =>
  action === 'trigger' && state() === 'maintenance';

/** Changes the alert, and tells people when it changed: a repeated trigger, and an end without a beginning, tell no one. */
function take(event: Event, dedupKey: string, account: Account): void {
  const was = account.alerts[dedupKey]?.status;
  const open = was === 'triggered' || was === 'acknowledged';
  const next = after[event.event_action];
  if (next === 'triggered' ? open : !open || was === next) return;
  become(account, dedupKey, next, { id: 'PSERVICE', summary: 'nqba-runbooks', type: 'service_reference' });
  const about = next === 'triggered' ? `triggered (${event.payload?.severity ?? ''}): ${event.payload?.summary ?? ''}` : next;
  account.around.record({ system: 'pagerduty', to: `integration …${event.routing_key.slice(-4)}`, key: dedupKey, text: about });
}

function tooFast(c: Context): Response {
  c.header('Retry-After', '60');
  return c.json(
    { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.  Please retry later.' },
    429,
  );
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const anything = z.unknown().optional();
const Payload = z.looseObject({ summary: anything, source: anything, severity: anything });
const Loose = z.looseObject({
  routing_key: anything,
  event_action: anything,
  dedup_key: anything,
  payload: Payload.default({}).catch({}),
});

/** Everything that is wrong with an event, in PagerDuty's words and all at once. */
function complaints(body: unknown): string[] {
  const event = Loose.safeParse(body);
  if (!event.success) return ["'routing_key' cannot be blank", "'event_action' is missing or blank"];
  const { routing_key: key, event_action: action, dedup_key: dedup, payload } = event.data;
  return [
    ...routingKey(key),
    ...oneOf('event_action', action, actions),
    ...(typeof dedup === 'string' && dedup.length > 255
      ? ["Length of 'dedup_key' is incorrect (should be at most 255 characters)"]
      : []),
    ...(action === 'acknowledge' || action === 'resolve' ? blank('dedup_key', dedup) : []),
    ...(action === 'trigger' ? [...blank('payload.summary', payload.summary), ...blank('payload.source', payload.source)] : []),
    ...(action === 'trigger' ? oneOf('payload.severity', payload.severity, severities) : []),
  ];
}

const blank = (field: string, value: unknown) =>
  typeof value === 'string' && value.trim() !== '' ? [] : [`'${field}' is missing or blank`];

function routingKey(value: unknown): string[] {
  if (typeof value !== 'string' || value === '') return ["'routing_key' cannot be blank"];
  const length = value.length === 32 ? [] : ["Length of 'routing_key' is incorrect (should be 32 characters)"];
  return /^[A-Za-z0-9]*$/.test(value) ? length : [...length, "'routing_key' cannot contain non-alphanumeric characters."];
}

function oneOf(field: string, value: unknown, allowed: readonly string[]): string[] {
  if (typeof value !== 'string' || value.trim() === '') return [`'${field}' is missing or blank`];
  const quoted = allowed.map(word => `'${word}'`);
  const listed = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
  return allowed.includes(value) ? [] : [`'${field}' is invalid (must be one of the following: ${listed})`];
}

export const pagerdutyStandIn: StandIn = {
  serve: around => pagerduty(around),
  states: ['maintenance'],
  environment: url => ({
    PAGERDUTY_EVENTS_URL: url,
    PAGERDUTY_ROUTING_KEY: 'practice0routing0key0of0thirty02',
    PAGERDUTY_API_URL: url,
    PAGERDUTY_API_TOKEN: 'practice0token',
  }),
};
