/** The four lines that somebody woken at night reads first. */

import { runbooks } from '../../workflows/catalog/index.ts';
import type { Change, Question, Report, StepReport } from '../../workflows/contract/index.ts';
import type { NotProgressing } from '../progress.ts';
import type { CutOff } from './left.ts';
import { answerLine } from './question-lines.ts';
import { clock, cut, line, span } from './text.ts';
import { unknownHere } from './unknown-here.ts';

/** What taking a change back is called in its report. */
const takeBack = 'take-back';

export interface Seen {
  /** Short name. */
  name: string;
  report: Report;
  notProgressing?: NotProgressing | undefined;
  /** If Temporal ended it. */
  cutOff?: CutOff | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** What is broken for customers, what did it do, what does it want from me, what happens if I do nothing. */
export const firstLines = (seen: Seen): string[] => [
  `Customer impact: ${broken(seen)}`,
  `What it did:          ${did(seen)}`,
  `What it wants of you: ${wants(seen)}`,
  `If you do nothing:    ${otherwise(seen)}`,
];

/** Those that wait for an answer: blocking first, then by when they expire. */
export const openQuestions = ({ questions }: Pick<Report, 'questions'>): Question[] =>
  questions
    .filter(({ answer, withdrawn }) => !answer && !withdrawn)
    .toSorted((one, other) => urgency(one).localeCompare(urgency(other)));

const urgency = ({ blocking, expires, asked }: Question) => `${blocking ? 0 : 1} ${expires ?? '9'} ${asked}`;

function broken({ report, now }: Seen): string {
  const { runbook, severity, state, summary, times, recovery } = report;
  const written = runbooks.find(({ slug }) => slug === runbook);
  if (!written && runbook !== takeBack) return line`not known: ${summary}. ${unknownHere([runbook])}`;
  const breaks = written?.breaks;
  if (!breaks) return line`nothing: ${summary}`;
  if (state === 'resolved' || state === 'closed')
    return line`nothing that is measured: ${recovery?.evidence ?? report.outcome ?? state}`;
  const since = span(now - Date.parse(times.fired));
  const may = state === 'mitigated' ? ', mitigated: customers may still see' : ': customers may see';
  return line`${severity} since ${since}${may} that ${breaks}. ${cut(summary, 120)}`;
}

function did({ report }: Seen): string {
  const { mode, times, like } = report;
  const steps = report.steps.filter(({ began }) => began >= times.opened);
  const changed = steps.filter(step => step.changes.length > 0 || step.state === 'part');
  const looked = steps.filter(({ state }) => ['healthy', 'faulty', 'unknown'].includes(state)).length;
  const parts = [
    mode === 'observe' ? 'it only observes and changed nothing' : changed.map(effectOf).join('; ') || 'it changed nothing',
    times.paged && line`paged at ${clock(times.paged)}`,
    looked > 0 && line`looked ${looked} times`,
    like && line`what stands before “${like.from}” was done by ${like.incident}`,
  ];
  return parts.filter(Boolean).join('; ');
}

const effectOf = ({ title, state, effect }: StepReport) =>
  effect && effect.measured !== 'nothing to measure'
    ? line`${title} (${effect.measured}: ${cut(effect.text, 100)})`
    : line`${title} (${state})`;

function wants({ name, report, notProgressing, cutOff, now }: Seen): string {
  if (cutOff) return ended(cutOff, report, name, now);
  if (notProgressing)
    return line`it is not progressing: ${notProgressing.error}, since ${notProgressing.since}. Fix: ${notProgressing.fix}`;
  const [first, ...others] = openQuestions(report);
  if (first)
    return line`an answer to “${first.title}”${others.length > 0 ? ` (and ${others.length} more below)` : ''}: ${answerLine(name, first)}`;
  if (report.state === 'triggered') return line`to know who is on it: runbooks ack ${name}`;
  return report.state === 'closed' ? 'nothing: it is closed' : 'nothing now: it goes on by itself';
}

/** What somebody finds who comes after it was terminated, timed out, failed or reset. */
function ended({ how, at, replaced, left }: CutOff, { runbook }: Report, name: string, now: number): string {
  if (replaced) return line`nothing here: this run was reset at ${clock(at)}. It goes on: runbooks show ${name}`;
  const was = line`it was ${how} at ${clock(at)} (${span(now - Date.parse(at))} ago)`;
  if (runbook === 'take-back') return `${was}. If the change still stands, order it again: runbooks undo <incident>`;
  const { settings, others, looked } = left;
  const record = looked ? '' : ' by its own record';
  const byHand = others.length > 0 ? line`. Set back by hand: ${targets(others)}` : '';
  if (settings.length > 0)
    return line`${was} and left changed${record}: ${targets(settings)}. Take it back: runbooks undo ${name}${byHand}`;
  return `${others.length > 0 ? '' : 'nothing: '}${was}, and${record} no setting is left changed${byHand}`;
}

const targets = (changes: Change[]) => [...new Set(changes.map(({ target }) => target))].join(', ');

function otherwise({ report, notProgressing, cutOff, now }: Seen): string {
  if (cutOff?.replaced) return 'it goes on in the other run';
  if (cutOff) return 'nothing goes on: what is changed stays so, nobody is told, and the next alert opens a new incident';
  if (notProgressing) return 'nothing happens: no step, no page, no deadline, until it is fixed';
  const [first] = openQuestions(report);
  if (first?.expires && first.otherwise)
    return line`at ${clock(first.expires)} (in ${span(Date.parse(first.expires) - now)}) the answer is “${first.otherwise}”`;
  if (first)
    return first.blocking
      ? 'it waits for the answer as long as it takes, and changes nothing meanwhile'
      : 'it goes on without the answer';
  if (report.state === 'closed') return line`nothing: ${report.outcome ?? 'closed'}`;
  return 'it goes on, and asks when it needs people';
}
