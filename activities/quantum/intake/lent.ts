/** The time for which an incident may hold the intake without approval: half an hour in all, whichever of its steps asks for it. */

import { z } from 'zod';
import type { Artifacts } from '../../connectors/artifacts.ts';
import { sha256 } from '../../connectors/artifacts.ts';
import { jsonOf } from '../../connectors/http.ts';
import type { Platform } from '../../platform.ts';

const minute = 60_000;
/** Milliseconds at the pace of the platform, as the limits of steps are. */
const withoutApproval = ({ times }: Platform) => 30 * minute * times.pace;
const withApproval = 24 * 60 * minute;

const kept = z.object({
  /** Milliseconds since 1970: when it was first held without approval; absent where people approved. */
  from: z.number().optional(),
  /** The lowest percentage that it has had. */
  lowest: z.number(),
});
export type Lent = z.infer<typeof kept>;

const nameOf = (incident: string) => `intake/${sha256(incident)}`;

/** Nothing where the incident has not held the intake. @throws SystemError */
export async function lentTo(artifacts: Artifacts, incident: string): Promise<Lent | undefined> {
  return kept.safeParse(jsonOf((await artifacts.read(nameOf(incident))) ?? '')).data;
}

/** Written before the intake: a retry counts from the first try. @throws SystemError */
export const lend = (artifacts: Artifacts, incident: string, lent: Lent) =>
  artifacts.write(nameOf(incident), JSON.stringify(lent));

/** When it ends without approval, milliseconds since 1970. */
export const endOfLent = (lent: Pick<Lent, 'from'> | undefined, platform: Platform, now: number): number =>
  (lent?.from ?? now) + withoutApproval(platform);

/** The earlier of what the step says, and the longest that is allowed; RFC 3339. */
export function endFor(
  { approved, until }: { approved?: string | undefined; until?: string | undefined },
  lent: Pick<Lent, 'from'> | undefined,
  platform: Platform,
  now: number,
): string {
  const longest = approved === undefined ? endOfLent(lent, platform, now) : now + withApproval;
  const wanted = until === undefined ? longest : Date.parse(until);
  return new Date(Math.min(longest, wanted)).toISOString();
}
