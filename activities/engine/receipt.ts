/** The receipt of a run: its changes, their measured effect, and the record that undoes them. */

import type { Effect, Outcome, TakeBack } from '../../workflows/contract/action.ts';
import { incidentOf } from '../guard.ts';
import type { Carried, Run, Words } from './action.ts';
import { momentOf } from '../kubernetes/when.ts';
import { withOtherHolders } from './other-holders.ts';
import { changesOf, endOf, type Write } from './write.ts';
import { readIfThere } from './writing.ts';

export async function receipt<Input, View>(run: Run<Input, View>, view: View, words: Words, carried: Carried): Promise<Outcome> {
  const { setting, input, context } = run;
  const moves = carried.writes.some(({ edits }) => edits.length > 0);
  const effect = moves ? await setting.measure(view, input, context, carried) : nothingMoved;
  const takeBack = await standingRecord(run, carried.writes, words);
  const end = endOf(carried.writes, context.call.key);
  const note =
    end !== undefined ? `${words.done} At ${momentOf(end, context.deps.now())} it is undone automatically.` : words.done;
  return { done: { note, changes: changesOf(carried.writes), effect, ...(takeBack && { takeBack }) } };
}

const nothingMoved: Effect = { measured: 'nothing to measure', text: 'No setting in effect was changed.' };

export async function nothingToDo<Input, View>(run: Run<Input, View>, view: View): Promise<Outcome> {
  const { setting, input, context } = run;
  const words = await withOtherHolders(run, setting.words(view, input, context, []), []);
  const nothing: Carried = { writes: [], remarks: [], proofs: [] };
  const effect = words.nothing.measured ? await setting.measure(view, input, context, nothing) : nothingMoved;
  const takeBack = await standingRecord(run, [], words);
  return { done: { note: words.nothing.note, changes: [], effect, ...(takeBack && { takeBack }) } };
}

/** The record of this incident that now stands: of this key, or of an earlier step that this one has joined. */
async function standingRecord<Input, View>(
  { setting, input, context }: Run<Input, View>,
  writes: Write[],
  { summary }: Words,
): Promise<TakeBack | undefined> {
  if (setting.isFinal) return undefined;
  const { key } = context.call;
  const targets = [...(setting.records?.(context.deps.platform, input) ?? []), ...writes.map(({ target }) => target)];
  const seen = await Promise.all(targets.map(target => readIfThere(context, target)));
  const mine = seen
    .flatMap(now => now?.holders.map(holder => ({ ...holder, target: now.target })) ?? [])
    .filter(({ incident, action }) => incident === incidentOf(key) && (action === setting.name || action === setting.joins));
  const holder = mine.find(one => one.key === key) ?? mine[0];
  return holder && { action: holder.action, key: holder.key, target: holder.target, words: summary };
}

export function recordedBy(writes: Write[], { summary }: Words, action: string, key: string): TakeBack | undefined {
  const recorded = writes.find(({ records }) => Object.values(records).some(record => record !== null));
  return recorded && { action, key, target: recorded.target, words: summary };
}
