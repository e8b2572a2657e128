/** Changes of an incident that may still stand, and what becomes of it when one of them is undone. Pure. */

import { isAction, isPublic, messageOf } from '../../catalog/activities.ts';
import { isTryOf, type StepReport, type TakeBack, targetName } from '../../contract/index.ts';
import { withRepeat, withRemark } from './announcements.ts';
import type { State } from './state.ts';

export const closeAnyway = 'close: no mitigation was possible';
export const restoreThem = 'restore them now';
export const leaveThem = 'close: leave them standing';

/** How often people ordered that the changes be restored. */
export const restoreOrders = ({ questions }: Pick<State, 'questions'>) =>
  questions.filter(({ answer }) => answer?.choice === restoreThem).length;

/** A record that an object carries because of a step. */
export interface RecordedChange {
  title: string;
  takeBack: TakeBack;
}

/** Each record once, by the first step that has it, in the words of the last; none that the incident knows to be undone. */
export function recordedChanges({ steps }: Pick<State, 'steps'>): RecordedChange[] {
  const changes = new Map<string, RecordedChange>();
  for (const { title, takeBack, takesBack, undone } of steps)
    if (takeBack && takesBack === undefined && undone === undefined)
      changes.set(takeBack.key, { title: changes.get(takeBack.key)?.title ?? title, takeBack });
  return [...changes.values()];
}

/** The world reads it on the status page. */
export const isStatement = ({ action }: StepReport) => action !== undefined && messageOf(action.type)?.reaches === 'status page';

/** It goes to the world: the status page, or mail to customers. */
export const isForThePublic = ({ action }: StepReport) => action !== undefined && isPublic(action.type);

/** Of these the outcome is known. */
const answered: StepReport['state'][] = ['done', 'part', 'would have'];

/** Tries that may have left a record which the incident does not know: cut off, given up, their answer lost, or crossed by an undo. */
export const triesWithoutReceipt = ({ steps }: Pick<State, 'steps'>) =>
  steps.flatMap(step => {
    const { key, action, takeBack, takesBack } = step;
    if (!action || takesBack !== undefined || !(isAction(action.type) || isPublic(action.type))) return [];
    if (!gaveNoReceipt(step) && !crossedAnUndo(step)) return [];
    const keys = takeBack && takeBack.key !== key ? [key, takeBack.key] : [key];
    return keys.map(one => ({ action: action.type, key: one }));
  });

const gaveNoReceipt = ({ takeBack, state }: StepReport) => !takeBack && !answered.includes(state);

/** Tried while others undid its record: the object alone knows which came last. */
const crossedAnUndo = ({ takeBack, undone, ended }: StepReport) =>
  takeBack !== undefined && undone !== undefined && (ended === undefined || ended >= undone);

/** The state after a record of ours was found on an object: it belongs to the step that tried. */
export function withFound(state: State, takeBack: TakeBack, at: string): State {
  const isKnown = (step: StepReport) => step.takeBack?.key === takeBack.key;
  const isTried = (step: StepReport) => (!step.takeBack || crossedAnUndo(step)) && isTryOf(takeBack.key, step.key);
  const index = state.steps.findLastIndex(step => (isKnown(step) && crossedAnUndo(step)) || isTried(step));
  const step = state.steps[index];
  if (!step) return state;
  const found = isKnown(step) ? { ...step, undone: undefined } : { ...step, takeBack, undone: undefined, changed: at };
  return { ...state, steps: state.steps.with(index, found) };
}

/** In words, such as `Activate Circuit Breaker: ConfigMap shop/settings`. */
export const wordsOf = ({ title, takeBack }: RecordedChange) => `${title}: ${targetName(takeBack.target)}`;

/** A change is a mitigation whose effect was measured, and which still stands; removing an obstacle and taking back are none. */
const mitigates = (step: StepReport, steps: StepReport[]) =>
  (step.state === 'done' || step.state === 'part') &&
  step.changes.length > 0 &&
  (step.effect?.measured === 'whole' || step.effect?.measured === 'part') &&
  step.undone === undefined &&
  step.clears === undefined &&
  step.takesBack === undefined &&
  !isWayBack(step, steps);

/** It has let its record go, and sets a field back to what an earlier step of the incident found. */
const isWayBack = ({ changes, key, takeBack }: StepReport, steps: StepReport[]) =>
  takeBack === undefined &&
  changes.some(({ target, field, before, after }) =>
    steps
      .slice(
        0,
        steps.findIndex(step => step.key === key),
      )
      .flatMap(step => step.changes)
      .some(other => other.target === target && other.field === field && other.before === after && other.after === before),
  );

/** When the record of a step was undone last, if that was after the step began: its receipt may be older than the undo. */
export function undoneMeanwhile({ steps }: Pick<State, 'steps'>, { key, takeBack, began }: StepReport): string | undefined {
  if (takeBack === undefined) return undefined;
  const others = steps.filter(step => step.key !== key && step.takesBack === undefined && step.takeBack?.key === takeBack.key);
  const times = others.flatMap(({ undone }) => undone ?? []);
  const last = times.toSorted().at(-1);
  return last !== undefined && times.length === others.length && last >= began ? last : undefined;
}

/** The state after a step was settled: mitigated from the first change on that had its effect. */
export function withMitigation(state: State, key: string, at: string): State {
  const step = state.steps.findLast(one => one.key === key);
  const isNew = state.state === 'triggered' || state.state === 'acknowledged';
  return step && isNew && mitigates(step, state.steps)
    ? { ...state, state: 'mitigated', times: { ...state.times, mitigated: at } }
    : state;
}

/** A former measurement says nothing about a change, nor about its undo: recovery is measured again, and the quiet time begins again. */
export function unresolved(state: State): State {
  if (state.state !== 'resolved' || state.cancelled) return state;
  return { ...state, state: 'acknowledged', recovery: undefined, quietUntil: undefined, quiet: false };
}

/** A change of ours was restored. With the last mitigation the incident is not mitigated any more, and the public page says so. */
export function withUndone(state: State, key: string, by: string | undefined, at: string): State {
  const isUndone = ({ takeBack, undone }: StepReport) => takeBack?.key === key && undone === undefined;
  const change = recordedChanges(state).find(({ takeBack }) => takeBack.key === key);
  if (!change) return state;
  const steps = state.steps.map(step => (isUndone(step) ? { ...step, undone: at } : step));
  // An undo that the incident itself has ordered belongs to its end, and after it no one is told of any.
  if (by === undefined || state.state === 'closed') return { ...state, steps };
  const next = unresolved(withRemark({ ...state, steps }, `${wordsOf(change)}: undone by ${by}`));
  return next.state === 'mitigated' && !steps.some(step => mitigates(step, steps)) ? unmitigated(next) : next;
}

function unmitigated(state: State): State {
  const { mitigated, ...times } = state.times;
  const next: State = { ...state, state: times.acknowledged ? 'acknowledged' : 'triggered', times };
  const statements = state.steps.filter(isStatement);
  const isBefore = ({ began }: StepReport) => mitigated !== undefined && began < mitigated;
  const before = statements.findLast(isBefore);
  if (state.cancelled) return next;
  return before && statements.some(statement => !isBefore(statement)) ? withRepeat(next, before.key) : next;
}

/** The page says that it is over, or of a cancelled incident that a change helps that is undone: it says again what it said at first. */
export function withFirstStatement(state: State): State {
  const { steps, cancelled } = state;
  const published = steps.filter(step => isStatement(step) && step.state === 'done');
  const [first, last] = [published[0], published.at(-1)];
  if (!first?.takeBack || !last || saysTheSame(first, last)) return state;
  const isOver = last.takeBack === undefined;
  const helps = steps.some(step => mitigates(step, steps));
  const isWrong = cancelled ? !isOver && !helps && last.undone === undefined : isOver;
  return isWrong ? withRepeat(state, first.key) : state;
}

/**
 * The page follows recovery: one that reads faulty ends its claim that it works again, and once it is healthy after that the page
 * says so again. A change of ours that stands is no reason: it is asked about.
 */
export function withPageAsMeasured(state: State): State {
  const { recovery, pageWithdrawn, steps } = state;
  if (recovery?.verdict === 'faulty' && recovery.standing === undefined) {
    // It may wait for people, or for the page: another text of the same would only supersede it.
    if (pageWithdrawn) return state;
    const next = withFirstStatement(state);
    return next === state ? state : { ...next, pageWithdrawn: true };
  }
  if (recovery?.verdict !== 'healthy' || !pageWithdrawn) return state;
  const over = steps.findLast(step => isStatement(step) && step.state === 'done' && step.takeBack === undefined);
  const next: State = { ...state, pageWithdrawn: undefined };
  return over ? withRepeat(next, over.key) : next;
}

const saysTheSame = (one: StepReport, other: StepReport) =>
  JSON.stringify(one.action?.input) === JSON.stringify(other.action?.input);
