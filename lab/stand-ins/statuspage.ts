/**
 * Statuspage's Manage API: components, real-time incidents and scheduled maintenances of one page. No maintenance goes on by itself.
 *
 * Follows https://developer.statuspage.io/ (paths, bodies, `Authorization: OAuth`, what 401, 403, 404 and 422 mean) and, for 60
 * calls a minute, 429 and `Retry-After`,
 * https://community.atlassian.com/t5/Statuspage-articles/Upcoming-rate-limiting-changes-to-Statuspage-REST-API/ba-p/1455362.
 * The reference gives no body for each 422, so those sentences are ours; a resolved incident stays resolved, which is stricter.
 */

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { failing, limiter, standIn, type StandIn, type Surroundings } from './stand-in.ts';
import {
  changed,
  type Component,
  ComponentUpdate,
  complaint,
  component,
  created,
  type Incident,
  isOver,
  Page,
  unknownComponents,
  Update,
  wrongState,
} from './statuspage-incident.ts';

const limit = { calls: 60, window: 60_000 };

/** The page that exists is `nqba`; any key but one that begins with `revoked` or `readonly` may write to it. */
export const page = 'nqba';

const startingPage: Page = {
  components: [
    component('qc7c0mput1ng', 'Quantum computing'),
    component('ap1g4t3w4y00', 'API'),
    component('st0rag31pf50', 'Storage (IPFS)'),
    component('b1ll1ng00000', 'Billing'),
    component('l0g1n0000000', 'Login'),
  ],
  incidents: [],
};

export function statuspage(around: Surroundings): Hono {
  const app = standIn();
  const kept = around.shelf.read(Page, structuredClone(startingPage));
  const wait = limiter(limit.calls, limit.window, around.now);
  const base = '/v1/pages/:page';
  app.use(failing(around, { down: unavailable, unauthorised: c => error(c, 401, 'Could not authenticate') }));
  app.use('/v1/*', async (c, next) => refused(c, wait) ?? next());
  app.get(`${base}/components`, c => c.json(kept.components));
  app.get(`${base}/components/:id`, c => answer(c, find(kept.components, c)));
  app.patch(`${base}/components/:id`, async c => patchComponent(c, kept, around));
  app.get(`${base}/incidents`, c => c.json(kept.incidents));
  app.get(`${base}/incidents/unresolved`, c => c.json(kept.incidents.filter(isUnresolved)));
  app.post(`${base}/incidents`, async c => createIncident(c, kept, around));
  app.get(`${base}/incidents/:id`, c => answer(c, find(kept.incidents, c)));
  app.patch(`${base}/incidents/:id`, async c => patchIncident(c, kept, around));
  app.notFound(c => error(c, 404, 'The requested resource could not be found.'));
  return app;
}

/** A maintenance is no incident that is to be resolved. */
const isUnresolved = ({ status, scheduled_for: scheduled }: Incident) => scheduled === null && !isOver(status);

const error = (c: Context, status: 400 | 401 | 403 | 404 | 422 | 429, what: string | string[]) => c.json({ error: what }, status);
const unavailable = (c: Context) => c.html('<html><head><title>503 Service Temporarily Unavailable</title></head></html>', 503);

function refused(c: Context, wait: (key: string) => number): Response | undefined {
  const key = /^OAuth (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
  if (!key || key.startsWith('revoked')) return error(c, 401, 'Could not authenticate');
  const late = wait(key);
  if (late > 0) {
    c.header('Retry-After', String(Math.ceil(late / 1_000)));
    return error(c, 429, 'Too many requests');
  }
  if (!c.req.path.startsWith(`/v1/pages/${page}/`)) return error(c, 404, 'The requested resource could not be found.');
  const writes = c.req.method !== 'GET';
  return writes && key.startsWith('readonly') ? error(c, 403, 'You are not authorized to access this resource.') : undefined;
}

const find = <T extends { id: string }>(all: readonly T[], c: Context) => all.find(({ id }) => id === c.req.param('id'));
const answer = (c: Context, found: object | undefined) =>
  found ? c.json(found) : error(c, 404, 'The requested resource could not be found.');

/** What the body asks for under that name, or the answer that refuses it. */
async function read<T>(c: Context, what: 'component' | 'incident', schema: z.ZodType<T>): Promise<T | Response> {
  const sent = z.looseObject({ [what]: z.looseObject({}) }).safeParse(await c.req.json().catch(() => undefined));
  if (!sent.success) return error(c, 400, `param is missing or the value is empty: ${what}`);
  const change = schema.safeParse(sent.data[what]);
  return change.success ? change.data : error(c, 422, change.error.issues.map(complaint));
}

async function patchComponent(c: Context, kept: Page, around: Surroundings): Promise<Response> {
  const found = find(kept.components, c);
  if (!found) return answer(c, found);
  const change = await read(c, 'component', ComponentUpdate);
  if (change instanceof Response) return change;
  found.name = change.name ?? found.name;
  found.status = change.status ?? found.status;
  found.updated_at = new Date(around.now()).toISOString();
  around.shelf.write(kept);
  around.record({ system: 'statuspage', to: `page ${page}`, key: found.id, text: `${found.name}: ${found.status}` });
  return c.json(found);
}

async function createIncident(c: Context, kept: Page, around: Surroundings): Promise<Response> {
  const update = await read(c, 'incident', Update);
  if (update instanceof Response) return update;
  const errors = [
    ...(update.name ? [] : ["Name can't be blank"]),
    ...wrongState(update.scheduled_for !== undefined, update),
    ...unknownComponents(update, kept.components),
  ];
  if (errors.length > 0) return error(c, 422, errors);
  const incident = created(update, kept, around.now());
  kept.incidents.unshift(incident);
  publish(incident, update, kept, around);
  return c.json(incident, 201);
}

async function patchIncident(c: Context, kept: Page, around: Surroundings): Promise<Response> {
  const found = find(kept.incidents, c);
  if (!found) return answer(c, found);
  const update = await read(c, 'incident', Update);
  if (update instanceof Response) return update;
  const isScheduled = found.scheduled_for !== null;
  const errors = [...wrongState(isScheduled, update), ...reopening(found, update), ...unknownComponents(update, kept.components)];
  if (errors.length > 0) return error(c, 422, errors);
  Object.assign(found, changed(found, update, around.now()));
  publish(found, update, kept, around);
  return c.json(found);
}

const reopening = ({ status }: Incident, update: Update) =>
  isOver(status) && update.status && update.status !== status ? ['Status cannot be changed: the incident has been resolved'] : [];

/** Sets the components the incident names, keeps all, and tells the subscribers what they read. */
function publish(incident: Incident, update: Update, kept: Page, around: Surroundings): void {
  for (const [id, status] of Object.entries(update.components ?? {})) {
    const found = kept.components.find(component => component.id === id);
    if (found) found.status = status;
  }
  incident.components = kept.components.filter(({ id }) => incident.components.some(component => component.id === id));
  around.shelf.write(kept);
  const states = incident.components.map(({ name, status }: Component) => `${name}: ${status}`).join(', ');
  const text = [`${incident.name} (${incident.status})`, states, update.body].filter(Boolean).join('. ');
  around.record({ system: 'statuspage', to: `page ${page}`, key: keyIn(incident.metadata), text });
}

/** The first text in what the sender attached, however deep: the key by which it finds its own again. */
function keyIn(metadata: unknown): string {
  if (typeof metadata === 'string') return metadata;
  if (typeof metadata !== 'object' || metadata === null) return '';
  return Object.values(metadata).map(keyIn).find(Boolean) ?? '';
}

export const statuspageStandIn: StandIn = {
  serve: statuspage,
  environment: url => ({ STATUSPAGE_API_URL: `${url}/v1`, STATUSPAGE_API_KEY: 'practice', STATUSPAGE_PAGE_ID: page }),
};
