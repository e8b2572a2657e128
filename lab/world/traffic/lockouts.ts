/** Which accounts a process has locked: five failures lock one for thirty minutes, and a lock ends by itself. */

import { type State, troubleAt } from '../customers.ts';
import { blocksAt, isIn } from '../policies.ts';
import { chance, seedOf } from './chance.ts';
import { callsOf, type Timed, usualFlows } from './flows.ts';
import { flowsOf } from './troubles.ts';

export const lockAfter = 5;
export const lockLasts = 30 * 60_000;

/** The process that a call reaches. */
export const reached = ({ at, address }: Pick<Timed, 'at' | 'address'>, processes: number) =>
  Math.floor(chance(seedOf(address), at) * processes);

/** Failures since the last success, and when a lock ends. */
export interface Attempts {
  failures: number;
  lockedUntil: number;
}

export const none: Attempts = { failures: 0, lockedUntil: 0 };

/** What becomes of an account after one more attempt. */
export function attempted(before: Attempts, { at, status }: Pick<Timed, 'at' | 'status'>): Attempts {
  if (before.lockedUntil > at) return before;
  if (status === 200) return none;
  const failures = (before.lockedUntil > 0 ? 0 : before.failures) + 1;
  return failures >= lockAfter ? { failures, lockedUntil: at + lockLasts } : { failures, lockedUntil: 0 };
}

/** Of each account at a moment, by `process account`. Accounts that do not exist are not locked. */
export function attemptsAt(state: State, at: number, processes: number): Map<string, Attempts> {
  const start = at - 2 * lockLasts;
  const logins = usualFlows(state).filter(({ name }) => name === 'logins');
  const troubles = state.troubles.filter(({ from }) => from <= at).flatMap(trouble => flowsOf(state, trouble));
  const calls = [...logins, ...troubles]
    .flatMap(flow => callsOf(flow, start, at))
    .filter(({ route, reason, address, at: when }) => {
      return route === 'login' && reason !== 'unknown_user' && !blocksAt(state, when).some(({ cidr }) => isIn(cidr, address));
    });
  const accounts = new Map<string, Attempts>();
  for (const call of calls.toSorted((a, b) => a.at - b.at)) {
    const key = accountKey(reached(call, processes), call.account);
    accounts.set(key, attempted(accounts.get(key) ?? none, call));
  }
  return accounts;
}

export const accountKey = (process: number, account: string | null) => `${process} ${account}`;

/** Whether clients' addresses are hidden behind one proxy. */
export const isProxied = (state: State, at: number) => troubleAt(state, at)?.kind === 'proxied';
