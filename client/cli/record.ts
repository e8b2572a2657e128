/** The record of an incident, from wherever it can still be had. */

import type { Report } from '../../workflows/contract/index.ts';
import { Failed, NotFound, TemporalUnreachable } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { reported } from '../reported.ts';
import { storedReport } from '../stored.ts';
import type { Desk } from './desk.ts';
import { line } from './text.ts';

/** Throws `Failed` with what fixes it when there is an incident, but no record. */
export async function recordOf(desk: Desk, incident: Listed): Promise<Report> {
  const { report, notProgressing } = await reported(desk.temporal, incident);
  const record = report ?? (await storedReport(desk.environment, incident.name));
  if (record) return record;
  const { error = '', fix = '' } = notProgressing ?? {};
  throw new Failed(line`${incident.name} gives no report: ${error}. Fix: ${fix}`);
}

/** Of one that Temporal may have forgotten, or where Temporal does not answer. Throws `NotFound` or `TemporalUnreachable`. */
export async function oldRecord(desk: Desk, name: string): Promise<Report> {
  try {
    return await recordOf(desk, await desk.temporal.find(name));
  } catch (error) {
    if (!(error instanceof NotFound || error instanceof TemporalUnreachable)) throw error;
    const record = await storedReport(desk.environment, name);
    if (!record) throw error;
    desk.note('From the artifact store, as saved when the incident closed: Temporal no longer has it, or is unreachable.');
    return record;
  }
}
