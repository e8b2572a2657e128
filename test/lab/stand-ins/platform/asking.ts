/** The platform's own API for the length of a test, with customers of the test's own and a clock that the test moves. */

import type { TestContext } from 'node:test';
import { nqbaApi } from '../../../../lab/stand-ins/api.ts';
import { tokens } from '../../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../../lab/stand-ins/stand-in.ts';
import { type CustomerWorld, customersOn, type State, type TroubleKind } from '../../../../lab/world/customers.ts';
import type { State as SystemState } from '../../../../lab/world/systems.ts';
import type { World } from '../../../../lab/world.ts';
import { type Answered, serving } from '../serving.ts';

export const noon = Date.parse('2026-03-02T12:00:00Z');
export const minutes = (count: number) => count * 60_000;
export const iso = (at: number) => new Date(at).toISOString();

export interface Asking {
  clock: { now: number };
  customers: CustomerWorld;
  world: World;
  get: (path: string, headers?: Record<string, string>) => Promise<Answered>;
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answered>;
}

const pods = [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }];

export async function asking(t: TestContext, given: Partial<State> = {}, state: SystemState = 'healthy'): Promise<Asking> {
  const clock = { now: noon };
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
  const customers = customersOn(memory, noon, given);
  const world: World = { pods: [], systems: [], api: pods, customers };
  const ask = await serving(
    t,
    nqbaApi(surroundings({ now: () => clock.now, state: () => state }), () => world),
  );
  const operator = { Authorization: `Bearer ${tokens.operator}` };
  return {
    clock,
    customers,
    world,
    get: (path, headers = operator) => ask(path, { headers }),
    send: (method, path, body, headers = {}) =>
      ask(path, {
        method,
        headers: { 'Content-Type': 'application/json', ...operator, ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

/** Since ten minutes before noon. */
export const during = (kind: TroubleKind): Partial<State> => ({ troubles: [{ kind, from: noon - minutes(10) }] });
