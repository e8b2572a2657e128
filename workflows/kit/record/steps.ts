/** Steps as they begin, and as they are settled. Pure. */

import { isAction } from '../../catalog/activities.ts';
import type { StepReport } from '../../contract/index.ts';
import { cutAction, cutSettlement } from './cut-texts.ts';
import type { Settlement, Timed } from './events.ts';
import { undoneMeanwhile, unresolved, withMitigation } from './standing.ts';
import type { State } from './state.ts';

type Of<K extends Timed['kind']> = Extract<Timed, { kind: K }>;

/** A step as it begins. */
export const begunStep = ({ kind: _, at, action, ...begun }: Of<'step began'>): StepReport => ({
  ...begun,
  action: action && cutAction(action),
  state: 'running',
  because: '',
  evidence: '',
  began: at,
  changes: [],
});

/** The state after a try of a step: what it does not say stays as an earlier one said it. */
export function withSettled(state: State, { kind: _, at, key, ...given }: Of<'step settled'>): State {
  const settlement = cutSettlement(given);
  const index = state.steps.findLastIndex(step => step.key === key);
  const step = state.steps[index];
  if (!step) return state;
  const settled = settledStep(step, settlement, at);
  // Tried again, it may leave its record again.
  const undone = settled.state === 'running' ? undefined : (settled.undone ?? undoneMeanwhile(state, settled));
  const next = { ...state, steps: state.steps.with(index, { ...settled, undone }) };
  return withMitigation(mayHaveChanged(settled, settlement) ? unresolved(next) : next, key, at);
}

/** An action that was tried, whatever came back. */
const mayHaveChanged = ({ action }: StepReport, { state, evidence }: Settlement) =>
  action !== undefined &&
  isAction(action.type) &&
  (['running', 'done', 'part'].includes(state) || (state === 'waiting' && evidence !== undefined));

/** Only what the step waits for is not kept. */
function settledStep(step: StepReport, settlement: Settlement, at: string): StepReport {
  const { state, because, waits, takeBack } = settlement;
  return {
    ...step,
    state,
    because,
    waits,
    evidence: settlement.evidence ?? step.evidence,
    changes: settlement.changes ?? step.changes,
    effect: settlement.effect ?? step.effect,
    facts: settlement.facts ?? step.facts,
    frozen: settlement.frozen ?? step.frozen,
    takeBack: takeBack ?? step.takeBack,
    // It may wait for people, or be given up, long after that.
    changed: takeBack && takeBack.key !== step.takeBack?.key ? at : step.changed,
    ended: state === 'waiting' || state === 'running' ? undefined : at,
  };
}
