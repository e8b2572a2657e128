/** How many pods each ReplicaSet wants and has ready, over time: what Prometheus tells of revisions follows from it. */

import type { V1ReplicaSet } from '@kubernetes/client-node';
import { z } from 'zod';

/** From a moment (milliseconds since 1970) until the next record of the same ReplicaSet. */
export const SetRecord = z.object({
  set: z.string(),
  from: z.number(),
  wanted: z.number(),
  ready: z.number(),
  /** It is deleted; Prometheus has no samples of it from then on. */
  gone: z.boolean().optional(),
});
export type SetRecord = z.infer<typeof SetRecord>;

const day = 86_400_000;

/** The records after one look at all ReplicaSets. The same object when nothing changed. */
export function setsObserved(records: SetRecord[], sets: readonly V1ReplicaSet[], now: number): SetRecord[] {
  const last = newest(records);
  const seen = sets.map(({ metadata, spec, status }) => ({
    set: metadata?.name ?? '',
    wanted: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
  }));
  const changed = seen.filter(({ set, wanted, ready }) => {
    const known = last.get(set);
    return !known || known.gone || known.wanted !== wanted || known.ready !== ready;
  });
  const present = new Set(seen.map(({ set }) => set));
  const gone = [...last.values()].filter(record => !record.gone && !present.has(record.set));
  if (changed.length === 0 && gone.length === 0) return records;
  const kept = records.filter(record => record.from > now - day || (last.get(record.set) === record && !record.gone));
  return [
    ...kept,
    ...changed.map(counts => ({ ...counts, from: now })),
    ...gone.map(({ set }) => ({ set, from: now, wanted: 0, ready: 0, gone: true })),
  ];
}

/** Each ReplicaSet's last record. */
const newest = (records: readonly SetRecord[]) => new Map(records.map(record => [record.set, record]));

/** As it was at a moment; nothing where it was not there. */
export function setAt(records: readonly SetRecord[], set: string, at: number): SetRecord | undefined {
  const record = records.findLast(one => one.set === set && one.from <= at);
  return record?.gone ? undefined : record;
}
