/** A write that names the version it was read with, and is proved by the next read: an answer of 200 proves nothing. */

import type { Artifacts } from '../../connectors/artifacts.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { hasMoved } from '../../engine/moved.ts';
import { storeRecords } from '../../engine/stored-records.ts';
import type { Snapshot } from '../../engine/target.ts';
import type { Write } from '../../engine/write.ts';

/** @throws SystemError of 409 where someone was faster, so that the engine plans again; `garbled` where it is not there afterwards */
export async function proved(write: () => Promise<void>, isThere: () => Promise<boolean>): Promise<void> {
  await write().catch(movedIfOutdated);
  if (await isThere()) return;
  const text = 'took a change, and does not show it';
  throw new SystemError({ system: 'The NQBA API', fault: 'garbled', text });
}

/**
 * The record stands before the change, and is let go only after it. Where someone was faster, nothing was changed, and the record is
 * what it was: else the next round would take their value for ours.
 */
export async function withRecords(
  artifacts: Artifacts,
  write: Write,
  seen: Snapshot,
  carryOut: () => Promise<void>,
): Promise<void> {
  const letsGo = Object.values(write.records).every(record => record === null);
  if (!letsGo) await storeRecords(artifacts, write);
  await carryOut().catch(async error => {
    const former = Object.keys(write.records).map(name => [name, seen.records[name] ?? null]);
    if (hasMoved(error) && !letsGo) await storeRecords(artifacts, { ...write, records: Object.fromEntries(former) });
    throw error;
  });
  if (letsGo) await storeRecords(artifacts, write);
}

function movedIfOutdated(error: unknown): never {
  if (!(error instanceof SystemError && error.status === 412)) throw error;
  const text = 'was changed by someone else at the same moment';
  throw new SystemError({ system: error.system, fault: 'answered', status: 409, text, cause: error });
}
