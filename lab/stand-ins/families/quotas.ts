/** `nqba_quota_used` and `nqba_quota_limit` of each customer: what is raised counts. */

import type { World } from '../../world.ts';
import { customers } from '../../world/customers.ts';
import { allowedAt } from '../../world/policies.ts';
import { usedAt } from '../../world/quotas.ts';
import type { Family, Sample } from './family.ts';

type Quotas = (
  state: ReturnType<NonNullable<World['customers']>['read']>,
  customer: (typeof customers)[number],
  at: number,
) => Record<string, number>;

const ofEach =
  (quotas: Quotas) =>
  (world: World, at: number): Sample[] => {
    const state = world.customers?.read();
    if (!state) return [];
    return customers.flatMap(customer =>
      Object.entries(quotas(state, customer, at)).map(([quota, value]) => ({ metric: { customer: customer.id, quota }, value })),
    );
  };

export const quotaUsed: Family = {
  is: ofEach((state, customer, at) => {
    const { jobs_this_month, calls_today } = usedAt(state, customer, at);
    return { jobs_per_month: jobs_this_month, calls_per_day: calls_today };
  }),
};

export const quotaLimit: Family = {
  is: ofEach((state, { id }, at) => {
    const allowed = allowedAt(state, id, at);
    return { jobs_per_month: allowed?.jobs_per_month ?? 0, calls_per_day: allowed?.calls_per_day ?? 0 };
  }),
};
