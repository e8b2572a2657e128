/** The time for which an incident may hold the intake without approval: half an hour in all, whichever of its steps asks for it. */

import { z } from 'zod';
import type { Artifacts } from '../../connectors/artifacts.ts';
import { sha256 } from '../../connectors/artifacts.ts';
import { jsonOf } from '../../connectors/http.ts';

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
