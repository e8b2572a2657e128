/** How far the quotas of listed customers are raised: by a part of what each may use, and never above the next tier. Pure. */

import { type Allowed, type Entitlement, tiers } from '../connectors/operator-api/entitlements.ts';
import type { Gateway } from '../platform/gateway.ts';
import { grouped, spelled } from './counted.ts';
import type { CustomerItem } from './items.ts';

/** A customer, as the platform spells it, and what it may use. */
export interface Raise {
  customer: string;
  raised: Partial<Allowed>;
  /** RFC 3339: the end of what was raised for it before, if anything was. */
  until: string | undefined;
}

export interface Raises {
  raises: Raise[];
  /** Customers whose quota stays, by the reason. */
  left: Record<string, number>;
}

interface Asked {
  items: CustomerItem[];
  entitlements: Entitlement[];
  /** Part of what is allowed that is added. */
  by: number;
  gateway: Gateway;
}

/** Two spellings of one customer are one raise. */
export function raisesOf({ items, entitlements, by, gateway }: Asked): Raises {
  const known = new Map(entitlements.map(one => [spelled(one.user_id), one]));
  const found: Raises = { raises: [], left: {} };
  const leave = (why: string) => {
    found.left[why] = (found.left[why] ?? 0) + 1;
  };
  for (const [name, own] of grouped(items, ({ customer }) => spelled(customer))) {
    const entitlement = known.get(name);
    if (!entitlement) leave('unknown to the platform');
    else {
      const raised = raisedFor(entitlement, [...new Set(own.map(({ of }) => of))], by, gateway);
      if (Object.keys(raised).length === 0) leave(noRoom(entitlement));
      else found.raises.push({ customer: entitlement.user_id, raised, until: entitlement.override?.until });
    }
  }
  return found;
}

const nextOf = ({ tier }: Entitlement) => tiers[tiers.indexOf(tier) + 1];

const noRoom = (entitlement: Entitlement) =>
  nextOf(entitlement) === undefined ? 'of the highest tier' : 'whose next tier has no more, or is not in platform.json';

function raisedFor(entitlement: Entitlement, quotas: (keyof Allowed)[], by: number, gateway: Gateway): Partial<Allowed> {
  const next = nextOf(entitlement);
  const table = next && gateway.tiers[next];
  const most: Record<keyof Allowed, number | undefined> = {
    jobs_per_month: table?.jobsPerMonth,
    calls_per_day: table?.callsPerDay,
    calls_per_minute: gateway.limits[`tier:${next}`]?.perMinute,
  };
  const raised: Partial<Allowed> = {};
  for (const quota of quotas) {
    const now = entitlement.limits[quota];
    const wanted = Math.min(Math.ceil(now * (1 + by)), most[quota] ?? now);
    if (wanted > now) raised[quota] = wanted;
  }
  return raised;
}
