/** `nqba_billing_charges_total`, `nqba_billing_revenue_today` and `nqba_billing_revenue_expected_today`. */

import type { World } from '../../world.ts';
import type { State } from '../../world/customers.ts';
import { chance, seedOf } from '../../world/traffic/chance.ts';
import { callsOf } from '../../world/traffic/flows.ts';
import { counted, type Family } from './family.ts';

const seed = seedOf('charges');

type Lasting = { from: number; until?: number | undefined };

const holds = <T extends Lasting>(one: T | undefined, at: number): T | undefined =>
  one && one.from <= at && at < (one.until ?? Number.POSITIVE_INFINITY) ? one : undefined;

/** Of fifty charges the bank declines one; while charges fail, every other one fails for the reason that is given. */
function outcome({ billing }: State, at: number): { result: string; reason: string } {
  const failing = holds(billing.failing, at);
  if (failing && chance(seed + 1, at) < 0.5) return { result: 'failed', reason: failing.reason };
  return chance(seed, at) < 0.02 ? { result: 'failed', reason: 'card_declined' } : { result: 'succeeded', reason: '' };
}

/** Only its moment counts. */
const call = () => ({ route: 'health', account: null, address: '', user_agent: '', status: 200, reason: null }) as const;

export const charges: Family = {
  grew: (world, from, to) => {
    const state = world.customers?.read();
    if (!state) return [];
    const all = callsOf({ name: 'charges', from: 0, until: Number.POSITIVE_INFINITY, perMinute: state.density, call }, from, to);
    return counted(all, ({ at }) => outcome(state, at));
  },
};

const aDay = 86_400_000;
/** Minor units of a whole day. */
const daily = 40_000_00;

const revenue = (share: (state: State, at: number) => number): Family => ({
  is: ({ customers }: World, at: number) => {
    const state = customers?.read();
    return state ? [{ metric: {}, value: Math.round((daily * (at % aDay)) / aDay) * share(state, at) }] : [];
  },
});

export const revenueExpected = revenue(() => 1);
export const revenueToday = revenue(({ billing }, at) => 1 + (holds(billing.variance, at)?.share ?? 0));
