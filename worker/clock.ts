/** Real time. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../activities/connectors/http.ts';

export const clock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => pause(ms, undefined, { ...(signal && { signal }) }),
};
