/** Who the customers of the practice platform are, what trouble their traffic makes, and what operators have set for them so far. */

import { z } from 'zod';
import type { Shelf } from '../stand-ins/stand-in.ts';

export const tiers = ['free', 'business', 'premium', 'luxury'] as const;
export type Tier = (typeof tiers)[number];

export interface Allowed {
  jobs_per_month: number;
  calls_per_day: number;
  calls_per_minute: number;
}

/** Jobs and calls a day as the platform's code has them; it limits no calls a minute, so these are ours. */
export const allowedBy: Record<Tier, Allowed> = {
  free: { jobs_per_month: 10, calls_per_day: 100, calls_per_minute: 30 },
  business: { jobs_per_month: 1_000, calls_per_day: 10_000, calls_per_minute: 100 },
  premium: { jobs_per_month: 10_000, calls_per_day: 100_000, calls_per_minute: 300 },
  luxury: { jobs_per_month: 100_000, calls_per_day: 1_000_000, calls_per_minute: 1_000 },
};

export interface Customer {
  id: string;
  email: string;
  tier: Tier;
  address: string;
  /** Calls a minute that it makes on any day. */
  perMinute: number;
}

const usual: Record<Tier, number> = { free: 0.04, business: 1, premium: 2, luxury: 4 };
const count = 24;

const tierOf = (place: number): Tier => {
  if (place === 1) return 'luxury';
  if (place <= 5) return 'premium';
  return place <= 12 ? 'business' : 'free';
};

/** Addresses are those that documents use (RFC 5737, RFC 3849); every sixth customer has IPv6. */
const addressOf = (place: number) => (place % 6 === 0 ? `2001:db8:${place}::1` : `198.51.100.${place + 9}`);

export const customers: readonly Customer[] = Array.from({ length: count }, (_, index) => {
  const [place, tier] = [index + 1, tierOf(index + 1)];
  const id = `customer-${place}`;
  return { id, email: `${id}@mail.example`, tier, address: addressOf(place), perMinute: usual[tier] };
});

/** Has an account of its own, and no traffic but what it is asked for. */
export const synthetic = { id: 'synthetic', email: 'synthetic@nqba.example', password: 'practice-synthetic' };

export const troubles = [
  'legitimate',
  'abuse',
  'bug',
  'misconfigured',
  'spraying',
  'stuffing',
  'takeover',
  'bad-tokens',
  'proxied',
] as const;
export type TroubleKind = (typeof troubles)[number];

/** From a moment (milliseconds since 1970) on; without an end until something the operators set ends it. */
export const Trouble = z.object({ kind: z.enum(troubles), from: z.number(), until: z.number().optional() });
export type Trouble = z.infer<typeof Trouble>;

export const Limit = z.object({
  per_minute: z.number(),
  burst: z.number(),
  until: z.string().nullable(),
  reason: z.string(),
});
export type Limit = z.infer<typeof Limit>;
/** Operators may add fields of their own. */
export const Block = z.looseObject({
  cidr: z.string(),
  how: z.enum(['block', 'challenge']),
  until: z.string(),
  reason: z.string(),
});
export type Block = z.infer<typeof Block>;
export const Override = z.object({
  jobs_per_month: z.number().optional(),
  calls_per_day: z.number().optional(),
  calls_per_minute: z.number().optional(),
  until: z.string(),
});
export type Override = z.infer<typeof Override>;

/** What one process of the API remembers of users. */
export const Memory = z.object({
  users: z.record(z.string(), z.object({ status: z.string().optional(), reset: z.boolean().optional(), at: z.number() })),
  failures: z.record(z.string(), z.array(z.number())),
  sessions: z.number(),
  loggedOut: z.array(z.string()),
});
export type Memory = z.infer<typeof Memory>;

export const State = z.object({
  /** How many times as much as a quiet platform has; 1 is 20 calls a minute. */
  density: z.number(),
  troubles: z.array(Trouble),
  /** Faults of the platform's own code: an answer to a wrong password, and where signing keys come from. */
  faults: z.object({ login: z.enum(['500', 'fixed']), keys: z.enum(['shared', 'per-process']) }),
  /** Share of their tier's jobs that customers have used this month, where it is not as usual. */
  used: z.record(z.string(), z.number()),
  /** What the first process has otherwise than all others. */
  oddSettings: z.record(z.string(), z.unknown()),
  limits: z.array(z.object({ at: z.number(), scope: z.string(), limit: Limit.nullable() })),
  blocks: z.array(z.object({ at: z.number(), blocks: z.array(Block) })),
  tiers: z.array(z.object({ at: z.number(), user: z.string(), tier: z.enum(tiers) })),
  overrides: z.array(z.object({ at: z.number(), user: z.string(), override: Override.nullable() })),
  prices: z.array(z.object({ at: z.number(), version: z.string() })),
  ltc: z.object({
    from: z.number(),
    /** From when on entries were not pinned. */
    unpinnedFrom: z.number().optional(),
    unpinnedUntil: z.number().optional(),
    /** Entries that somebody has changed afterwards. */
    changed: z.array(z.string()),
    references: z.record(z.string(), z.string()),
  }),
  billing: z.object({
    /** Charges fail for a reason that is not the card's. */
    failing: z.object({ from: z.number(), until: z.number().optional(), reason: z.string() }).optional(),
    /** What a day brings in is so far from what is expected: -0.3 is thirty percent less. */
    variance: z.object({ from: z.number(), until: z.number().optional(), share: z.number() }).optional(),
    /** What was used today lies in durable records already, and no longer in the memory of the API. */
    durable: z.boolean().optional(),
  }),
  memory: z.record(z.string(), Memory),
});
export type State = z.infer<typeof State>;

const aWeek = 7 * 86_400_000;

const quiet = (now: number): State => ({
  density: 1,
  troubles: [],
  faults: { login: '500', keys: 'shared' },
  used: {},
  oddSettings: {},
  limits: [],
  blocks: [],
  tiers: [],
  overrides: [],
  prices: [],
  ltc: { from: Math.floor((now - aWeek) / 600_000) * 600_000, changed: [], references: {} },
  billing: {},
  memory: {},
});

export interface CustomerWorld {
  read: () => State;
  change: (changed: Partial<State>) => void;
}

/** Begins quiet, or with what a scenario or a test says; goes on with what the shelf has. */
export function customersOn(shelf: Shelf, now: number, given: Partial<State> = {}): CustomerWorld {
  let state = shelf.read(State, { ...quiet(now), ...given });
  shelf.write(state);
  return {
    read: () => state,
    change(changed) {
      state = { ...state, ...changed };
      shelf.write(state);
    },
  };
}

/** The one that lasts; a scenario makes one at a time. */
export const troubleAt = ({ troubles }: State, at: number): Trouble | undefined =>
  troubles.findLast(({ from, until }) => from <= at && (until === undefined || at < until));

/** What a platform is given to practise with. */
export const practising = { density: 60 } satisfies Partial<State>;
