/** A new incident that begins where an earlier one came to a step. */

import { workflowIdOf, type Written } from '../../workflows/catalog/index.ts';
import type { Start } from '../../workflows/contract/index.ts';
import { type TakenOver, takenFrom } from '../../workflows/kit/record/resume-from.ts';
import { Failed, Refused } from '../errors.ts';
import type { Opened } from '../incident.ts';
import type { Desk } from './desk.ts';
import { oldRecord } from './record.ts';
import { line } from './text.ts';

interface Wanted {
  /** Short name, or what else means an incident. */
  like: string;
  from: string | undefined;
}

/** `taken`: titles; `again`: those before the step that had no outcome. */
export type OpenedLike = Opened & { like: { incident: string; from: string; taken: string[]; again: string[] } };

/** Rejects with `Refused` where the record has no such step, or is another runbook's; then nothing is begun. */
export async function openLike(desk: Desk, runbook: Written, start: Start, wanted: Wanted): Promise<OpenedLike> {
  const { like, again } = await alike(desk, runbook, wanted);
  const workflowId = await freeId(desk, runbook, start, like.incident);
  const opened = await desk.temporal.openOrJoin(runbook, { ...start, like }, workflowId);
  if (opened.result === 'joined')
    throw new Failed(
      line`${opened.incident} was opened in the same moment, and was joined: nothing is taken over. Type it again.`,
    );
  const { incident, from, steps } = like;
  return { ...opened, like: { incident, from, taken: steps.map(({ title }) => title), again } };
}

async function alike(desk: Desk, { slug }: Written, { like, from }: Wanted): Promise<Exclude<TakenOver, { refused: string }>> {
  const report = await oldRecord(desk, like);
  if (report.runbook !== slug)
    throw new Refused(
      line`${report.incident} is of ${report.runbook}: runbooks open ${report.runbook} --like ${report.incident}`,
    );
  const found = takenFrom(report, from);
  if ('refused' in found) throw new Refused([line`${found.refused}`, ...found.steps.map(title => line`  ${title}`)].join('\n'));
  return found;
}

/** Beside the one that it is like, if that is still open; any other that is open is in its way. */
async function freeId(desk: Desk, runbook: Written, { name, alert }: Start, like: string): Promise<string> {
  const cluster = alert.labels['cluster'] ?? '';
  const usual = workflowIdOf(runbook, cluster);
  const open = (await desk.temporal.list()).find(({ workflowId }) => workflowId === usual);
  if (open && open.name !== like) throw new Refused(line`${open.name} is open on ${cluster}: close or cancel it first.`);
  return open ? `${usual}:${name}` : usual;
}
