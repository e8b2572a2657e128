/** The writes that take a replica from a workload, and give it back: the autoscaler's floor and the replicas, each with its record. */

import { z } from 'zod';
import type { Change } from '../../workflows/contract/action.ts';
import { digestOf } from '../canonical.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { deployments, hpas, type KubeObject } from '../connectors/resources.ts';
import type { Because } from '../guard.ts';
import { Moved } from '../setting/apply.ts';
import { holdersOfField, holding, lettingGo } from '../setting/holders.ts';
import { objectName } from '../setting/view.ts';
import { countIn, type Scaled } from './room.ts';

const kinds = {
  HorizontalPodAutoscaler: { resource: hpas, field: 'minReplicas' },
  Deployment: { resource: deployments, field: 'replicas' },
} as const;

const write = z.object({
  kind: z.enum(['HorizontalPodAutoscaler', 'Deployment']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  before: z.number(),
  after: z.number(),
  /** The record, or null to let it go. */
  annotations: z.record(z.string(), z.string().nullable()),
});
export type Write = z.infer<typeof write>;

/** It is kept while it is carried out, so that a retry goes on with the plan that was allowed. */
export const writesSchema = z.array(write);

interface Counted {
  kind: Write['kind'];
  object: KubeObject;
  count: number;
}

/** The floor first, or the autoscaler would put the replica back. */
const countedOf = ({ deployment, hpa }: Scaled): Counted[] => [
  ...(hpa ? [{ kind: 'HorizontalPodAutoscaler' as const, object: hpa, count: countIn(hpa, 'minReplicas') }] : []),
  { kind: 'Deployment', object: deployment, count: deployment.spec.replicas },
];

/** One replica fewer; the record says how many there were before anybody took one. */
export const toTake = (giver: Scaled, key: string): Write[] =>
  countedOf(giver).map(one => {
    const { field } = kinds[one.kind];
    const after = one.count - 1;
    const before = Math.max(one.count, ...holdersOfField(one.object, field).map(({ before }) => Number(before[field])));
    return writeOf(one, after, holding(key, { [field]: String(before) }, { [field]: String(after) }));
  });

/** What this key took, the last taken first. The last holder to let go restores; more than there was before stays. */
export const toGive = (taken: Scaled, key: string): Write[] =>
  countedOf(taken)
    .reverse()
    .flatMap(one => {
      const { field } = kinds[one.kind];
      const holders = holdersOfField(one.object, field);
      const mine = holders.filter(holder => holder.key === key);
      const stays = holders.length > mine.length;
      const after = stays ? one.count : Math.max(one.count, ...mine.map(({ before }) => Number(before[field])));
      return mine.length > 0 ? [writeOf(one, after, lettingGo(mine))] : [];
    });

/** Where somebody without a record has taken more since: whoever did wanted it so. */
export const driftsOf = (taken: Scaled, key: string): string[] =>
  countedOf(taken).flatMap(({ kind, object, count }) => {
    const { field } = kinds[kind];
    const holders = holdersOfField(object, field);
    const fewest = Math.min(...holders.map(({ set }) => Number(set[field])));
    if (!holders.some(holder => holder.key === key) || count >= fewest) return [];
    const where = `${field} of ${objectName(kind, object.metadata)}`;
    return [`Somebody else has changed ${where} since: it was set to ${fewest} and is ${count}.`];
  });

function writeOf({ kind, object: { metadata }, count }: Counted, after: number, annotations: Write['annotations']): Write {
  const { namespace, name, uid } = metadata;
  return { kind, namespace, name, uid, before: count, after, annotations };
}

/** Covers what is changed, and on which objects. */
export const digestOfWrites = (writes: Write[]): string =>
  digestOf(writes.map(({ uid, kind, before, after }) => ({ uid, kind, before, after })));

export const changesOf = (writes: Write[]): Change[] =>
  writes
    .filter(({ before, after }) => before !== after)
    .map(({ kind, before, after, ...place }) => ({
      target: objectName(kind, place),
      field: kinds[kind].field,
      before: String(before),
      after: String(after),
    }));

/** Whether the writes are still to go on with: each object is as it was, or has its record. */
export const stillFit = (writes: Write[], now: Scaled): boolean =>
  writes.every(one =>
    countedOf(now).some(
      ({ object, count }) => object.metadata.uid === one.uid && (isWritten(one, object) || count === one.before),
    ),
  );

const isWritten = ({ annotations }: Write, { metadata }: KubeObject) =>
  Object.entries(annotations).every(([name, text]) => (metadata.annotations[name] ?? null) === text);

export interface Writing {
  kubernetes: Kubernetes;
  /** Asked immediately before each write. */
  forbidden: () => Promise<Because | undefined>;
  heartbeat: () => void;
}

/** Nothing when all is written; why not, when it was forbidden on the way. @throws Moved, SystemError */
export async function carryOut(writes: Write[], { kubernetes, forbidden, heartbeat }: Writing): Promise<Because | undefined> {
  for (const one of writes) {
    heartbeat();
    const { resource, field } = kinds[one.kind];
    const now = await kubernetes.read<KubeObject>(resource, one);
    if (now.metadata.uid !== one.uid) throw new Moved();
    if (isWritten(one, now)) continue;
    if (countIn(now, field) !== one.before) throw new Moved();
    const because = await forbidden();
    if (because) return because;
    const metadata = { resourceVersion: now.metadata.resourceVersion, annotations: one.annotations };
    const body = { metadata, ...(one.after !== one.before && { spec: { [field]: one.after } }) };
    await kubernetes.patch<KubeObject>(resource, one, { as: 'merge', body });
  }
  return undefined;
}
