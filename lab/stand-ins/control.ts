/** Where people break the practice platform: one small address to read and to change the state of each outside system. */

import type { Hono } from 'hono';
import { z } from 'zod';
import { everyone, schedule, scheduled, type State, type StateChange, stateAt, states } from '../world/systems.ts';
import { type PracticeSystem, practiceSystems as systems, standIns } from './index.ts';
import type { CustomerWorld } from '../world/customers.ts';
import { customerRoutes } from './customer-control.ts';
import type { StandIn } from './stand-in.ts';
import { standIn } from './stand-in.ts';

const tenYears = 315_360_000_000;
const duration = z.number().int().min(0).max(tenYears).optional();
const Wanted = z.strictObject({ state: z.enum(states), after: duration, for: duration });

export interface States {
  now: () => number;
  history: () => readonly StateChange[];
  change: (history: StateChange[]) => void;
  /** Without customers there is no traffic to trouble. */
  customers?: CustomerWorld;
}

/**
 * `GET /systems`, `PUT /systems/:system` with `{ state, after?, for? }` in milliseconds of real time; `PUT /customers` likewise with
 * a `trouble` of their traffic, or whatever else the world says of them.
 */
export function control({ now, history, change, customers }: States): Hono {
  const app = standIn();
  if (customers) customerRoutes(app, customers, now);
  app.get('/systems', c => c.json(overview(history(), now())));
  app.put('/systems/:system', async c => {
    const system = systems.find(name => name === c.req.param('system'));
    if (!system) return c.json({ error: `There is no system ${c.req.param('system')}: name ${either(systems)}` }, 404);
    const wanted = Wanted.safeParse(await c.req.json().catch(() => undefined));
    if (!wanted.success) return c.json({ error: explain(wanted.error) }, 400);
    const { state } = wanted.data;
    if (!canBe(system, state)) {
      const others = systems.filter(other => canBe(other, state)).join(' or ');
      return c.json({ error: `Only ${others} can be ${state}: name another state for ${system}` }, 400);
    }
    change(schedule(history(), system, wanted.data, now()));
    return c.json(overview(history(), now())[system]);
  });
  app.notFound(c => c.json({ error: 'Ask GET /systems, PUT /systems/<system>, GET /customers or PUT /customers' }, 404));
  return app;
}

const canBe = (system: PracticeSystem, state: State) => {
  const { states: own = [] }: StandIn = standIns[system];
  return [...everyone, ...own].includes(state);
};

const overview = (history: readonly StateChange[], now: number) =>
  Object.fromEntries(
    systems.map(system => [
      system,
      {
        state: stateAt(history, system, now),
        scheduled: scheduled(history, system, now).map(({ state, from }) => ({
          state,
          at: new Date(from).toISOString(),
        })),
      },
    ]),
  );

const either = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

function explain(error: z.ZodError): string {
  const wrong = error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return `Send { "state": ${either(states)}, "after"?: milliseconds, "for"?: milliseconds }. ${wrong.join('. ')}`;
}
