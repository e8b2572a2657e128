/** What a change of the setting comes to: the fields, the records, the restarts. Pure. */

import { z } from 'zod';
import type { TakeBack } from '../../workflows/contract/action.ts';
import { digestOf } from '../canonical.ts';
import { incidentOf } from '../guard.ts';
import { annotationOf, type Holder, holdersOf, holdersOfField, holding, lettingGo, type Values } from './holders.ts';
import { type SeenWorkload, stampOf, templateDigest, type View } from './view.ts';

const named = { namespace: z.string(), name: z.string(), uid: z.string() };
const text = z.string().nullable();

/** It is kept while it is applied, so that a retry goes on with the plan that was allowed. */
export const draftSchema = z.object({
  configMap: z.object({
    ...named,
    fields: z.array(z.object({ field: z.string(), before: text, after: text })),
    annotations: z.record(z.string(), text),
  }),
  workloads: z.array(
    z.object({
      ...named,
      /** Whether its pods start anew. */
      restart: z.boolean(),
      /** The former restart stamp. */
      stamped: text,
      /** Digests of the template now, and as the API server would make it; both without the stamp. */
      from: z.string(),
      target: z.string(),
      annotations: z.record(z.string(), text),
    }),
  ),
});
export type Draft = z.infer<typeof draftSchema>;
type Field = Draft['configMap']['fields'][number];

/** Covers what is changed and what that rests on; never what an autoscaler or a status changes. */
export const draftDigest = ({ configMap, workloads }: Draft): string =>
  digestOf({
    configMap: { uid: configMap.uid, fields: configMap.fields },
    workloads: workloads.filter(({ restart }) => restart).map(({ uid, from, target }) => ({ uid, from, target })),
  });

export const changesNothing = ({ configMap, workloads }: Draft) =>
  configMap.fields.length === 0 && Object.keys(configMap.annotations).length === 0 && workloads.length === 0;

/** The field of a workload's record that says it was restarted for the setting. */
const restarted = 'restartedAt';

/** Only a restart brings the setting to these pods. */
const startsAnew = ({ reads, follows }: SeenWorkload) => reads.length > 0 && !follows;

/** Sets these values, for this key. Where another incident holds them already, it joins. */
export function draftToSet(view: View, wanted: Record<string, string>, key: string, until?: string): Draft {
  const holders = holdersOf(view.configMap);
  const mine = holders.filter(({ incident }) => incident === incidentOf(key));
  const fields = differing(view, wanted);
  const joins = mine.length === 0 && holders.length > 0;
  const records = fields.length > 0 || joins ? holding(key, original(view, wanted, holders), wanted, until) : {};
  const pending = ({ deployment }: SeenWorkload) =>
    fields.length > 0 || (mine.length > 0 && !heldBy(deployment, incidentOf(key)));
  const byHand = ({ pods }: SeenWorkload) => holders.length === 0 && pods.some(startedBefore(lastChange(view)));
  return {
    configMap: { ...identity(view.place, view.configMap), fields, annotations: records },
    workloads: view.workloads
      .filter(seen => startsAnew(seen) && (pending(seen) || byHand(seen)))
      .map(seen => touched(seen, true, holding(key, { [restarted]: stampOf(seen.deployment.spec.template) ?? null }, {}))),
  };
}

/** Sets these values without any restart. One record an incident: where it holds the setting already, its record says so too. */
export function draftToAdjust(view: View, wanted: Record<string, string>, key: string): Draft {
  const mine = heldFor(view, incidentOf(key));
  const fields = differing(view, wanted);
  const before = { ...original(view, wanted, holdersOf(view.configMap)), ...mine?.before };
  const records = holding(mine?.key ?? key, before, { ...mine?.set, ...wanted }, mine?.until);
  return {
    configMap: { ...identity(view.place, view.configMap), fields, annotations: fields.length > 0 ? records : {} },
    workloads: [],
  };
}

/** Lets these holders go. The last one to let go restores what was before them. */
export function draftToGiveBack(view: View, isMine: (holder: Holder) => boolean): Draft {
  const holders = holdersOf(view.configMap);
  const mine = holders.filter(isMine);
  const last = holders.length === mine.length;
  const before = Object.fromEntries(mine.flatMap(holder => Object.entries(holder.before)));
  const fields = last ? differing(view, before) : [];
  return {
    configMap: { ...identity(view.place, view.configMap), fields, annotations: lettingGo(mine) },
    workloads: view.workloads.flatMap(seen => {
      const records = holdersOfField(seen.deployment, restarted).filter(isMine);
      const restart = last && startsAnew(seen) && (fields.length > 0 || records.length > 0);
      return restart || records.length > 0 ? [touched(seen, restart, lettingGo(records))] : [];
    }),
  };
}

/** Fields that somebody else has changed since: neither what the holder set nor what was before. */
export const driftOf = ({ configMap }: View, { before, set }: Holder): Field[] =>
  Object.entries(set)
    .map(([field, after]) => ({ field, before: configMap.data[field] ?? null, after }))
    .filter(({ field, before: now, after }) => now !== after && now !== (before[field] ?? null));

/** Whether a draft that was begun is still the one to go on with: each part is as it was, or as it should become. */
export const stillFits = ({ configMap, workloads }: Draft, view: View): boolean =>
  configMap.uid === view.configMap.metadata.uid &&
  configMap.fields.every(({ field, before, after }) => {
    const now = view.configMap.data[field] ?? null;
    return now === before || now === after;
  }) &&
  workloads.every(({ uid, from, target }) => {
    const seen = view.workloads.find(({ deployment }) => deployment.metadata.uid === uid);
    return seen !== undefined && [from, target].includes(templateDigest(seen.deployment.spec.template));
  });

const differing = ({ configMap }: View, wanted: Values): Field[] =>
  Object.entries(wanted)
    .map(([field, after]) => ({ field, before: configMap.data[field] ?? null, after }))
    .filter(({ before, after }) => before !== after);

/** What was before anybody held it. */
const original = ({ configMap }: View, wanted: Values, holders: Holder[]): Values =>
  Object.fromEntries(
    Object.keys(wanted).map(field => {
      const holder = holders.find(({ before }) => field in before);
      return [field, holder ? (holder.before[field] ?? null) : (configMap.data[field] ?? null)];
    }),
  );

const heldBy = (deployment: SeenWorkload['deployment'], incident: string) =>
  holdersOfField(deployment, restarted).some(holder => holder.incident === incident);

/** Milliseconds since 1970: when somebody last wrote the ConfigMap. */
const lastChange = ({ configMap: { metadata } }: View) =>
  Math.max(0, ...metadata.managedFields.map(({ time = '' }) => Date.parse(time) || 0));

const startedBefore =
  (moment: number) =>
  ({ metadata }: { metadata: { creationTimestamp?: string | null | undefined } }) =>
    Date.parse(metadata.creationTimestamp ?? '') < moment;

const identity = ({ namespace, name }: { namespace: string; name: string }, { metadata }: View['configMap']) => ({
  namespace,
  name,
  uid: metadata.uid,
});

function touched({ workload, deployment }: SeenWorkload, restart: boolean, annotations: Record<string, string | null>) {
  const { template } = deployment.spec;
  const now = templateDigest(template);
  const { namespace, name } = workload;
  const { uid } = deployment.metadata;
  return { namespace, name, uid, restart, stamped: stampOf(template) ?? null, from: now, target: now, annotations };
}

/** The record to take back, if this setting is held for that incident. */
export const heldFor = ({ configMap }: View, incident: string): Holder | undefined =>
  holdersOf(configMap).find(holder => holder.incident === incident);

/** How that record is named. */
export const recordOf = (view: View, incident: string): TakeBack | undefined => {
  const held = heldFor(view, incident);
  return held && { kind: 'ConfigMap', ...view.place, key: held.key };
};

/** Whether the API server already has what this key was to write on the Deployment. */
export const restartedFor = (deployment: SeenWorkload['deployment'], key: string): boolean =>
  stampOf(deployment.spec.template) === key || annotationOf(key) in deployment.metadata.annotations;
