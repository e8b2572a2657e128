/** Users, as each process remembers them: a status that one process was given is not known to the others. */

import type { Context } from 'hono';
import { z } from 'zod';
import { customers, type Memory, type State, synthetic } from '../../world/customers.ts';
import { accountKey, attemptsAt } from '../../world/traffic/lockouts.ts';
import { readBody, readQuery } from '../job-request.ts';
import { closed, detail, iso, type NamedProcess, PageOf100, type Part, type Platform } from './served.ts';

export const everyUser = [...customers, { ...synthetic, tier: 'free' as const }];
export const userCalled = (id: string) => everyUser.find(user => user.id === id);

const nothing: Memory = { users: {}, failures: {}, sessions: 0, loggedOut: [] };

export const memoryOf = ({ memory }: State, { name }: NamedProcess): Memory => memory[name] ?? structuredClone(nothing);

export function remember({ customers }: Platform, { name }: NamedProcess, changed: Partial<Memory>) {
  const state = customers.read();
  customers.change({ memory: { ...state.memory, [name]: { ...memoryOf(state, { name, index: 0, of: 1 }), ...changed } } });
}

/** When a lock ends that this process has put on, as far as no one has lifted it. */
export function lockedUntil(platform: Platform, process: NamedProcess): (id: string) => number {
  const [state, now] = [platform.customers.read(), platform.around.now()];
  const attempts = attemptsAt(state, now, process.of);
  const { users, failures } = memoryOf(state, process);
  return id => {
    const lifted = users[id]?.status === 'active' ? users[id].at : 0;
    const [, fifth] = (failures[id] ?? []).length >= 5 ? [0, failures[id]?.at(-1) ?? 0] : [0, 0];
    const own = fifth > 0 ? fifth + 30 * 60_000 : 0;
    const fromLog = attempts.get(accountKey(process.index, id))?.lockedUntil ?? 0;
    const until = Math.max(own, fromLog);
    return until > now && lifted <= until - 30 * 60_000 ? until : 0;
  };
}

function asSeen(platform: Platform, process: NamedProcess) {
  const locks = lockedUntil(platform, process);
  const { users } = memoryOf(platform.customers.read(), process);
  return ({ id, email, tier }: (typeof everyUser)[number]) => {
    const until = locks(id);
    const status = until > 0 ? 'locked' : (users[id]?.status ?? 'active');
    return {
      id,
      email,
      tier,
      status,
      locked_until: until > 0 ? iso(until) : null,
      password_reset_required: users[id]?.reset ?? false,
      last_login: null,
    };
  };
}

const Change = z.object({
  status: z.enum(['active', 'locked', 'suspended']).optional(),
  password_reset_required: z.boolean().optional(),
});

async function changed(c: Context, platform: Platform): Promise<Response> {
  const user = userCalled(c.req.param('id') ?? '');
  if (!user) return detail(c, 404, 'User not found');
  const wanted = await readBody(c, Change);
  if (wanted instanceof Response) return wanted;
  const process = platform.process(c);
  const { users, failures } = memoryOf(platform.customers.read(), process);
  const { at: since = 0, ...before } = users[user.id] ?? {};
  const { status, password_reset_required: reset } = wanted;
  const at = status ? platform.around.now() : since;
  remember(platform, process, {
    users: { ...users, [user.id]: { ...before, ...(status && { status }), ...(reset !== undefined && { reset }), at } },
    failures: wanted.status === 'active' ? { ...failures, [user.id]: [] } : failures,
  });
  return c.json(asSeen(platform, process)(user));
}

export const users: Part = (app, base, platform) => {
  const path = `${base}/api/v1/users`;
  app.get(path, c => {
    const query = readQuery(c, PageOf100);
    if (query instanceof Response) return query;
    const { limit, offset } = query;
    const page = everyUser.slice(offset, offset + limit).map(asSeen(platform, platform.process(c)));
    return c.json({ users: page, total: everyUser.length });
  });
  app.put(`${path}/:id`, c => changed(c, platform));
  closed(app, [path, `${path}/:id`]);
};
