/** When the rule of an alert first held: it fires only once it has held for its `for`, and people may have acted meanwhile. */

import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { momentOf } from './kubernetes/when.ts';
import { valueOf } from './observe/metric.ts';
import { heldSinceAt } from './queries.ts';

export interface Onset {
  /** Milliseconds since 1970: the first bad sample, else when the alert fired. */
  at: number;
  /** For people: which of the two it is. */
  told: string;
}

interface Firing {
  alert: string | undefined;
  /** When the alert fired, milliseconds since 1970. */
  fired: number;
  /** A rule that had held for longer by then, milliseconds, may be that of another instance. */
  within: number;
}

export async function onsetOf({ systems: { prometheus } }: Deps, { alert, fired, within }: Firing): Promise<Onset> {
  const unknown = { at: fired, told: ' Counted from when the alert fired: when its rule first held is not known.' };
  if (alert === undefined) return { at: fired, told: '' };
  if (!prometheus) return unknown;
  try {
    const seconds = await valueOf(prometheus, heldSinceAt(alert, fired));
    const at = (seconds ?? Number.NaN) * 1000;
    if (!(at <= fired && at >= fired - within)) return unknown;
    return { at, told: ` Counted from ${momentOf(at, fired)}, when the rule of ${alert} first held.` };
  } catch (error) {
    if (error instanceof SystemError) return unknown;
    throw error;
  }
}
