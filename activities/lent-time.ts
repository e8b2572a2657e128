/** The time that an incident may burden customers: half an hour in all without approval, whichever of its steps asks for it; a day with one. */

import type { Platform } from './platform.ts';

const minute = 60_000;
const withApproval = 24 * 60 * minute;

/** Milliseconds since 1970, from when it first burdened them without approval; absent where it has not, or people approved. */
type Begun = { from?: number | undefined } | undefined;

/** When it ends without approval, milliseconds since 1970; at the pace of the platform, as the limits of steps are. */
export const endOfLent = (lent: Begun, { times }: Platform, now: number): number =>
  (lent?.from ?? now) + 30 * minute * times.pace;

/** The earlier of what the step says, and the longest that is allowed; RFC 3339. */
export function lentUntil(
  { approved, until }: { approved?: string | undefined; until?: string | undefined },
  lent: Begun,
  platform: Platform,
  now: number,
): string {
  const longest = approved === undefined ? endOfLent(lent, platform, now) : now + withApproval;
  const wanted = until === undefined ? longest : Date.parse(until);
  return new Date(Math.min(longest, wanted)).toISOString();
}
