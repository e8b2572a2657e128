/**
 * Silences of Alertmanager 0.25, API v2. Its alerts are posted by no one here, so there are none.
 *
 * Follows https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml (paths and bodies) and, for what is refused
 * and in which words, https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/api.go; a test asks the real one the same.
 */

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

const matcher = z.looseObject({
  name: z.string().min(1),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().default(true),
});
const fields = { createdBy: z.string(), comment: z.string(), startsAt: z.iso.datetime(), endsAt: z.iso.datetime() };
const posted = z.looseObject({ id: z.string().optional(), matchers: z.array(matcher).min(1), ...fields });
const kept = z.array(z.looseObject({ id: z.string(), matchers: z.array(matcher), ...fields, updatedAt: z.string() }));
type Kept = z.infer<typeof kept>;

export function alertmanager(around: Surroundings): Hono {
  const app = standIn();
  const silences = around.shelf.read(kept, []);
  const { now } = around;
  app.use(
    failing(around, {
      down: c => c.text('upstream connect error or disconnect/reset before headers\n', 503),
      unauthorised: c => c.text('Unauthorized\n', 401),
    }),
  );
  app.get('/-/ready', c => c.text('OK'));
  app.get('/api/v2/alerts', c => c.json([]));
  app.get('/api/v2/silences', c => c.json(silences.map(one => ({ ...one, status: { state: stateOf(one, now()) } }))));
  app.post('/api/v2/silences', async c => set(c, silences, around));
  app.delete('/api/v2/silence/:id', c => expire(c, silences, around));
  app.notFound(c => c.json({ code: 404, message: `path ${c.req.path} was not found` }, 404));
  return app;
}

const stateOf = ({ startsAt, endsAt }: Pick<Kept[number], 'startsAt' | 'endsAt'>, now: number) =>
  Date.parse(endsAt) <= now ? 'expired' : Date.parse(startsAt) > now ? 'pending' : 'active';

async function set(c: Context, silences: Kept, around: Surroundings): Promise<Response> {
  const sent = posted.safeParse(await c.req.json().catch(() => undefined));
  if (!sent.success) return c.json({ code: 602, message: 'silence in body is required' }, 422);
  const { id, startsAt, endsAt, createdBy, comment } = sent.data;
  const refused = (text: string) => c.json(`Failed to create silence: ${text}`, 400);
  if (Date.parse(startsAt) >= Date.parse(endsAt)) return refused('start time must be before end time');
  if (Date.parse(endsAt) < around.now()) return refused("end time can't be in the past");
  const found = silences.find(one => one.id === id);
  if (id !== undefined && !found) return c.json('silence not found', 404);
  const silenceID = put(sent.data, found, silences, around.now());
  around.shelf.write(silences);
  around.record({ system: 'silences', to: 'silences', key: '', text: `${createdBy} until ${endsAt}: ${comment}` });
  return c.json({ silenceID });
}

function put(sent: z.infer<typeof posted>, found: Kept[number] | undefined, silences: Kept, now: number): string {
  const updatedAt = new Date(now).toISOString();
  if (found && stateOf(found, now) !== 'expired') {
    if (isUpdate(found, sent)) return Object.assign(found, sent, { id: found.id, updatedAt }).id;
    found.endsAt = updatedAt;
  }
  const startsAt = Date.parse(sent.startsAt) < now ? updatedAt : sent.startsAt;
  const made = { ...sent, id: crypto.randomUUID(), updatedAt, startsAt };
  silences.push(made);
  return made.id;
}

/** Another beginning or other matchers make another silence, and end the one before. */
const isUpdate = (one: Pick<Kept[number], 'matchers' | 'startsAt'>, other: Pick<Kept[number], 'matchers' | 'startsAt'>) =>
  JSON.stringify(one.matchers) === JSON.stringify(other.matchers) && Date.parse(one.startsAt) === Date.parse(other.startsAt);

function expire(c: Context, silences: Kept, { now, shelf, record }: Surroundings): Response {
  const id = c.req.param('id') ?? '';
  const found = silences.find(one => one.id === id);
  if (!found) return c.json('silence not found', 500);
  if (stateOf(found, now()) === 'expired') return c.body(null, 200);
  found.endsAt = new Date(now()).toISOString();
  shelf.write(silences);
  record({ system: 'silences', to: 'silences', key: '', text: `ended: ${found.comment}` });
  return c.body(null, 200);
}

export const silencesStandIn: StandIn = { serve: alertmanager, environment: url => ({ ALERTMANAGER_URL: url }) };
