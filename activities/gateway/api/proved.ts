/** A write that names the version it was read with, and is proved by the next read: an answer of 200 proves nothing. */

import type { Artifacts } from '../../connectors/artifacts.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { recordedAround } from '../../engine/stored-records.ts';
import type { Snapshot } from '../../engine/target.ts';
import type { Write } from '../../engine/write.ts';

/** A change that is made, and shown by the next read. */
export interface Proved {
  change: () => Promise<void>;
  isThere: () => Promise<boolean>;
}

/**
 * @param proved nothing where the record alone is written
 * @throws SystemError of 409 where someone was faster, so that the engine plans again; `garbled` where it is not there afterwards
 */
export const withRecords = (artifacts: Artifacts, write: Write, seen: Snapshot, proved: Proved | undefined): Promise<void> =>
  recordedAround(
    artifacts,
    write,
    seen,
    proved && {
      change: () =>
        proved.change().catch(error => {
          throw movedIfOutdated(error);
        }),
      async prove() {
        if (await proved.isThere()) return;
        const text = 'took a change, and does not show it';
        throw new SystemError({ system: 'The NQBA API', fault: 'garbled', text });
      },
    },
  );

function movedIfOutdated(error: unknown): unknown {
  if (!(error instanceof SystemError && error.status === 412)) return error;
  const text = 'was changed by someone else at the same moment';
  return new SystemError({ system: error.system, fault: 'answered', status: 409, text, cause: error });
}
