/**
 * PagerDuty's REST API v2, as far as a person needs it who acknowledges on the telephone, and the subscription to webhooks.
 *
 * Follows https://developer.pagerduty.com/api-reference (paths, bodies, `Authorization: Token token=`, `From`, error codes).
 */

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Fetch } from '../../../activities/connectors/http.ts';
import type { Surroundings } from '../stand-in.ts';
import { type Agent, deliver, type Subscription } from './webhooks.ts';

export const Alerts = z.record(z.string(), z.enum(['triggered', 'acknowledged', 'resolved']));
/** `dedup_key` → state; an alert that is open is never opened again. */
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

export function restRoutes(app: Hono, account: Account) {
  for (const path of ['/incidents', '/incidents/*', '/webhook_subscriptions'])
    app.use(path, async (c, next) => {
      if (/^Token token=\w+/.test(c.req.header('Authorization') ?? '')) return next();
      return refused(c, 401, 2006, 'Authentication failed');
    });
  app.get('/incidents', c => {
    const key = c.req.query('incident_key') ?? '';
    const status = account.alerts[key];
    return c.json({ incidents: status ? [incident(key, status)] : [], limit: 25, offset: 0, more: false });
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

async function changed(c: Context, account: Account): Promise<Response> {
  const name = users[c.req.header('From') ?? ''];
  if (name === undefined) return refused(c, 400, 1008, 'Requester User Not Found');
  const wanted = Change.safeParse(await c.req.json().catch(() => undefined));
  if (!wanted.success) return refused(c, 400, 2001, 'Invalid Input Provided');
  const [key] = Object.keys(account.alerts).filter(one => idOf(one) === c.req.param('id'));
  if (key === undefined) return refused(c, 404, 2100, 'Not Found');
  if (account.alerts[key] === 'resolved') return refused(c, 400, 2001, 'Incident Already Resolved');
  const { status } = wanted.data.incident;
  const id = createHash('md5').update(name).digest('hex').slice(0, 6).toUpperCase();
  become(account, key, status, { id: `P${id}`, summary: name, type: 'user_reference' });
  return c.json({ incident: incident(key, status) });
}

/** Changes the alert and tells subscribers; a state that it has already tells no one. */
export function become(account: Account, key: string, status: Alerts[string], agent: Agent): void {
  const { alerts, around, subscriptions } = account;
  if (alerts[key] === status) return;
  alerts[key] = status;
  around.shelf.write(alerts);
  const event = {
    id: randomUUID(),
    event_type: `incident.${status}`,
    resource_type: 'incident',
    occurred_at: new Date(around.now()).toISOString(),
    agent,
    client: null,
    data: incident(key, status),
  };
  const wanted = subscriptions.filter(({ events }) => events.includes(event.event_type));
  for (const subscription of wanted) deliver(subscription, event, account);
}

const incident = (key: string, status: string) => ({
  id: idOf(key),
  type: 'incident',
  self: `https://api.pagerduty.com/incidents/${idOf(key)}`,
  status,
  incident_key: key,
  urgency: 'high',
});

const refused = (c: Context, status: 400 | 401 | 404, code: number, message: string) =>
  c.json({ error: { message, code } }, status);
