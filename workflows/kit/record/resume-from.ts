/** A new incident takes over from an earlier record all that stands before a step. Pure. */

import type { Likeness, PhaseReport, Question, Report, StepReport, StepState } from '../../contract/index.ts';
import { endTitle, hasResolved, theirs } from './alerts.ts';
import { keyPart } from './keys.ts';
import { withFirstPage } from './escalation.ts';
import type { State } from './state.ts';
import { bytesOf } from './text.ts';

/** Longest likeness, in bytes of its JSON: Temporal takes 2 MiB as one payload, and a roll-over carries it once more. */
export const longestLikeness = 256 * 1024;

/** `again`: titles before the step that have no outcome, and are done again too; `steps`: titles that may be named. */
export type TakenOver = { like: Likeness; again: string[] } | { refused: string; steps: string[] };

/** @param from title or key of the first step that is done again; if absent, the first that did not succeed */
export function takenFrom(report: Report, from?: string): TakenOver {
  const steps = stepsOf(report);
  const index = steps.findIndex(step => (from === undefined ? isUndone(step) : step.title === from || step.key === from));
  const first = steps[index];
  const titles = [...new Set(steps.map(({ title }) => title))];
  if (!first) return { refused: noSuchStep(report, from), steps: titles };
  const before = steps.slice(0, index);
  const like = {
    incident: report.incident,
    from: first.title,
    steps: before.filter(isOver).map(withoutId),
    phases: report.phases.filter(isEndedBy(first.began)),
    questions: report.questions.filter(isSettledBefore(first.began)).map(withoutPlan),
  };
  const size = bytesOf(JSON.stringify(like));
  if (size > longestLikeness)
    return { refused: tooLong(report, first, size), steps: titles.slice(0, titles.indexOf(first.title)) };
  return { like, again: before.filter(step => !isOver(step)).map(({ title }) => title) };
}

/** The state of an incident that begins so. If the earlier incident had already paged, the escalation starts at once. */
export function withLikeness(state: State, { incident, from, steps, phases, questions }: Likeness, id: string): State {
  const rebased = steps.map(step => ({ ...step, key: `${id}/${step.key}` }));
  const begun = { ...state, like: { incident, from }, steps: rebased, phases, questions };
  return steps.some(({ action }) => action?.type === 'page') ? withFirstPage(begun, state.times.opened) : begun;
}

/** Looked at whenever the body has ended; what follows it belongs to another round. */
export const recoveryCriteria = 'Recovery criteria';

/** Words of the runbook's first round: what the incident notes for itself has keys of another form. */
function stepsOf({ steps }: Report): StepReport[] {
  const end = steps.findIndex(({ title }) => title === recoveryCriteria);
  return steps
    .slice(0, end < 0 ? undefined : end)
    .filter(({ key, title }) => !title.startsWith(endTitle) && endsWith(key, title));
}

function endsWith(key: string, title: string): boolean {
  const [last = '', occurrence = ''] = key.split('/').slice(-2);
  return last === keyPart(title) && /^\d+$/.test(occurrence);
}

const undone: StepState[] = ['running', 'waiting', 'would have', 'skipped', 'withdrawn', 'not delivered'];
const isUndone = ({ state }: StepReport) => undone.includes(state);
const isOver = ({ ended }: StepReport) => ended !== undefined;

/** The key without the incident's id: the new incident puts its own before it. */
const withoutId = (step: StepReport): StepReport => ({ ...step, key: step.key.slice(step.key.indexOf('/') + 1) });

const isEndedBy =
  (began: string) =>
  ({ ended }: PhaseReport) =>
    ended !== undefined && ended <= began;

/** Questions of the runbook only; the incident asks its own again. */
const isSettledBefore =
  (began: string) =>
  ({ asked, answer, withdrawn, blocking, kind }: Question) =>
    asked < began && blocking && !theirs.includes(kind) && (answer !== undefined || withdrawn === hasResolved);

const withoutPlan = ({ plan: _, ...question }: Question): Question => question;

const noSuchStep = ({ incident }: Report, from?: string) =>
  from === undefined
    ? `Every step of ${incident} succeeded: name the step to begin with (--from). Its steps are:`
    : `${incident} has no step “${from}”. Its steps are:`;

const tooLong = ({ incident }: Report, { title }: StepReport, size: number) =>
  `The record of ${incident} before “${title}” has ${Math.ceil(size / 1024)} KiB, and at most ${longestLikeness / 1024} can be taken over. Name an earlier step with --from:`;
