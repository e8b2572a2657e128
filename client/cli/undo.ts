import { type Report, targetName } from '../../workflows/contract/index.ts';
import { Failed, NotFound, Refused } from '../errors.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { outputs } from './outputs.ts';
import { recordOf } from './record.ts';
import { newestChanges, stepOf } from './recorded-changes.ts';
import { duration } from './durations.ts';
import { type Found, standing } from './standing.ts';
import type { Change, Undone } from './take-back.ts';
import { takeBack } from './take-back.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks undo dynex-outage-20261124-k7fp
  runbooks undo dynex-outage-20261124-k7fp -o json

Works for open, closed, terminated and forgotten incidents. Newest change first; each is planned again, and asks where
someone else has changed the object since. A restart is an event and is not undone.`;

interface Options {
  wait: string;
  as: string;
  output: Format;
}

export const undo: Register = (program, desk) =>
  program
    .command('undo <incident>')
    .description('undo the changes of an incident')
    .option('--wait <duration>', 'for each change', '5m')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { wait, as: by, output: format }: Options) => {
      const within = duration(wait);
      const incident = await subjectOf(desk, text);
      if (incident.open) desk.note(line`${incident.name} is open and may change things again: runbooks hold ${incident.name}`);
      const changes: Undone[] = [];
      const goesOn = incident.open && !isCancelled(incident.report);
      for (const change of await changesOf(desk, incident))
        changes.push(goesOn && isPublic(change) ? staysPublic(change) : await takeBack(desk, incident, change, { by, within }));
      const left = changes.filter(({ result }) => !settled.includes(result)).length;
      desk.show(format, outputs.undo, { incident: incident.name, changes, left }, () => lines(incident, changes, left));
      if (left > 0) throw new Refused(line`${left} of ${changes.length} changes are not undone yet.`);
    });

const settled: Undone['result'][] = ['nothing left', 'undone', 'stays'];

/** The incident whose changes are undone. */
interface Subject {
  name: string;
  /** First run id, which its records carry. */
  id: string;
  workflowId: string | undefined;
  open: boolean;
  report: Pick<Report, 'steps' | 'questions'>;
}

/** Also one that Temporal has no longer, by the id that `list` shows: its records on the objects are all there is. */
async function subjectOf(desk: Desk, text: string): Promise<Subject> {
  try {
    const incident = await desk.temporal.find(text);
    const { name, workflowId, open } = incident;
    return { name, id: await desk.temporal.idOf(incident), workflowId, open, report: await recordOf(desk, incident) };
  } catch (error) {
    if (!(error instanceof NotFound) || (await standing(desk, text).catch(ifUnasked)).standing.length === 0) throw error;
    return { name: text, id: text, workflowId: undefined, open: false, report: { steps: [], questions: [] } };
  }
}

const isCancelled = ({ questions }: Subject['report']) => questions.some(({ kind }) => kind === 'cancelled');

const isPublic = ({ takeBack: { target } }: Change) => target.system === 'status page';

/** The public notice is true for as long as the incident is open; its end, or its cancellation, ends the notice. */
const staysPublic = ({ title, takeBack }: Change): Undone => ({
  title,
  takeBack,
  target: targetName(takeBack.target),
  result: 'stays',
  because: 'the incident is open, so its notice stays public until it ends or is cancelled',
});

/** Newest first: what the report knows, before that what stands on an object because the incident ended under the write. */
async function changesOf(desk: Desk, { id, report }: Subject): Promise<Change[]> {
  const known = newestChanges(report);
  const keys = known.map(({ takeBack }) => takeBack.key);
  const found = await standing(desk, id).catch(ifUnasked);
  if (found.unread.length > 0) desk.note(line`Not read from here, so the report alone is gone by: ${found.unread.join(', ')}`);
  const others = [...new Map(found.standing.map(({ takeBack }) => [takeBack.key, takeBack])).values()]
    .filter(({ key }) => !keys.includes(key))
    .map(takeBack => ({ title: stepOf(report, takeBack.key)?.title ?? takeBack.key, takeBack }));
  return [...others, ...known];
}

/** Where the cluster cannot be asked, the report alone is gone by. */
function ifUnasked(error: unknown): Found {
  if (error instanceof Failed) return { standing: [], unread: [], others: [] };
  throw error;
}

function lines({ name }: Subject, changes: Undone[], left: number): string[] {
  if (changes.length === 0) return [line`Nothing to undo: ${name} changed nothing that can be undone.`];
  return [
    ...changes.map(({ result, title, target, because }) => line`${result.padEnd(12)}  ${title}: ${target}: ${because}`),
    ...(left === 0 ? ['Nothing is left to undo.'] : []),
  ];
}
