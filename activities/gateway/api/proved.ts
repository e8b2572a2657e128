/** A write that names the version it was read with, and is proved by the next read: an answer of 200 proves nothing. */

import type { Artifacts } from '../../connectors/artifacts.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { storeRecords } from '../../engine/stored-records.ts';
import type { Snapshot } from '../../engine/target.ts';
import type { Write } from '../../engine/write.ts';
import { policyFor } from '../../failures.ts';

/** A change that is made, and shown by the next read. */
export interface Proved {
  change: () => Promise<void>;
  isThere: () => Promise<boolean>;
}

/**
 * The record stands before the change, and is let go only after it. Where the system refused, nothing was changed, and the record is
 * what it was: else it would stand for a change that no one made, and the next round would take the value of others for ours.
 * @param proved nothing where the record alone is written
 * @throws SystemError of 409 where someone was faster, so that the engine plans again; `garbled` where it is not there afterwards
 */
export async function withRecords(artifacts: Artifacts, write: Write, seen: Snapshot, proved: Proved | undefined): Promise<void> {
  const letsGo = Object.values(write.records).every(record => record === null);
  if (!letsGo) await storeRecords(artifacts, write);
  await proved?.change().catch(async error => {
    const former = Object.keys(write.records).map(name => [name, seen.records[name] ?? null]);
    if (isRefusal(error) && !letsGo) await storeRecords(artifacts, { ...write, records: Object.fromEntries(former) });
    throw movedIfOutdated(error);
  });
  if (proved && !(await proved.isThere())) {
    const text = 'took a change, and does not show it';
    throw new SystemError({ system: 'The NQBA API', fault: 'garbled', text });
  }
  if (letsGo) await storeRecords(artifacts, write);
}

const isRefusal = (error: unknown) => error instanceof SystemError && policyFor(error).nothingDone;

function movedIfOutdated(error: unknown): unknown {
  if (!(error instanceof SystemError && error.status === 412)) return error;
  const text = 'was changed by someone else at the same moment';
  return new SystemError({ system: error.system, fault: 'answered', status: 409, text, cause: error });
}
