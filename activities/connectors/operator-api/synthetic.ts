/** Customers of ours, one for each tier, who call as any customer does. */

import { under } from '../address.ts';
import { sender, sentenceIn, type Wire } from '../http.ts';
import { system } from './calls.ts';
import { type Tier, tiers } from './entitlements.ts';

/** An API key for each tier. */
export type SyntheticKeys = Partial<Record<Tier, string | undefined>>;

export interface SyntheticAnswer {
  status: number;
  /** The platform's own words. */
  text: string;
  /** Milliseconds, where it was refused. */
  retryAfter: number | undefined;
}

export interface SyntheticCustomers {
  /** Those that have a key. */
  tiers: Tier[];
  /** One call; nothing where that tier has no key. @throws SystemError where no answer came. */
  call: (tier: Tier) => Promise<SyntheticAnswer | undefined>;
}

export function syntheticOf(url: string, keys: SyntheticKeys, wire: Wire): SyntheticCustomers {
  const send = sender(system, wire);
  return {
    tiers: tiers.filter(tier => keys[tier] !== undefined),
    async call(tier) {
      const key = keys[tier];
      if (key === undefined) return undefined;
      const headers = { 'x-api-key': key, accept: 'application/json' };
      const { status, text, retryAfter } = await send(under(url, '/api/v1/qih/usage'), { headers });
      return { status, text: sentenceIn(text), retryAfter };
    },
  };
}
