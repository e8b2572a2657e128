/** How much of their quotas customers have used: a share of the month that is their own, and calls as the day goes by. */

import { allowedBy, type Customer, customers, type State, type Trouble } from './customers.ts';
import { chance, seedOf } from './traffic/chance.ts';

export interface Used {
  jobs_this_month: number;
  calls_today: number;
}

const aDay = 86_400_000;

/** Growing customers have come near to what their tier allows, or to its end. */
const grown: Record<string, number> = { 'customer-7': 1, 'customer-8': 0.97, 'customer-9': 0.93 };

const hasGrown = ({ kind, from }: Trouble, at: number) => kind === 'legitimate' && from <= at;

function shareOf(state: State, id: string, at: number): number {
  const given = state.used[id] ?? (state.troubles.some(trouble => hasGrown(trouble, at)) ? grown[id] : undefined);
  return given ?? 0.1 + 0.5 * chance(seedOf(id), 0);
}

/** Of the tier that a customer began with: a quota that is raised does not change what is used. */
export function usedAt(state: State, { id, tier, perMinute }: Customer, at: number): Used {
  const minutes = Math.floor((at % aDay) / 60_000);
  return {
    jobs_this_month: Math.round(shareOf(state, id, at) * allowedBy[tier].jobs_per_month),
    calls_today: Math.floor(perMinute * minutes),
  };
}

export const customerCalled = (id: string | null): Customer | undefined => customers.find(customer => customer.id === id);
