/**
 * PagerDuty's REST API v2, as far as a person needs it who acknowledges on the telephone, whoever asks what became of a page,
 * and the subscription to webhooks.
 *
 * Follows https://developer.pagerduty.com/api-reference (paths, bodies, `Authorization: Token token=`, `From`, error codes),
 * /docs/rest-api-v2/rate-limiting (960 calls a minute) and /docs/versioning (`Accept` names version 2, or none).
 */

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { limiter, type Surroundings } from '../stand-in.ts';
import { deliver, type Subscription } from './webhooks.ts';

/** Whoever did it: a person, or the service for an event that an integration sent. */
const Agent = z.object({ id: z.string(), summary: z.string(), type: z.enum(['user_reference', 'service_reference']) });
type Agent = z.infer<typeof Agent>;
const Alert = z.object({
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  /** Whoever has acknowledged it, and when. */
  acknowledgements: z.array(z.object({ at: z.string(), acknowledger: Agent })),
});
type Alert = z.infer<typeof Alert>;
export const Alerts = z.record(z.string(), Alert);
/** `dedup_key` → alert; one that is open is never opened again. */
export type Alerts = z.infer<typeof Alerts>;

/** Users of the account, by the mail address with which they act. */
const users: Readonly<Record<string, string>> = { 'ann@nqba.example': 'Ann Lee', 'bob@nqba.example': 'Bob Ito' };

const Wanted = z.looseObject({
  webhook_subscription: z.looseObject({
    type: z.literal('webhook_subscription'),
    delivery_method: z.looseObject({ type: z.literal('http_delivery_method'), url: z.url() }),
    events: z.array(z.string()).min(1),
    filter: z.looseObject({ type: z.enum(['account_reference', 'service_reference', 'team_reference']) }),
  }),
});
const Change = z.looseObject({
  incident: z.looseObject({ type: z.enum(['incident', 'incident_reference']), status: z.enum(['acknowledged', 'resolved']) }),
});

export interface Account {
  alerts: Alerts;
  subscriptions: Subscription[];
  around: Surroundings;
  fetch: Fetch;
}

/** The incident of an alert, by its key, is called the same for ever. */
export const idOf = (key: string) => `Q${createHash('md5').update(key).digest('hex').slice(0, 13).toUpperCase()}`;

/** Calls of one token a minute. */
const limit = 960;

export function restRoutes(app: Hono, account: Account) {
  const wait = limiter(limit, 60_000, account.around.now);
  for (const path of ['/incidents/*', '/webhook_subscriptions']) app.use(path, async (c, next) => admitted(c, wait) ?? next());
  app.get('/incidents', c => {
    const key = c.req.query('incident_key');
    const found = Object.entries(account.alerts).filter(([one]) => key === undefined || one === key);
    const incidents = found.slice(0, Number(c.req.query('limit') ?? 25)).map(([one, alert]) => incident(one, alert));
    return c.json({ incidents, limit: 25, offset: 0, total: null, more: false });
  });
  app.get('/incidents/:id', c => {
    const [found] = Object.entries(account.alerts).filter(([one]) => idOf(one) === c.req.param('id'));
    return found ? c.json({ incident: incident(...found) }) : refused(c, 404, 2100, 'Not Found');
  });
  app.put('/incidents/:id', async c => changed(c, account));
  app.post('/webhook_subscriptions', async c => {
    const wanted = Wanted.safeParse(await c.req.json().catch(() => undefined));
    if (!wanted.success) return refused(c, 400, 2001, 'Invalid Input Provided');
    const { delivery_method: method, ...rest } = wanted.data.webhook_subscription;
    const secret = randomBytes(48).toString('base64url');
    account.subscriptions.push({ url: method.url, secret, events: rest.events });
    const subscription = { id: randomUUID(), active: true, ...rest, delivery_method: { ...method, secret } };
    return c.json({ webhook_subscription: subscription }, 201);
  });
}

/** The refusal of a call; nothing where it is admitted. */
function admitted(c: Context, wait: (caller: string) => number): Response | undefined {
  const [authorization, accept] = [c.req.header('Authorization') ?? '', c.req.header('Accept') ?? '*/*'];
  if (!/^Token token=\w+/.test(authorization)) return refused(c, 401, 2006, 'Authentication failed');
  if (!/^(\*\/\*|application\/(json|vnd\.pagerduty\+json;version=2))$/.test(accept)) return c.text('Not Acceptable', 406);
  const late = wait(authorization);
  if (late === 0) return undefined;
  c.header('ratelimit-reset', String(Math.ceil(late / 1000)));
  return refused(c, 429, 2020, 'Rate Limit Exceeded');
}

async function changed(c: Context, account: Account): Promise<Response> {
  const name = users[c.req.header('From') ?? ''];
  if (name === undefined) return refused(c, 400, 1008, 'Requester User Not Found');
  const wanted = Change.safeParse(await c.req.json().catch(() => undefined));
  if (!wanted.success) return refused(c, 400, 2001, 'Invalid Input Provided');
  const [key] = Object.keys(account.alerts).filter(one => idOf(one) === c.req.param('id'));
  if (key === undefined) return refused(c, 404, 2100, 'Not Found');
  if (account.alerts[key]?.status === 'resolved') return refused(c, 400, 2001, 'Incident Already Resolved');
  const { status } = wanted.data.incident;
  const id = createHash('md5').update(name).digest('hex').slice(0, 6).toUpperCase();
  become(account, key, status, { id: `P${id}`, summary: name, type: 'user_reference' });
  return c.json({ incident: incident(key, account.alerts[key] ?? { status, acknowledgements: [] }) });
}

/** Changes the alert and tells subscribers; a state that it has already tells no one. */
export function become(account: Account, key: string, status: Alert['status'], agent: Agent): void {
  const { alerts, around, subscriptions } = account;
  if (alerts[key]?.status === status) return;
  const acknowledgement = { at: new Date(around.now()).toISOString(), acknowledger: agent };
  const alert: Alert = { status, acknowledgements: status === 'acknowledged' ? [acknowledgement] : [] };
  alerts[key] = alert;
  around.shelf.write(alerts);
  const event = {
    id: randomUUID(),
    event_type: `incident.${status}`,
    resource_type: 'incident',
    occurred_at: new Date(around.now()).toISOString(),
    agent,
    client: null,
    data: incident(key, alert),
  };
  const wanted = subscriptions.filter(({ events }) => events.includes(event.event_type));
  for (const subscription of wanted) deliver(subscription, event, account);
}

const incident = (key: string, { status, acknowledgements }: Alert) => ({
  id: idOf(key),
  type: 'incident',
  self: `https://api.pagerduty.com/incidents/${idOf(key)}`,
  status,
  acknowledgements,
  incident_key: key,
  urgency: 'high',
});

export const refused = (c: Context, status: 400 | 401 | 404 | 429, code: number, message: string) =>
  c.json({ error: { message, code } }, status);
