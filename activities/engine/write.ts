/** One write of one object, whatever the system: the fields before and after, and the record that makes it reversible. Pure. */

import { z } from 'zod';
import { type Change, type Target, targetName } from '../../workflows/contract/action.ts';
import { restartField } from '../../workflows/contract/change.ts';
import { digestOf } from '../canonical.ts';
import { incidentOf } from '../guard.ts';
import { type Holder, holdersIn, recordName, recordOf, type Values } from './holders.ts';
import type { Snapshot } from './target.ts';

const text = z.string().nullable();

export const targetSchema = z.object({
  system: z.enum(['kubernetes', 'status page', 'job hub', 'NQBA API', 'alertmanager', 'cloud database']),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
}) satisfies z.ZodType<Target>;

/** It is kept while it is carried out, so that a retry goes on with the plan that was allowed. */
export const writeSchema = z.object({
  target: targetSchema,
  uid: z.string(),
  /** Under which it is written: the stamp of pods that start with it. */
  key: z.string(),
  edits: z.array(z.object({ field: z.string(), before: text, after: text })),
  /** Records by name; null lets go. */
  records: z.record(z.string(), text),
  /** Digests of the pod template now and as the API server would make it; absent where no pod starts again. */
  template: z.object({ from: z.string(), to: z.string() }).optional(),
  /** Digest of the object that it makes, as the artifact store keeps it; absent where the object is there. */
  made: z.string().optional(),
});
export type Write = z.infer<typeof writeSchema>;
export type Edit = Write['edits'][number];

export { restartField };

/** How a write leaves a record: of its own, none (an event, which no one takes back), or joined to that of its incident. */
export type Recording = 'own' | 'none' | 'of the incident';

export interface Making {
  action: string;
  key: string;
  until?: string | undefined;
  recording?: Recording;
  /** Its pods start again. */
  restart?: boolean;
  /** The former values where the action knows better than the records. */
  before?: Values;
}

/** The writes that set these values; none where they are there and need no record. Values in place are not written. */
export function toSet(now: Snapshot, values: Values, making: Making): Write[] {
  const { key, restart = false, recording = 'own' } = making;
  const wanted = { ...values, ...(restart && { [restartField]: key }) };
  const edits = Object.entries(wanted)
    .map(([field, after]) => ({ field, before: now.value(field), after }))
    .filter(({ before, after }) => before !== after);
  const fields = Object.keys(wanted);
  const others = holdersOfFields(now, fields);
  const joins = others.length > 0 && !others.some(({ incident }) => incident === incidentOf(key));
  if (edits.length === 0 && !joins) return [];
  const records = recording === 'none' ? {} : recordFor(now, wanted, { ...making, recording });
  return edits.length === 0 && Object.keys(records).length === 0 ? [] : [{ ...identity(now), key, edits, records }];
}

const identity = ({ target, uid }: Snapshot) => ({ target, uid });

function recordFor(now: Snapshot, wanted: Values, making: Making): Record<string, string> {
  const { action, key, until, recording } = making;
  const mine = recording === 'of the incident' ? heldBy(now, incidentOf(key)) : undefined;
  const originals = Object.fromEntries(Object.keys(wanted).map(field => [field, original(now, field)]));
  const before = { ...originals, ...making.before };
  const { [restartField]: _, ...set } = wanted;
  const holder = mine
    ? { ...mine, before: { ...before, ...mine.before }, set: { ...mine.set, ...set } }
    : { action, key, ...(until !== undefined && { until }), before, set };
  return { [recordName(holder.key)]: recordOf(holder) };
}

/** The value before anyone held it. */
const original = (now: Snapshot, field: string): string | null => {
  const holder = now.holders.find(({ before }) => field in before);
  return holder ? (holder.before[field] ?? null) : now.value(field);
};

export const holdersOfFields = ({ holders }: Snapshot, fields: string[]): Holder[] =>
  holders.filter(({ before }) => fields.some(field => field in before));

export const heldBy = ({ holders }: Snapshot, incident: string): Holder | undefined =>
  holders.find(holder => holder.incident === incident);

/** The value of a field when its holder lets go; the former one, unless an action knows better. */
export type Restoring = (
  field: string,
  value: { now: string | null; before: string | null; set: string | null },
) => string | null;

export type IsMine = (holder: Holder) => boolean;

/** Lets these holders go. Of each field the last one to let go restores what was before; a restart is an event, and stays. */
export function toLetGo(now: Snapshot, isMine: IsMine, key: string, restoring: Restoring = restored): Write[] {
  const mine = now.holders.filter(isMine);
  if (mine.length === 0) return [];
  const others = now.holders.filter(holder => !isMine(holder));
  const fields = [...new Set(mine.flatMap(({ before }) => Object.keys(before)))];
  const edits = fields
    .filter(field => field !== restartField && !others.some(({ before }) => field in before))
    .map(field => {
      const holder = mine.find(({ before }) => field in before);
      const value = { now: now.value(field), before: holder?.before[field] ?? null, set: holder?.set[field] ?? null };
      return { field, before: value.now, after: restoring(field, value) };
    });
  const records = Object.fromEntries(mine.map(({ key }) => [recordName(key), null]));
  return [{ ...identity(now), key, edits: edits.filter(({ before, after }) => before !== after), records }];
}

const restored: Restoring = (_, { before }) => before;

/** True if these writes only let go what is recorded, and restart its readers. */
export const onlyRestore = (writes: Write[]) =>
  writes.some(({ records }) => Object.keys(records).length > 0) &&
  writes.every(
    ({ records, edits }) =>
      Object.values(records).every(record => record === null) &&
      (Object.keys(records).length > 0 || edits.every(({ field }) => field === restartField)),
  );

export const withRestart = (write: Write, now: Snapshot): Write => ({
  ...write,
  edits: [...write.edits, { field: restartField, before: now.value(restartField), after: write.key }],
});

/** Someone else has changed a held field since: it is neither what the holder set nor what was before. */
export interface Drift {
  target: Target;
  field: string;
  set: string | null;
  now: string | null;
}

export const driftsOf = (now: Snapshot, isMine: IsMine): Drift[] =>
  now.holders.filter(isMine).flatMap(({ before, set }) =>
    Object.entries(set)
      .map(([field, value]) => ({ target: now.target, field, set: value, now: now.value(field) }))
      .filter(drift => drift.now !== drift.set && drift.now !== (before[drift.field] ?? null)),
  );

/** Where the record goes with the write it alone says that the write has happened; without one the fields do. */
export function isWritten({ records, edits }: Write, now: Snapshot): boolean {
  const isRecorded = Object.entries(records).every(([name, record]) => (now.records[name] ?? null) === record);
  const proves = now.recordsWithWrites && Object.keys(records).length > 0;
  return isRecorded && (proves || edits.every(({ field, after }) => now.value(field) === after));
}

/** True if the write still fits: each field, and the template, is as it was or as it should become. */
export function stillFits(write: Write, now: Snapshot): boolean {
  if (write.uid !== now.uid) return false;
  if (write.template && now.template && ![write.template.from, write.template.to].includes(now.template)) return false;
  const isOurs = isWritten(write, now);
  return write.edits.every(
    ({ field, before, after }) => field === restartField || isOurs || [before, after].includes(now.value(field)),
  );
}

/** When the change of this key ends by itself, as its record says: RFC 3339. */
export function endOf(writes: Write[], key: string): string | undefined {
  const records = writes.map(write => write.records[recordName(key)]);
  return records.flatMap(record => (record ? holdersIn({ [recordName(key)]: record }) : []))[0]?.until;
}

export const changesOf = (writes: Write[]): Change[] =>
  writes.flatMap(({ target, edits }) => edits.map(edit => ({ target: targetName(target), ...edit })));

/** Covers what is changed and what that rests on; never a stamp, and nothing that an autoscaler or a status changes. */
export const digestOfWrites = (writes: Write[], restsOn: unknown = null): string =>
  digestOf({
    writes: writes
      .filter(({ edits }) => edits.length > 0)
      .map(({ uid, edits, template }) => ({ uid, edits: edits.filter(({ field }) => field !== restartField), template })),
    restsOn,
  });
