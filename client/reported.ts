/** The record of an incident, and what keeps it from going on. */

import { Failed, TemporalUnreachable } from './errors.ts';
import type { Listed, Reported } from './incident.ts';
import { ending } from './incident.ts';
import type { NotProgressing } from './progress.ts';
import { endedOtherwise, failing, noAnswer, noWorker } from './progress.ts';
import { reportOf } from './report.ts';
import type { Temporal } from './temporal.ts';

/** Rejects with `TemporalUnreachable` only when the server itself gives no answer. */
export async function reported(temporal: Temporal, incident: Listed): Promise<Reported> {
  const failed = incident.open ? await temporal.failedTask(incident) : undefined;
  try {
    const report = reportOf(await temporal.read(incident));
    return { report, ...(failed && { notProgressing: failing(incident, failed) }) };
  } catch (error) {
    if (error instanceof Failed) throw error;
    return { notProgressing: failed ? failing(incident, failed) : await silence(temporal, incident, error) };
  }
}

async function silence(temporal: Temporal, incident: Listed, error: unknown): Promise<NotProgressing> {
  const { open, closed, opened } = incident;
  if (!open) return endedOtherwise(incident, ending(incident), closed ?? opened, await temporal.failure(incident));
  if ((await temporal.workers(incident)) === 0) return noWorker(incident, opened);
  const said = error instanceof TemporalUnreachable ? 'it did not answer within 5 seconds' : String(error);
  return noAnswer(incident, said, new Date().toISOString());
}
