/** The way back of a setting: the record says what was before. Ordered by a person, so only a hold stops it, or someone's later change. */

import { type Effect, type TakeBack, type Target, targetName } from '../../workflows/contract/action.ts';
import { stopped } from '../failures.ts';
import type { Platform } from '../platform.ts';
import type { ActionContext, Carried, Setting, Undo } from './action.ts';
import { unreadable } from './holders.ts';
import { runSetting } from './run-setting.ts';
import { isSameTarget, type Snapshot } from './target.ts';
import {
  type Drift,
  driftsOf,
  type IsMine,
  type Restoring,
  restartField,
  toLetGo,
  toSet,
  withRestart,
  type Write,
} from './write.ts';
import { readIfThere, readTarget } from './writing.ts';

interface Way {
  /** In the order in which they are put back. */
  targets: (platform: Platform) => Target[];
  summary: string;
  done: string;
  /** The value that a field gets; the former value by default. */
  restoring?: Restoring;
  /** Workloads that take restored values only with a restart. */
  startsAgain?: (restored: Write[], context: ActionContext) => Promise<Target[]>;
  /** Further sentences for people; of the objects that carry the record. */
  tells?: (held: Snapshot[], context: ActionContext) => Promise<string[]>;
  /** Where reading it once more proves nothing. */
  measure?: (writes: Write[], context: ActionContext) => Promise<Effect>;
  /** True if a later change needs a question; any does by default. */
  asksAbout?: (drift: Drift, now: Snapshot) => boolean;
}

/** @throws what `runSetting` throws */
export const restoring = (way: Way): Undo => ({
  targets: way.targets,
  run: (record, context) => runSetting(settingOf(way), { key: record.key }, context),
});

type Record = Pick<TakeBack, 'key'>;

interface View {
  seen: Snapshot[];
  told: string[];
}

const settingOf = (way: Way): Setting<Record, View> => ({
  name: 'takeBack',
  look: async ({ key }, context) => {
    const found = await Promise.all(way.targets(context.deps.platform).map(target => readIfThere(context, target)));
    const seen = found.filter(now => now !== undefined).map(now => readableFor(now, key));
    const held = seen.filter(({ holders }) => holders.some(isOf(key)));
    return { seen, told: held.length > 0 ? ((await way.tells?.(held, context)) ?? []) : [] };
  },
  draft: async ({ seen }, { key }, context) => {
    const letGo = (now: Snapshot) => toLetGo(now, isOf(key), context.call.key, way.restoring);
    const restored = seen.flatMap(letGo).filter(({ edits }) => edits.length > 0);
    const again = restored.length > 0 ? ((await way.startsAgain?.(restored, context)) ?? []) : [];
    return seen.flatMap(now => {
      const [write] = letGo(now);
      return again.some(target => isSameTarget(target, now.target)) ? restarted(write, now, context) : (write ?? []);
    });
  },
  words: ({ seen, told }, { key }) => ({
    summary: way.summary,
    consequences: [...driftTexts(seen, key, way), ...stayers(seen, key), ...told],
    done: way.done,
    nothing: { note: nothingLeft, measured: false },
  }),
  asks: async ({ seen }, { key }) => driftTexts(seen, key, way).join(' ') || undefined,
  measure: (_seen, _record, context, carried) => way.measure?.(carried.writes, context) ?? measured(context, carried),
});

export const nothingLeft = 'Nothing was left to undo.';

export const isOf =
  (wanted: string): IsMine =>
  ({ key }) =>
    key === wanted;

/** @throws `Refused` where someone has edited the record so that no one can read what was before. */
export function readableFor(now: Snapshot, key: string): Snapshot {
  if (!unreadable(now.records, key)) return now;
  throw stopped(
    'Refused',
    `The record of this change on ${targetName(now.target)} cannot be read: someone has edited it by hand, so we no longer own it. Nothing was changed: restore the object by hand, remove the annotation, then answer done by hand.`,
  );
}

/** A restart is an event: it leaves no record. */
const restarted = (write: Write | undefined, now: Snapshot, { call: { key } }: ActionContext): Write[] =>
  write ? [withRestart(write, now)] : toSet(now, {}, { action: 'takeBack', key, restart: true, recording: 'none' });

/** Why people are asked: a field was changed since, or the record of what was before. */
function driftTexts(seen: Snapshot[], key: string, { asksAbout = () => true }: Way): string[] {
  const drifts = seen.flatMap(now => driftsOf(now, isOf(key)).filter(drift => asksAbout(drift, now)));
  return [...drifts.map(driftText), ...editedRecords(seen, isOf(key))];
}

export const driftText = ({ target, field, set, now }: Drift) =>
  `Someone else has changed ${field} of ${targetName(target)} since: it was set to ${shown(set)} and is ${shown(now)}.`;

const shown = (value: string | null) => (value === null ? 'absent' : JSON.stringify(value));

export const editedRecords = (seen: Snapshot[], isMine: IsMine): string[] =>
  seen
    .filter(({ holders }) => holders.some(holder => holder.edited && isMine(holder)))
    .map(({ target }) => `Someone has edited the record of this change on ${targetName(target)} by hand.`);

/** Other incidents that hold the same fields: what they share stays until the last of them lets go. */
function stayers(seen: Snapshot[], key: string): string[] {
  const others = seen.flatMap(({ holders }) => {
    const fields = holders.filter(isOf(key)).flatMap(({ before }) => Object.keys(before));
    return holders.filter(holder => holder.key !== key && fields.some(field => field in holder.before));
  });
  const incidents = [...new Set(others.map(({ incident }) => incident))];
  return incidents.length === 0 ? [] : [`The setting stays: held by ${incidents.join(', ')} too.`];
}

/** Read once more: what was put back is there, and its pods are new. */
async function measured(context: ActionContext, { writes, remarks }: Carried): Promise<Effect> {
  const told = await Promise.all(writes.map(write => toldOf(write, context)));
  const texts = told.flatMap(({ says }) => says);
  const isWhole = remarks.length === 0 && told.every(({ isThere }) => isThere);
  return { measured: isWhole ? 'whole' : 'part', text: [...texts, ...remarks].join(' ') };
}

async function toldOf({ target, edits }: Write, context: ActionContext) {
  if (edits.length === 0) return { isThere: true, says: [] };
  const now = await readTarget(context, target);
  const says = edits
    .filter(({ field }) => field !== restartField)
    .map(({ field }) => `${targetName(target)} ${field} is ${now.value(field) ?? 'absent'}.`);
  return { isThere: edits.every(({ field, after }) => now.value(field) === after), says };
}
