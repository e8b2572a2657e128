/** Records pinned to IPFS at two providers, and the LTC that names them. */

import { checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';
import { checkCluster, type ClusterInput } from './ipfs/cluster.ts';
import { checkLtcRecords, type LtcRecordsInput } from './ipfs/ltc-records.ts';
import { removePins } from './ipfs/remove-pins.ts';
import { repinFailed } from './ipfs/repin-failed.ts';
import { setPinning } from './ipfs/set-pinning.ts';
import { checkStorage, type StorageInput } from './ipfs/storage.ts';
import { checkTestPin, type TestPinInput } from './ipfs/test-pin.ts';

/** By their names, so that undo finds them. */
export const ipfsActions = { setPinning, removePins, repinFailed };

export const ipfsActivities = (deps: Deps) => ({
  setPinning: asActivity(deps, setPinning),
  removePins: asActivity(deps, removePins),
  repinFailed: asActivity(deps, repinFailed),

  /** The first provider answers and few pins fail; it meets others; it lets us in; it is what pods pin to. Reads only. */
  cluster: checking((input: ClusterInput) => checkCluster(deps, input)),

  /** Used against allowed bytes, and the growth per day; pins that no record under retention needs. Reads only. */
  storage: checking((input: StorageInput) => checkStorage(deps, input)),

  /** 1 KiB of new content is pinned, read back through two gateways, compared and unpinned. What it pins it unpins. */
  testPin: checking((input: TestPinInput) => checkTestPin(deps, input)),

  /** The chain of hashes of the LTC, and the pinned JSON of each entry. Reads only: a mismatch is never repaired. */
  ltcRecords: checking((input: LtcRecordsInput) => checkLtcRecords(deps, input)),
});
