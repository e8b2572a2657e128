/** What it comes to that workloads take the key from another Secret: the references, the records, the writes. Pure. */

import { z } from 'zod';
import { digestOf } from '../canonical.ts';
import type { Patch } from '../connectors/kubernetes.ts';
import type { Platform } from '../platform.ts';
import { type Holder, holdersOfField, holding, lettingGo } from '../setting/holders.ts';
import { restartStamp, templateDigest } from '../setting/view.ts';
import { type Reference, referenceFrom, textOf } from './reference.ts';
import type { KeyedWorkload, KeyView } from './view.ts';

/** It is kept while it is carried out, so that a retry goes on with the plan that was allowed. */
export const keyDraftSchema = z.object({
  /** Digest of the key itself: another key in the same Secret is another plan. */
  key: z.string(),
  workloads: z.array(
    z.object({
      role: z.string(),
      namespace: z.string(),
      name: z.string(),
      container: z.string(),
      uid: z.string(),
      /** References as plans and records say them. */
      before: z.string(),
      after: z.string(),
      /** Digests of the template now, and as the API server would make it. */
      from: z.string(),
      target: z.string(),
      annotations: z.record(z.string(), z.string().nullable()),
    }),
  ),
  /** Why it was given up; since then it only goes back. */
  failed: z.string().optional(),
});
export type KeyDraft = z.infer<typeof keyDraftSchema>;
export type KeyStep = KeyDraft['workloads'][number];

/** Covers what is changed and what that rests on. */
export const keyDigest = ({ key, workloads }: KeyDraft): string =>
  digestOf({ key, workloads: workloads.map(({ uid, before, after, from, target }) => ({ uid, before, after, from, target })) });

/** Points every workload there that takes the key from elsewhere, for this step's key. */
export function draftToUse({ workloads }: KeyView, wanted: Reference, digest: string, env: string, key: string): KeyDraft {
  const after = textOf(wanted);
  const apart = workloads.filter(({ reference }) => textOf(reference) !== after);
  const record = (seen: KeyedWorkload) => holding(key, { [env]: original(seen, env) }, { [env]: after });
  return { key: digest, workloads: apart.map(seen => stepOf(seen, after, record(seen))) };
}

/** What was before anybody held it. */
const original = ({ deployment, reference }: KeyedWorkload, env: string): string =>
  holdersOfField(deployment, env)[0]?.before[env] ?? textOf(reference);

/** Lets the step of this key go. Where nobody else holds a workload, it takes the key from where it was before. */
export function draftToGiveBack({ workloads }: KeyView, env: string, key: string): KeyDraft {
  const steps = workloads.flatMap(seen => {
    const holders = holdersOfField(seen.deployment, env);
    const mine = holders.filter(holder => holder.key === key);
    const stays = holders.length > mine.length ? textOf(seen.reference) : undefined;
    return mine.length > 0 ? [stepOf(seen, stays ?? mine[0]?.before[env] ?? textOf(seen.reference), lettingGo(mine))] : [];
  });
  return { key: '', workloads: steps };
}

/** Where somebody else has pointed a workload since: neither there where this key's step did, nor back. */
export function driftsOf({ workloads }: KeyView, env: string, key: string): string[] {
  return workloads.flatMap(seen => {
    const mine = holdersOfField(seen.deployment, env).filter(holder => holder.key === key);
    return mine.filter(holder => isElsewhere(seen.reference, holder, env)).map(({ set }) => drift(seen, set[env] ?? ''));
  });
}

const isElsewhere = (reference: Reference, { before, set }: Holder, env: string) =>
  ![before[env], set[env]].includes(textOf(reference));

const drift = ({ workload, reference }: KeyedWorkload, set: string) =>
  `Somebody else has pointed ${workload.name} elsewhere since: it was set to ${set} and is ${textOf(reference)}.`;

/** Whether a draft that was begun is still the one to go on with: each workload is as it was, or as it should become. */
export const stillFits = ({ workloads }: KeyDraft, view: KeyView): boolean =>
  workloads.every(({ uid, from, target }) => {
    const seen = view.workloads.find(({ deployment }) => deployment.metadata.uid === uid);
    return seen !== undefined && [from, target].includes(templateDigest(seen.deployment.spec.template));
  });

function stepOf({ workload, deployment, reference }: KeyedWorkload, after: string, annotations: KeyStep['annotations']): KeyStep {
  const { role, namespace, name, container } = workload;
  const now = templateDigest(deployment.spec.template);
  const { uid } = deployment.metadata;
  return { role, namespace, name, container, uid, before: textOf(reference), after, from: now, target: now, annotations };
}

/** Only what differs: a record alone restarts nothing. The stamp says that the new pods are ours. */
export function pointing(step: KeyStep, { quantum }: Platform, key: string, resourceVersion?: string): Patch {
  const { secret: name, key: field } = referenceFrom(step.after);
  const env = [{ name: quantum.key.env, valueFrom: { secretKeyRef: { name, key: field } } }];
  const template = {
    metadata: { annotations: { [restartStamp]: key } },
    spec: { containers: [{ name: step.container, env }] },
  };
  return {
    as: 'strategic',
    body: {
      metadata: { ...(resourceVersion && { resourceVersion }), annotations: step.annotations },
      ...(step.before !== step.after && { spec: { template } }),
    },
  };
}
