/**
 * The platform's own API beside its hub: users, entitlements, limits and blocks, access log, logins, LTC, usage and prices.
 *
 * As far as the platform has them, with its faults: users and lockouts in the memory of each process, 500 for a wrong password,
 * 500 for entitlements (`unsupported`), a signing key of its own in each process (`bad-tokens`). Limits, blocks, the access log,
 * overrides, entries with their references and the prices in force are a proposal: the platform lacks them.
 * Refusals are FastAPI's: https://fastapi.tiangolo.com/tutorial/handling-errors/, https://fastapi.tiangolo.com/reference/security/.
 */

import type { Context, Hono } from 'hono';
import { customersOn, type Tier } from '../../world/customers.ts';
import { apiPods, type Process } from '../hub.ts';
import type { Surroundings } from '../stand-in.ts';
import type { World } from '../../world.ts';
import { accessLog } from './access-log.ts';
import { auth } from './auth.ts';
import { billing } from './billing.ts';
import { entitlements } from './entitlements.ts';
import { limits } from './limits.ts';
import { ltc } from './ltc.ts';
import { operators, type Platform } from './served.ts';
import { syntheticCustomers } from './synthetic.ts';
import { users } from './users.ts';

const guarded = ['/api/v1/users', '/v1/entitlements', '/v1/limits', '/v1/blocks', '/v1/access-log', '/v1/ltc', '/v1/billing'];

/** Where the world has no customers, they are made up, and forgotten at the end. */
export function platformRoutes(around: Surroundings, world: () => World) {
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
  const made = customersOn(memory, around.now());
  const parts = [users, entitlements, limits, accessLog, auth, ltc, billing, syntheticCustomers(new Map<Tier, number[]>())];
  return (app: Hono, base: string, process: (c: Context) => Process) => {
    const platform: Platform = {
      around,
      world,
      get customers() {
        return world().customers ?? made;
      },
      process: c => named(process(c), apiPods(world(), around.now())),
    };
    for (const path of guarded) {
      app.use(`${base}${path}`, operators);
      app.use(`${base}${path}/*`, operators);
    }
    for (const part of parts) part(app, base, platform);
  };
}

const named = (process: Process, pods: string[]) => ({ ...process, name: pods[process.index] ?? 'alone' });
