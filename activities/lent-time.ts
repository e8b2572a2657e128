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
  if (approved !== undefined) return approvedUntil(until, now);
  return earlierOf(until, endOfLent(lent, platform, now));
}

/** A day at the latest: for what people always approve. */
export const approvedUntil = (until: string | undefined, now: number): string => earlierOf(until, now + withApproval);

/** The earlier of what a step says, and the longest that is allowed (milliseconds since 1970); RFC 3339. */
export const earlierOf = (until: string | undefined, longest: number) =>
  new Date(until === undefined ? longest : Math.min(longest, Date.parse(until))).toISOString();
