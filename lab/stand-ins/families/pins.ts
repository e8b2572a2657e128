/** `nqba_ipfs_pins_total` and `nqba_ltc_verification_failures_total`: entries of the LTC that were pinned, and those that do not verify. */

import { callsOf } from '../../world/traffic/flows.ts';
import { counted, type Family } from './family.ts';

const provider = 'primary';

/** Only its moment counts. */
const call = () => ({ route: 'health', account: null, address: '', user_agent: '', status: 200, reason: null }) as const;

export const pins: Family = {
  grew: (world, from, to) => {
    const state = world.customers?.read();
    if (!state) return [];
    const { unpinnedFrom = Number.POSITIVE_INFINITY, unpinnedUntil = Number.POSITIVE_INFINITY } = state.ltc;
    const all = callsOf({ name: 'pins', from: 0, until: Number.POSITIVE_INFINITY, perMinute: 4 * state.density, call }, from, to);
    return counted(all, ({ at }) => ({ provider, result: at >= unpinnedFrom && at < unpinnedUntil ? 'failed' : 'pinned' }));
  },
};

/** Each verification counts the entries that fail it. */
export const ltcFailures: Family = {
  grew: world => {
    const changed = world.customers?.read().ltc.changed.length;
    return changed === undefined ? [] : [{ metric: {}, value: changed }];
  },
};
