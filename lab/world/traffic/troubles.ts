/** The calls that a trouble adds to those of any day. Their pace does not depend on how busy the platform is. */

import { type Customer, customers, type State, type Trouble, type TroubleKind } from '../customers.ts';
import { chance, seedOf } from './chance.ts';
import { type Call, client, type Flow, usualCall, wrongPassword } from './flows.ts';

type Adds = (state: State, span: Pick<Flow, 'from' | 'until'>) => Flow[];

const called = (...places: number[]): Customer[] => customers.filter((_, index) => places.includes(index + 1));

/** Customers of the tier business that grow, spread over the routes that they always use: to more than seven times what a busy platform has. */
export const growing = called(7, 8, 9);

const growth: Adds = (_, span) =>
  growing.map(customer => {
    const seed = seedOf(`${customer.id} grows`);
    return { ...span, name: `${customer.id} grows`, perMinute: 400, call: place => usualCall(customer, seed, place) };
  });

const scraper = (address: string, perMinute: number): Pick<Flow, 'name' | 'perMinute' | 'call'> => ({
  name: `scraper ${address}`,
  perMinute,
  call: place => ({
    route: place % 3 === 0 ? 'exports' : 'job-status',
    account: null,
    address,
    user_agent: 'python-requests/2.32.3',
    status: place % 3 === 0 ? 401 : 404,
    reason: place % 3 === 0 ? 'bad_token' : null,
  }),
});

const abuse: Adds = (_, span) => [
  { ...span, ...scraper('203.0.113.7', 600) },
  ...Array.from({ length: 9 }, (__, index) => ({ ...span, ...scraper(`203.0.113.${index + 8}`, 60) })),
];

/** One version of our client calls again at once when it is refused. */
const bug: Adds = (_, span) =>
  called(10).map(({ id, address }) => ({
    ...span,
    name: `${id} retries`,
    perMinute: 500,
    call: () => ({ route: 'job-submit', account: id, address, user_agent: client.faulty, status: 422, reason: null }),
  }));

const tried = 120;

/** Few addresses try many accounts; most of them do not exist. */
function sprayed(state: State, place: number): Call {
  const customer = customers[place % tried];
  const address = `203.0.113.${50 + (place % 3)}`;
  const caller = { route: 'login', address, user_agent: 'Go-http-client/1.1', status: wrongPassword(state) } as const;
  return customer
    ? { ...caller, account: customer.id, reason: 'wrong_password' }
    : { ...caller, account: `guess-${place % tried}@mail.example`, reason: 'unknown_user' };
}

const spraying: Adds = (state, span) => [{ ...span, name: 'spraying', perMinute: 600, call: place => sprayed(state, place) }];

/** Passwords that leaked elsewhere are tried: no one here has an account of that name, so no customer is locked out. */
const stuffing: Adds = (state, span) => [
  {
    ...span,
    name: 'stuffing',
    perMinute: 600,
    call: place => ({
      route: 'login',
      address: `203.0.113.${60 + (place % 3)}`,
      user_agent: 'Go-http-client/1.1',
      status: wrongPassword(state),
      account: `leaked-${place % tried}@mail.example`,
      reason: 'unknown_user',
    }),
  },
];

const [victim] = called(11);

/** Many addresses try one account; the fourth attempt of every ten minutes is the right password. */
function takenOver(state: State, place: number): Call {
  const wins = place % 600 === 3;
  const address = `203.0.113.${100 + Math.floor(chance(seedOf('takeover'), place) * 30)}`;
  const caller = { route: 'login', account: victim?.id ?? null, address, user_agent: 'Mozilla/5.0 (X11)' } as const;
  return wins ? { ...caller, status: 200, reason: null } : { ...caller, status: wrongPassword(state), reason: 'wrong_password' };
}

const takeover: Adds = (state, span) => [{ ...span, name: 'takeover', perMinute: 60, call: place => takenOver(state, place) }];

/** Nothing is added: what is called already is refused. */
const nothing: Adds = () => [];

const adds: Record<TroubleKind, Adds> = {
  legitimate: growth,
  abuse,
  bug,
  spraying,
  stuffing,
  takeover,
  proxied: abuse,
  misconfigured: nothing,
  'bad-tokens': nothing,
};

export const flowsOf = (state: State, { kind, from, until = Number.POSITIVE_INFINITY }: Trouble): Flow[] =>
  adds[kind](state, { from, until });
