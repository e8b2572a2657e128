/** What all parts of the platform's own API share: who asks, what is written, and its words for a refusal. */

import { createHash } from 'node:crypto';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { CustomerWorld } from '../../world/customers.ts';
import type { World } from '../../world.ts';
import type { Process } from '../hub.ts';
import type { Surroundings } from '../stand-in.ts';

/** A process with the name of its pod, which a pod that takes its place does not have. */
export interface NamedProcess extends Process {
  name: string;
}

export interface Platform {
  around: Surroundings;
  world: () => World;
  customers: CustomerWorld;
  /** The process that a call reaches. */
  process: (c: Context) => NamedProcess;
}

/** One part of the API, at its own paths below a base. */
export type Part = (app: Hono, base: string, platform: Platform) => void;

/** Operators of the practice platform: one may change everything, one may only read. */
export const tokens = { operator: 'practice-operator-2f9c61d4', reader: 'practice-reader-7b03e8aa' };

/** FastAPI's HTTPBearer: 401 without a token that is known, 403 for one that may not do this. */
export const operators: MiddlewareHandler = async (c, next) => {
  const token = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token !== tokens.operator && token !== tokens.reader) return unauthorised(c);
  if (token === tokens.reader && c.req.method !== 'GET') return detail(c, 403, 'Not enough permissions');
  return next();
};

export function unauthorised(c: Context, text = 'Could not validate credentials'): Response {
  c.header('WWW-Authenticate', 'Bearer');
  return detail(c, 401, text);
}

export const detail = (c: Context, status: 400 | 401 | 403 | 404 | 409 | 412 | 422 | 423 | 429 | 500, text: string) =>
  c.json({ detail: text }, status);

/** A value that pydantic refuses, in its words. */
export const unfit = (c: Context, loc: (string | number)[], msg: string, input: unknown) =>
  c.json({ detail: [{ type: 'value_error', loc, msg: `Value error, ${msg}`, input }] }, 422);

/** Whether the caller has seen what it changes; without the header it has not. */
export function isOutdated(c: Context, version: number): boolean {
  const seen = (c.req.header('If-Match') ?? '').replace(/^(W\/)?"?|"$/g, '');
  return seen !== String(version);
}

export const outdated = (c: Context, version: number) => detail(c, 412, `Precondition Failed: the version is ${version}`);

const page = { offset: z.coerce.number().int().min(0).default(0) };
export const PageOf100 = z.object({ limit: z.coerce.number().int().min(1).max(100).default(50), ...page });

const moment = z.string().refine(text => Number.isFinite(Date.parse(text)), 'invalid datetime');
export const Since = z.object({
  since: moment.optional(),
  until: moment.optional(),
  cursor: z.string().optional(),
});

/** Moments as the API writes them. */
export const iso = (at: number) => new Date(at).toISOString();

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Every other method of a path that exists. */
export function closed(app: Hono, paths: string[]) {
  for (const path of paths) app.all(path, c => c.json({ detail: 'Method Not Allowed' }, 405));
}
