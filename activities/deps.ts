/** The parts of all activities. Their maker decides which systems are connected and what time it is. */

import type { TakeBack } from '../workflows/contract/action.ts';
import type { Finding } from '../workflows/contract/finding.ts';
import type { Platform } from './platform.ts';
import type { Rota } from './rota.ts';
import type { Running } from './running.ts';
import type { Systems } from './connectors/index.ts';

export interface Deps {
  platform: Platform;
  /** A system that is absent is not connected. */
  systems: Systems;
  /** People on call now; no one is described where it is absent. */
  rota?: () => Promise<Rota>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds; ends early with the signal's reason. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Sees to it that a change is taken back at a time, RFC 3339, whatever becomes of who made it. The same again is no second one. */
  takeBackLater?: (order: { takeBack: TakeBack; at: string }) => Promise<void>;
  /** The check on which incidents of that runbook may close, by its row in the catalog; `createActivities` puts it here. */
  recovered?: (runbook: string) => Promise<Finding | undefined>;
  /** Every change is planned and none is made, whatever is armed. */
  onlyObserves?: true;
  /** The execution we are part of; Temporal's unless told otherwise. */
  running?: () => Running;
}
