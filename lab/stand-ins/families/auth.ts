/** `nqba_auth_attempts_total` and `nqba_auth_locked_accounts`: what the processes of the API count of logins, each for itself. */

import type { World } from '../../world.ts';
import { troubleAt } from '../../world/customers.ts';
import { routes } from '../../world/traffic/routes.ts';
import { attemptsAt } from '../../world/traffic/lockouts.ts';
import { linesBetween, processesAt } from '../../world/traffic/log.ts';
import { aMinute } from '../../world/traffic/minute.ts';
import { apiPods } from '../hub.ts';
import { counted, type Family } from './family.ts';

/** A call that is refused before it reaches the API is no attempt. */
const unreached: readonly number[] = [403, 405, 429];

export const authAttempts: Family = {
  grew: (world, from, to) => (to - from < anHour ? attempts(world, from, to) : attemptsOfHours(world, from, to)),
};

const anHour = 3_600_000;
const aDay = 24 * anHour;

const attempts = (world: World, from: number, to: number) =>
  counted(
    [...linesBetween(world, from, to)].filter(({ route, status }) => route === routes.login.path && !unreached.includes(status)),
    ({ status, reason }) => ({ result: status === 200 ? 'succeeded' : 'failed', reason: reason ?? '' }),
  );

/** A minute stands for long spans: a week of the log has millions of lines. While nothing is wrong, each day is like the first. */
function attemptsOfHours(world: World, from: number, to: number) {
  const middle = Math.floor((from + to) / 2 / aMinute) * aMinute;
  const state = world.customers?.read();
  const isUsual = state !== undefined && troubleAt(state, middle) === undefined;
  const minute = isUsual ? middle % aDay : middle;
  const factor = (to - from) / aMinute;
  return attempts(world, minute, minute + aMinute).map(({ metric, value }) => ({ metric, value: value * factor }));
}

export const lockedAccounts: Family = {
  is: (world, at) => {
    const state = world.customers?.read();
    if (!state) return [];
    const processes = processesAt(world, at);
    const pods = apiPods(world, at);
    const lifted = (pod: string, id: string) => state.memory[pod]?.users[id]?.status === 'active';
    const locked = [...attemptsAt(state, at, processes)].filter(([, { lockedUntil }]) => lockedUntil > at);
    return Array.from({ length: processes }, (_, index) => {
      const pod = pods[index] ?? 'alone';
      const own = locked.filter(([key]) => key.startsWith(`${index} `) && !lifted(pod, key.slice(key.indexOf(' ') + 1)));
      return { metric: { pod }, value: own.length };
    });
  },
};
