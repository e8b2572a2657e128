/** The price list that the platform charges by, and gives quotas by, as a target of the engine; its record lies in the artifact store. */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { BillingUsage } from '../connectors/operator-api/usage.ts';
import { SystemError } from '../connectors/system-error.ts';
import { holdersIn } from '../engine/holders.ts';
import { storedRecords, storeRecords } from '../engine/stored-records.ts';
import type { TargetSystem } from '../engine/target.ts';

export const priceListTarget: Target = { system: 'NQBA API', kind: 'Price list', name: 'in force' };

/** The one field: the version in force. */
export const versionField = 'version';

/** Its record is written before the version, and let go only after it. */
export const priceListOf = (billing: BillingUsage, artifacts: Artifacts): TargetSystem => ({
  async read(target) {
    const [{ version }, records] = await Promise.all([billing.prices(), storedRecords(artifacts, target)]);
    const value = (field: string) => (field === versionField ? version : null);
    return { target, uid: 'prices', value, records, holders: holdersIn(records), recordsWithWrites: false };
  },
  async write(write) {
    const letsGo = Object.values(write.records).every(record => record === null);
    const edit = write.edits.find(({ field }) => field === versionField);
    if (!letsGo) await storeRecords(artifacts, write);
    if (edit?.after && edit.before) await select(billing, edit.after, edit.before);
    if (letsGo) await storeRecords(artifacts, write);
  },
});

/** The platform compares versions as HTTP does: 412 is what the engine knows as 409. */
async function select(billing: BillingUsage, wanted: string, former: string): Promise<void> {
  try {
    await billing.selectPrices(wanted, former);
  } catch (error) {
    if (!(error instanceof SystemError && error.status === 412)) throw error;
    throw new SystemError({
      system: error.system,
      fault: 'answered',
      status: 409,
      text: 'has other prices than those read before',
    });
  }
}
