/** Two switches of the hub for operators, which all processes share: how many jobs are let in, and in which order they start. */

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { priorities } from './hub.ts';
import type { World } from '../world.ts';
import { readBody } from './job-request.ts';
import type { Surroundings } from './stand-in.ts';

const Intake = z.object({ percent: z.number().int().min(0).max(100) });
const Order = z.object({ classes: z.array(z.enum(priorities)).min(1), hold: z.array(z.enum(priorities)).optional() });

export const Switches = z.object({ intake: Intake, order: Order });
export type Switches = z.infer<typeof Switches>;
export const untouched: Switches = { intake: { percent: 100 }, order: { classes: ['urgent', 'high', 'normal', 'low'] } };

export interface Switchable {
  around: Surroundings;
  world: () => World;
  switches: Switches;
}

/** The jobs of the world follow the intake from now on. */
export const followed = ({ around, world, switches }: Switchable) =>
  world().intake?.push({ percent: switches.intake.percent, from: around.now() });

/** `GET` and `PUT`; a platform without them (`unsupported`) answers 404. */
export function switchRoutes(app: Hono, hub: string, switchable: Switchable) {
  const { around, switches } = switchable;
  const set = async <K extends keyof Switches>(c: Context, name: K, schema: z.ZodType<Switches[K]>): Promise<Response> => {
    const wanted = await readBody(c, schema);
    if (wanted instanceof Response) return wanted;
    switches[name] = wanted;
    around.shelf.write(switches);
    if (name === 'intake') followed(switchable);
    return c.json(wanted);
  };
  for (const name of ['intake', 'order'] as const) {
    const path = `${hub}/${name}`;
    app.use(path, async (c, next) => (around.state() === 'unsupported' ? c.json({ detail: 'Not Found' }, 404) : next()));
    app.get(path, c => c.json(switches[name]));
  }
  app.put(`${hub}/intake`, c => set(c, 'intake', Intake));
  app.put(`${hub}/order`, c => set(c, 'order', Order));
  for (const name of ['intake', 'order']) app.all(`${hub}/${name}`, c => c.json({ detail: 'Method Not Allowed' }, 405));
}
