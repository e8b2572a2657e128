/** Limits that a change of ours set: named as ours, and no evidence against anyone. Pure. */

import type { Holder, Values } from '../engine/holders.ts';

/** The incident that set these values; nothing where someone has changed them since. */
export const oursFor = (holders: Holder[], now: Values): string | undefined =>
  holders.find(({ action, set }) => action === 'setLimit' && Object.entries(now).every(([field, value]) => set[field] === value))
    ?.incident;
