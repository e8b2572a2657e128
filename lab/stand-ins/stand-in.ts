/** What all stand-ins share: what they are given, and the ways in which an outside system can fail. */

import { setTimeout as pause } from 'node:timers/promises';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import type { World } from '../world.ts';
import type { State } from '../world/systems.ts';

/** Something that a person would have received. */
export interface Message {
  system: string;
  /** Channel, service or page. */
  to: string;
  /** The sender's own key of this message, where the vendor has a place for one. */
  key: string;
  text: string;
}

/** What a vendor keeps: in memory, or in a file that outlives the process. */
export interface Shelf {
  read<T>(schema: z.ZodType<T>, otherwise: T): T;
  write(state: unknown): void;
}

export interface Surroundings {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds; ends early with the signal's reason. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  state: () => State;
  record: (message: Message) => void;
  shelf: Shelf;
}

/** One system of the practice platform: its port, its states and its variables follow from this. */
export interface StandIn {
  serve: (around: Surroundings, world: () => World) => Hono;
  /** States that only it can be in. */
  states?: readonly State[];
  /** The variables that lead to it. */
  environment: (url: string) => Record<string, string>;
}

/** A vendor's own words for being out of order and for not knowing us. */
export interface Refusals {
  down: (c: Context) => Response;
  unauthorised: (c: Context) => Response;
}

/** How late a slow system answers, in milliseconds: later than any sane time limit, but not never. */
export const lateness = 35_000;

/**
 * What `fetch` throws where no one listens. A stand-in in the state `refused` throws it, so that a connector given the
 * app as its `fetch` sees what it would see; served on a port, the connection is cut instead.
 */
export class ConnectionRefused extends TypeError {
  override name = 'ConnectionRefused';
  constructor() {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    super('fetch failed', { cause });
  }
}

/** An app whose errors leave it as they are, instead of becoming answers. */
export function standIn(): Hono {
  const app = new Hono();
  app.onError(error => {
    throw error;
  });
  return app;
}

/** Fails as the system's state says; `healthy` and `mock` pass. */
export function failing({ state, sleep }: Pick<Surroundings, 'state' | 'sleep'>, refusals: Refusals): MiddlewareHandler {
  return async (c, next) => {
    switch (state()) {
      case 'refused':
        throw new ConnectionRefused();
      case 'down':
        return refusals.down(c);
      case 'unauthorised':
        return refusals.unauthorised(c);
      case 'garbage':
        return c.html('<!doctype html><title>Welcome to nginx!</title><h1>It works!</h1>');
      case 'slow':
        await sleep(lateness, c.req.raw.signal);
        return next();
      default:
        return next();
    }
  };
}

/** Real time; `state` is left to the caller, and nothing is recorded or kept. */
export function surroundings(given: Partial<Surroundings> = {}): Surroundings {
  return {
    now: Date.now,
    sleep: async (ms, signal) => {
      await pause(ms, undefined, { ref: false, ...(signal && { signal }) });
    },
    state: () => 'healthy',
    record: () => {},
    shelf: { read: (_schema, otherwise) => otherwise, write: () => {} },
    ...given,
  };
}

/** How many calls of one caller fit into a sliding window (milliseconds), and how long one too many has to wait. */
export function limiter(calls: number, window: number, now: () => number): (caller: string) => number {
  const seen = new Map<string, number[]>();
  return caller => {
    const recent = (seen.get(caller) ?? []).filter(at => at > now() - window);
    const [oldest = now()] = recent;
    if (recent.length >= calls) return oldest + window - now();
    seen.set(caller, [...recent, now()]);
    return 0;
  };
}
