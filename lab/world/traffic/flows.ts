/** Calls before anything is refused: flows at an even pace, each call with a moment and words that follow from its place. */

import { type Customer, customers, type State } from '../customers.ts';
import { chance, seedOf } from './chance.ts';
import { type RouteName, routes } from './routes.ts';

export type Reason = 'unknown_user' | 'wrong_password' | 'locked' | 'bad_token' | 'expired_token';

export interface Call {
  route: RouteName;
  account: string | null;
  address: string;
  user_agent: string;
  status: number;
  reason: Reason | null;
}

export interface Flow {
  name: string;
  from: number;
  until: number;
  perMinute: number;
  call: (place: number) => Call;
}

export interface Timed extends Call {
  at: number;
}

const aMinute = 60_000;

/** Of one flow, from a moment up to another, in the order of their places. */
export function callsOf({ name, from, until, perMinute, call }: Flow, start: number, end: number): Timed[] {
  const [period, seed] = [aMinute / perMinute, seedOf(name)];
  const first = Math.max(0, Math.floor((start - from) / period) - 1);
  const last = Math.floor((Math.min(end, until) - from) / period);
  const calls: Timed[] = [];
  for (let place = first; place <= last; place++) {
    const at = Math.floor(from + (place + chance(seed, place)) * period);
    if (at >= start && at < end && at >= from && at < until) calls.push({ at, ...call(place) });
  }
  return calls;
}

export const client = { usual: 'nqba-python/2.3.1', faulty: 'nqba-python/2.4.0' };

const mix: readonly (readonly [RouteName, number])[] = [
  ['job-status', 0.45],
  ['job-submit', 0.65],
  ['usage', 0.75],
  ['batch', 0.85],
  ['exports', 0.93],
  ['analytics', 0.98],
  ['demos', 1],
];

export const routeBy = (share: number): RouteName => mix.find(([, below]) => share < below)?.[0] ?? 'usage';

/** One call of a customer as on any day: of a hundred one has an old token, and one asks for what is not there. */
export function usualCall({ id, address }: Customer, seed: number, place: number): Call {
  const route = routeBy(chance(seed, place));
  const luck = chance(seed + 1, place);
  const caller = { route, account: id, address, user_agent: client.usual };
  if (luck < 0.01) return { ...caller, status: 401, reason: 'expired_token' };
  const status = routes[route].method === 'POST' ? 202 : 200;
  return { ...caller, status: luck < 0.02 && route === 'job-status' ? 404 : status, reason: null };
}

const always = { from: 0, until: Number.POSITIVE_INFINITY };

/** One of thirty logins has a typing error: evenly, so a span of few logins has its part of them too. */
function usualLogin(place: number, wrong: number): Call {
  const seed = seedOf('logins');
  const who = customers[Math.floor(chance(seed, place) * customers.length)];
  const failed = place % 30 === 0;
  const caller = { route: 'login', account: who?.id ?? null, address: who?.address ?? '', user_agent: 'Mozilla/5.0' } as const;
  return failed ? { ...caller, status: wrong, reason: 'wrong_password' } : { ...caller, status: 200, reason: null };
}

const probe: Call = {
  route: 'health',
  account: null,
  address: '192.0.2.10',
  user_agent: 'Blackbox Exporter/0.25.0',
  status: 200,
  reason: null,
};

/** What the platform answers to a wrong password: its own 401 is caught, and becomes a 500. */
export const wrongPassword = ({ faults }: Pick<State, 'faults'>) => (faults.login === 'fixed' ? 401 : 500);

/** As on any day. */
export const usualFlows = (state: State): Flow[] => [
  ...customers.map(customer => {
    const seed = seedOf(customer.id);
    const perMinute = customer.perMinute * state.density;
    return { ...always, name: customer.id, perMinute, call: (place: number) => usualCall(customer, seed, place) };
  }),
  { ...always, name: 'logins', perMinute: 2 * state.density, call: place => usualLogin(place, wrongPassword(state)) },
  { ...always, name: 'probe', perMinute: 2, call: () => probe },
];
