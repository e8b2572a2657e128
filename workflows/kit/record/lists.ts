/** Frozen lists: a check freezes one by its name, an action takes it by the same name, in the same round of the incident. Pure. */

import type { FrozenList, StepReport } from '../../contract/index.ts';
import type { State } from './state.ts';

/** A remedy that starts again, or an alert that fires again, begins a round: what was frozen before it is out of date. */
export const roundOf = ({ replay, firedAgain }: Pick<State, 'replay' | 'firedAgain'>) => replay.recoveriesEnded + firedAgain;

/** Name of the list that a check is asked to freeze. */
export const freezes = (input: unknown): string | undefined => textIn(input, 'freeze');

type Listed = { input: unknown } | { missing: string };

/** The input of an action with the list that its name stands for; or which check to repeat where there is none. */
export function withList(state: State, input: unknown): Listed {
  const name = textIn(input, 'list');
  if (name === undefined) return { input };
  const checks = state.steps.filter(step => step.freezes === name);
  const found = checks.findLast(({ frozen }) => frozen?.round === roundOf(state))?.frozen;
  if (!found) return { missing: missing(name, checks.at(-1)?.title) };
  const { round: _, ...list } = found;
  return { input: { ...(input as object), list: list satisfies FrozenList } };
}

/** The same where its list is there; where it is not, the name stays, and says so when it is tried. */
export function listedNow(state: State, input: unknown): unknown {
  const listed = withList(state, input);
  return 'missing' in listed ? input : listed.input;
}

/** With the list that a message had when it began; of its recorded input only that is taken, as texts there are cut. */
export function withListOf(input: unknown, recorded: StepReport | undefined): unknown {
  const list = (recorded?.action?.input as { list?: unknown } | null | undefined)?.list;
  return typeof list === 'object' && list !== null ? { ...(input as object), list } : input;
}

const missing = (name: string, check: string | undefined) =>
  check === undefined
    ? `The list “${name}” was never frozen: no check of this incident has made it. Nothing was changed: do it by hand.`
    : `The list “${name}” was not frozen in this round. Nothing was changed: repeat the check “${check}”, then retry.`;

function textIn(input: unknown, field: string): string | undefined {
  const value = (input as Record<string, unknown> | null | undefined)?.[field];
  return typeof value === 'string' ? value : undefined;
}
