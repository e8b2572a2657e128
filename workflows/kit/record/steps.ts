/** Steps as they begin, and as they are settled. Pure. */

import type { StepReport } from '../../contract/index.ts';
import { cutAction, cutSettlement } from './cut-texts.ts';
import type { Settlement, Timed } from './events.ts';
import { undoneMeanwhile, withMitigation } from './standing.ts';
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
  const undone = settled.undone ?? undoneMeanwhile(state, settled);
  return withMitigation({ ...state, steps: state.steps.with(index, { ...settled, undone }) }, key, at);
}

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
    // Tried again, it may leave its record again.
    undone: state === 'running' ? undefined : step.undone,
    ended: state === 'waiting' || state === 'running' ? undefined : at,
  };
}
