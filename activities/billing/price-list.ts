/** The price list that the platform charges by, and gives quotas by, as a target of the engine; its record lies in the artifact store. */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { BillingUsage } from '../connectors/operator-api/usage.ts';
import { holdersIn } from '../engine/holders.ts';
import { storedRecords } from '../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../engine/target.ts';
import { type Proved, withRecords } from '../gateway/api/proved.ts';

export const priceListTarget: Target = { system: 'NQBA API', kind: 'Price list', name: 'in force' };

/** The one field: the version in force. */
export const versionField = 'version';

export const priceListOf = (billing: BillingUsage, artifacts: Artifacts): TargetSystem => ({
  async read(target) {
    const [{ version }, records] = await Promise.all([billing.prices(), storedRecords(artifacts, target)]);
    const value = (field: string) => (field === versionField ? version : null);
    return { target, uid: 'prices', version, value, records, holders: holdersIn(records), recordsWithWrites: false };
  },
  async write(write, seen) {
    const wanted = write.edits.find(({ field }) => field === versionField)?.after;
    await withRecords(artifacts, write, seen, wanted ? selecting(wanted, seen, billing) : undefined);
  },
});

const selecting = (wanted: string, { version = '' }: Snapshot, billing: BillingUsage): Proved => ({
  change: () => billing.selectPrices(wanted, version),
  isThere: async () => (await billing.prices()).version === wanted,
});
