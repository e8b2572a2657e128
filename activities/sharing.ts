/** Do worker and intake share the artifact store? Each writes down that it was here, and the doctor reads both. */

import type { Artifacts } from './connectors/artifacts.ts';

const processes = ['worker', 'intake'] as const;
export type Sharer = (typeof processes)[number];

const hour = 3_600_000;
/** Milliseconds after which a process that runs would have been here again. */
const stale = 2 * hour;

const recordOf = (sharer: Sharer) => `here/${sharer}`;

/** At once, and every hour. A store that cannot be written has a line of its own. */
export function writeThatHere(artifacts: Artifacts, sharer: Sharer, now: () => number): Promise<void> {
  const write = () => artifacts.write(recordOf(sharer), new Date(now()).toISOString()).catch(() => undefined);
  setInterval(() => void write(), hour).unref();
  return write();
}

/** Those that were never here, or not of late, while the other was; none where neither was. */
export async function absentFrom(artifacts: Artifacts, now: number): Promise<Sharer[]> {
  const times = await Promise.all(processes.map(sharer => artifacts.read(recordOf(sharer))));
  const absent = processes.filter((_, index) => !(now - Date.parse(times[index] ?? '') < stale));
  return absent.length === processes.length ? [] : absent;
}
