/** The one way back: the record names the action that made the change, and the action knows how it is restored. */

import { type Call, type Outcome, type TakeBack, targetName } from '../workflows/contract/action.ts';
import { alive } from './alive.ts';
import type { Deps } from './deps.ts';
import type { Undo } from './engine/action.ts';
import { contextOf } from './engine/activity.ts';
import { isSameTarget } from './engine/target.ts';
import { crossing, stopped } from './failures.ts';
import { incidentOf } from './guard.ts';
import { placing } from './labelled-workloads.ts';

/** The way back of an action by its name; a text where there is none, nothing where the action is unknown. */
export type UndoOf = (action: string) => Undo | string | undefined;

/**
 * Restores what the record on the object says, and restarts who reads it. A person has ordered it: only a hold stops it.
 * Twice equals once: with the record gone nothing is left to take back.
 */
export const takingBack = (given: Deps, undoOf: UndoOf) =>
  crossing(async (input: { takeBack: TakeBack }, call: Call): Promise<Outcome> => {
    const { takeBack: record } = input;
    const { deps } = await placing(given, input);
    const authority = { incidents: [incidentOf(call.key), incidentOf(record.key)] };
    const context = contextOf(deps, call, authority);
    const undo = undoOf(record.action);
    if (undo === undefined) throw stopped('BadInput', unknownAction(record));
    if (typeof undo === 'string') throw stopped('BadInput', `${record.action} cannot be undone: ${undo}.`);
    if (!undo.targets(deps.platform).some(target => isSameTarget(target, record.target))) throw unknownObject(record);
    return alive(context.running, () => undo.run(record, context));
  });

const unknownAction = ({ action, target }: TakeBack) =>
  `The record on ${targetName(target)} is of the action ${JSON.stringify(action)}, which this version does not know. Nothing was changed: use the version that made the change, or restore it by hand.`;

const unknownObject = ({ target }: TakeBack) =>
  stopped(
    'BadInput',
    `${targetName(target)} is nothing that this action changes on this platform, so nothing was changed: use the platform description that the incident ran with.`,
  );
