/** The on-call people now: read again for every page, so that a new rota needs no restart. */

import { quoted } from './connectors/system-error.ts';
import { nobody, type OnCall, readOnCall } from './people.ts';

export interface Rota {
  onCall: OnCall;
  /** That the file could not be used, and an older one counts. */
  note?: string;
}

/** Falls back to what was read last; never throws. @param first as it was read at the start */
export function rotaIn(file: string, first: OnCall | undefined): () => Promise<Rota> {
  let last = first;
  return async () => {
    try {
      const read = await readOnCall(file);
      if (!read && last) throw new Error(`${file} is no longer there`);
      last = read;
      return { onCall: read ?? nobody };
    } catch (error) {
      const said = quoted(error instanceof Error ? error.message : String(error));
      return { onCall: last ?? nobody, note: `The on-call file could not be read, so its last good version counts: ${said}` };
    }
  };
}
