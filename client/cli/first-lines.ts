/** The four lines that someone woken at night reads first. */

import { type Change, type Question, type Report, type StepReport, unreachedText } from '../../workflows/contract/index.ts';
import type { NotProgressing } from '../progress.ts';
import { progressLine, type StepProgress } from './shown-progress.ts';
import { impact } from './impact.ts';
import type { CutOff, Left } from './left.ts';
import { answerLine } from './question-lines.ts';
import { clock, cut, line, span } from './text.ts';

export interface Seen {
  /** Short name. */
  name: string;
  report: Report;
  notProgressing?: NotProgressing | undefined;
  /** If Temporal ended it. */
  cutOff?: CutOff | undefined;
  /** If it closed while changes of it stood. */
  left?: Left | undefined;
  /** How far its running steps are with their lists. */
  progress?: StepProgress[] | undefined;
  /** How it is held, and the command that releases it. */
  held?: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** The impact on customers, the actions so far, the next thing to do, and the consequence of doing nothing. */
export const firstLines = (seen: Seen): string[] => [
  `Customer impact:      ${impact(seen.report, seen.now)}`,
  `What it did:          ${did(seen)}`,
  `Needs from you:       ${wants(seen)}`,
  `If you do nothing:    ${otherwise(seen)}`,
];

/** Those that wait for an answer: blocking first, then by when they expire. */
export const openQuestions = ({ questions }: Pick<Report, 'questions'>): Question[] =>
  questions
    .filter(({ answer, withdrawn }) => !answer && !withdrawn)
    .toSorted((one, other) => urgency(one).localeCompare(urgency(other)));

const urgency = ({ blocking, expires, asked }: Question) => `${blocking ? 0 : 1} ${expires ?? '9'} ${asked}`;

function did({ report, held, progress = [], now }: Seen): string {
  const { mode, times, like, undelivered, unreached } = report;
  const steps = report.steps.filter(({ began }) => began >= times.opened);
  const changed = steps.filter(step => step.changes.length > 0 || step.state === 'part');
  const looked = steps.filter(({ state }) => ['healthy', 'faulty', 'unknown'].includes(state)).length;
  const parts = [
    held,
    unreached && line`${times.paged ? 'not reached' : 'NO ONE WAS REACHED'}: ${unreachedText(unreached)}`,
    mode === 'observe'
      ? 'it only observes and changed nothing'
      : changed.map(step => effectOf(step, now)).join('; ') || 'it changed nothing',
    ...progress.map(progressLine),
    times.paged && line`paged at ${clock(times.paged, now)}`,
    ...stopped(report, now),
    undelivered.some(({ system }) => system.startsWith('pager')) && 'a page was not delivered',
    looked > 0 && line`${looked} ${looked === 1 ? 'check' : 'checks'} run`,
    like && line`steps before “${like.from}” were done by ${like.incident}`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** Actions that wait for people because something stops them. */
const stopped = (report: Report, now: number) =>
  openQuestions(report).flatMap(({ kind, title, asked }) => {
    if (kind === 'held') return [line`HELD since ${clock(asked, now)}: ${title}`];
    return kind === 'stuck' ? [line`STUCK since ${clock(asked, now)}: ${title}`] : [];
  });

const effectOf = ({ title, state, effect, undone }: StepReport, now: number) =>
  undone
    ? line`${title} (undone at ${clock(undone, now)})`
    : effect && effect.measured !== 'nothing to measure'
      ? line`${title} (${effect.measured}: ${cut(effect.text, 100)})`
      : line`${title} (${state})`;

function wants({ name, report, notProgressing, cutOff, left, now }: Seen): string {
  if (cutOff) return ended(cutOff, report, name, now);
  if (left) return leftOver(left, report, name);
  if (notProgressing) return line`stuck since ${notProgressing.since}: ${notProgressing.error}. Fix: ${notProgressing.fix}`;
  const [first, ...others] = openQuestions(report);
  if (first)
    return line`an answer to “${first.title}”${others.length > 0 ? ` (and ${others.length} more below)` : ''}: ${answerLine(name, first)}`;
  // An acknowledgement is the order to undo at once.
  if (isToBeUndone(report)) return line`nothing: it undoes the change at its time. To undo it now: runbooks ack ${name}`;
  if (report.state === 'triggered') return line`someone to acknowledge: runbooks ack ${name}`;
  return report.state === 'closed' ? 'nothing: it is closed' : 'nothing now: it continues by itself';
}

/** The line about an incident that was terminated, timed out, failed or reset. */
function ended({ how, at, replaced, left }: CutOff, { runbook }: Report, name: string, now: number): string {
  if (replaced) return line`nothing here: this run was reset at ${clock(at, now)}. The new run: runbooks show ${name}`;
  const was = line`it was ${how} at ${clock(at, now)} (${span(now - Date.parse(at))} ago)`;
  if (runbook === 'take-back') return `${was}. If the change still stands, order it again: runbooks undo <incident>`;
  const { settings, others, looked } = left;
  const record = looked ? '' : ' by its own record';
  const byHand = others.length > 0 ? line`. Set back by hand: ${targets(others)}` : '';
  if (settings.length > 0)
    return line`${was} and left changed${record}: ${targets(settings)}. Undo: runbooks undo ${name}${byHand}`;
  return `${others.length > 0 ? '' : 'nothing: '}${was}, and${record} no setting is left changed${byHand}`;
}

/** The line about an incident that people closed while its changes stood. */
function leftOver({ settings, looked }: Left, { standing = [] }: Report, name: string): string {
  if (looked && settings.length === 0) return 'nothing: it is closed, and the changes that stood then have been restored since';
  const objects = looked ? targets(settings) : line`${standing.join('; ')} (when it closed; the objects were not read)`;
  return line`it is closed, and still changed: ${objects}. Undo: runbooks undo ${name}`;
}

const targets = (changes: Change[]) => [...new Set(changes.map(({ target }) => target))].join(', ');

function otherwise({ report, notProgressing, cutOff, left, now }: Seen): string {
  if (cutOff?.replaced) return 'the incident continues in the new run';
  if (cutOff) return 'nothing continues: all changes stay, no one is notified, and the next alert opens a new incident';
  if (notProgressing) return 'nothing happens: no step, no page, no deadline, until it is fixed';
  if (left && !(left.looked && left.settings.length === 0)) return 'the change stays in effect until a person restores it';
  return unanswered(report, now);
}

const isToBeUndone = ({ runbook, state }: Report) => runbook === 'take-back' && state === 'triggered';

function unanswered(report: Report, now: number): string {
  const [first] = openQuestions(report);
  if (first?.expires && first.otherwise)
    return line`at ${clock(first.expires, now)} (in ${span(Date.parse(first.expires) - now)}) the answer is “${first.otherwise}”`;
  if (first)
    return first.blocking
      ? 'it waits for the answer as long as it takes, and changes nothing meanwhile'
      : 'it continues without the answer';
  if (report.state === 'closed') return line`nothing: ${report.outcome ?? 'closed'}`;
  if (isToBeUndone(report)) return 'it undoes the change at its time';
  return 'it continues, and asks when it needs people';
}
