/**
 * A second IPFS provider by the API that pinning services share: pins of one account, each a request of its own, on the service's clock.
 *
 * Follows https://ipfs.github.io/pinning-services-api-spec/ (version 1.0.0, paths, schemas, `{ error: { reason, details } }`). Each
 * refusal names its section. Two things are stricter: what is no CID is refused, and what no one provides fails after ten seconds.
 */

import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import type { World } from '../world.ts';
import { isMeant, Kept, PinFields, type Pin, Query, type Stored } from './pinning-pin.ts';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

/** Milliseconds after it was asked for: until then it is queued, from then on its content is looked for, and at last given up. */
export const course = { queued: 300, found: 1_000, givenUp: 10_000 } as const;

/** Any token is valid but one that begins with `revoked`. Without an IPFS in the world every content is provided. */
export function pinning(around: Surroundings, world: () => Pick<World, 'ipfs'> = () => ({})): Hono {
  const app = standIn();
  const kept = around.shelf.read(Kept, { pins: [] });
  app.use(failing(around, { down: unavailable, unauthorised }));
  app.use(async (c, next) => refused(c, around) ?? next());
  app.use(async (_, next) => {
    await goOn(kept, around, world().ipfs);
    return next();
  });
  app.get('/pins', c => list(c, kept, around));
  app.post('/pins', async c => add(c, kept, around));
  app.get('/pins/:requestid', c => withPin(c, kept, pin => c.json(shown(pin, kept, around))));
  app.post('/pins/:requestid', async c => withPin(c, kept, pin => add(c, kept, around, pin)));
  app.delete('/pins/:requestid', c => withPin(c, kept, pin => remove(c, pin, kept, around)));
  app.notFound(notFound);
  return app;
}

const failure = (c: Context, status: 200 | 400 | 401 | 404 | 409 | 500 | 503, reason: string, details: string) =>
  c.json({ error: { reason, details } }, status);

/** https://ipfs.github.io/pinning-services-api-spec/#section/Authentication */
const unauthorised = (c: Context) => failure(c, 401, 'UNAUTHORIZED', 'Access token is missing or invalid');
/** https://ipfs.github.io/pinning-services-api-spec/#operation/getPinByRequestId, response 404 */
const notFound = (c: Context) => failure(c, 404, 'NOT_FOUND', 'The specified resource was not found');
/** https://ipfs.github.io/pinning-services-api-spec/#operation/addPin, response 409: no other status has this reason. */
const noFunds = (c: Context) => failure(c, 409, 'INSUFFICIENT_FUNDS', 'Unable to process request due to the lack of funds');
/** https://ipfs.github.io/pinning-services-api-spec/#operation/addPin, response 400; the sentence is the service's own. */
const badRequest = (c: Context, details: string) => failure(c, 400, 'BAD_REQUEST', details);
/** https://ipfs.github.io/pinning-services-api-spec/#operation/getPins, response 5XX */
const unavailable = (c: Context) => failure(c, 503, 'INTERNAL_SERVER_ERROR', 'The service is temporarily unavailable');
/** A gateway before the service that makes a success of its failure: outside of the specification, and seen all the same. */
const insideSuccess = (c: Context) => failure(c, 200, 'INTERNAL_SERVER_ERROR', 'The request could not be processed');

function refused(c: Context, { state }: Surroundings): Response | undefined {
  const token = /^Bearer (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
  if (!token || token.startsWith('revoked')) return unauthorised(c);
  if (state() === 'misreporting') return insideSuccess(c);
  const adds = c.req.method === 'POST';
  return adds && state() === 'full' ? noFunds(c) : undefined;
}

/** Every pin whose time has come is looked for; it is pinned once it was found, whatever becomes of the content elsewhere. */
async function goOn({ pins }: Kept, { now, shelf }: Surroundings, ipfs: World['ipfs']): Promise<void> {
  const due = pins.filter(({ settled, at }) => settled === undefined && now() >= at + course.found);
  if (due.length === 0) return;
  const found = await Promise.all(due.map(async ({ pin }) => ipfs?.provides(pin.cid) ?? true));
  for (const [index, one] of due.entries())
    if (found[index]) one.settled = 'pinned';
    else if (now() >= one.at + course.givenUp) one.settled = 'failed';
  shelf.write({ pins });
}

const statusOf = ({ settled, at }: Stored, now: number) => settled ?? (now < at + course.queued ? 'queued' : 'pinning');

/** https://ipfs.github.io/pinning-services-api-spec/#section/Custom-metadata/Pin-status-info */
function infoOf(stored: Stored, { pins }: Kept, now: number) {
  switch (statusOf(stored, now)) {
    case 'queued': {
      const ahead = pins.filter(one => statusOf(one, now) === 'queued' && one.at <= stored.at).length;
      return { status_details: `Queue position: ${ahead}` };
    }
    case 'pinning':
      return { status_details: 'Looking for providers' };
    case 'failed':
      return { status_details: 'No provider of the content was found' };
    default:
      return {};
  }
}

const delegates = ['/dns4/pinning.example/tcp/4001/p2p/12D3KooWD4bVh8rQzHk3VYbYf5H5bq1Jq6Yj1o2jmEJ9hX7oP4Zs'];
const created = ({ at }: Stored) => new Date(at).toISOString();

function shown(stored: Stored, kept: Kept, { now }: Surroundings) {
  const { requestid, pin } = stored;
  const status = statusOf(stored, now());
  return { requestid, status, created: created(stored), pin, delegates, info: infoOf(stored, kept, now()) };
}

/** What was sent, or the answer that refuses it. */
function parsed<T>(c: Context, schema: z.ZodType<T>, sent: unknown): T | Response {
  const { success, data, error } = schema.safeParse(sent);
  if (success) return data;
  return badRequest(c, error.issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; '));
}

/** Newest first; `count` is of all that the query means, however few fit. */
function list(c: Context, kept: Kept, around: Surroundings): Response {
  const query = parsed(c, Query, c.req.query());
  if (query instanceof Response) return query;
  const meant = kept.pins
    .filter(one => isMeant(one, statusOf(one, around.now()), query))
    .toSorted((one, other) => other.at - one.at);
  return c.json({ count: meant.length, results: meant.slice(0, query.limit).map(one => shown(one, kept, around)) });
}

/** The same CID again is another request; what it replaces ends with it. */
async function add(c: Context, kept: Kept, around: Surroundings, replaced?: Stored): Promise<Response> {
  const pin = parsed<Pin>(c, PinFields, await c.req.json().catch(() => undefined));
  if (pin instanceof Response) return pin;
  // Pages are told apart by this time alone, so that no two pins have the same.
  const at = Math.max(around.now(), (kept.pins.at(-1)?.at ?? 0) + 1);
  const stored: Stored = { requestid: randomUUID(), at, pin };
  kept.pins = [...kept.pins.filter(one => one !== replaced), stored];
  around.shelf.write(kept);
  return c.json(shown(stored, kept, around), 202);
}

function remove(c: Context, pin: Stored, kept: Kept, { shelf }: Surroundings): Response {
  kept.pins = kept.pins.filter(one => one !== pin);
  shelf.write(kept);
  return c.body(null, 202);
}

function withPin<T>(c: Context, { pins }: Kept, answer: (pin: Stored) => T): T | Response {
  const found = pins.find(({ requestid }) => requestid === c.req.param('requestid'));
  return found ? answer(found) : notFound(c);
}

export const pinningStandIn: StandIn = {
  serve: pinning,
  states: ['full', 'misreporting'],
  environment: url => ({ IPFS_BACKUP_URL: url, IPFS_BACKUP_TOKEN: 'practice' }),
};
