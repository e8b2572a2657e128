/** A write that names the version it was read with: where another was made since, the engine plans again. */

import { SystemError } from '../../connectors/system-error.ts';

/** @throws SystemError of 409 where someone was faster */
export async function movedIfOutdated(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof SystemError && error.status === 412)) throw error;
    const text = 'was changed by someone else at the same moment';
    throw new SystemError({ system: error.system, fault: 'answered', status: 409, text, cause: error });
  }
}
