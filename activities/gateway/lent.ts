/** The time for which an incident may limit calls without approval: half an hour in all, whichever of its steps asks for it. */

import { z } from 'zod';
import type { Artifacts } from '../connectors/artifacts.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';

/** Milliseconds since 1970: when it was first limited without approval. */
const kept = z.object({ from: z.number() });
export type Lent = z.infer<typeof kept>;

const nameOf = (incident: string) => `limited/${sha256(incident)}`;

/** Nothing where the incident has limited nothing without approval. @throws SystemError */
export async function lentTo(artifacts: Artifacts, incident: string): Promise<Lent | undefined> {
  return kept.safeParse(jsonOf((await artifacts.read(nameOf(incident))) ?? '')).data;
}

/** Written before the first limit, and once: a retry counts from the first try. @throws SystemError */
export async function lend(artifacts: Artifacts, incident: string, from: number): Promise<void> {
  if (!(await lentTo(artifacts, incident))) await artifacts.write(nameOf(incident), JSON.stringify({ from }));
}
