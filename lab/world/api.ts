/** How many pods of the API take calls, over time: what an outside probe sees, and what the API answers, follows from it. */

import { isDeepStrictEqual } from 'node:util';
import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';

/** From a moment (milliseconds since 1970) until the next record. */
export const ApiRecord = z.object({
  from: z.number(),
  /** Pods that its Deployment asks for. */
  wanted: z.number(),
  /** Pods that are ready. */
  ready: z.number(),
  /** Of the ready ones, those whose image is a bad one: they take calls, and answer badly. */
  bad: z.number(),
  /** Names of the ready ones, in order. */
  pods: z.array(z.string()).optional(),
});
export type ApiRecord = z.infer<typeof ApiRecord>;

/** A tag that ends in "bad", as the stages of kwok have it too. */
export const isBadImage = (image: string) => /:([^/:]*-)?bad$/.test(image);

/** Nothing before the first look, and where there is no such Deployment: then the API is taken to be up. */
export const apiAt = (records: readonly ApiRecord[], at: number) => records.findLast(({ from }) => from <= at);

/** Whether any pod takes calls. */
export const apiServes = (records: readonly ApiRecord[] = [], at: number) => apiAt(records, at)?.ready !== 0;

const day = 86_400_000;

/** The records after one look at the Deployment (`null`: it is gone) and all pods. The same object when nothing changed. */
export function apiObserved(
  records: ApiRecord[],
  deployment: V1Deployment | null,
  pods: readonly V1Pod[],
  now: number,
): ApiRecord[] {
  const last = records.at(-1);
  if (!deployment && !last) return records;
  const ready = deployment ? pods.filter(pod => isOf(deployment, pod) && isReady(pod)) : [];
  const bad = ready.filter(({ spec }) => spec?.containers.some(({ image }) => isBadImage(image ?? '')));
  const names = ready.map(({ metadata }) => metadata?.name ?? '').toSorted();
  const seen = { wanted: deployment?.spec?.replicas ?? 0, ready: ready.length, bad: bad.length, pods: names };
  if (last && isDeepStrictEqual({ ...seen, from: last.from }, last)) return records;
  const outdated = records.findLastIndex(({ from }) => from < now - day);
  return [...records.slice(Math.max(0, outdated)), { from: now, ...seen }];
}

const isOf = ({ spec }: V1Deployment, { metadata }: V1Pod) =>
  Object.entries(spec?.selector.matchLabels ?? {}).every(([label, value]) => metadata?.labels?.[label] === value);

const isReady = ({ metadata, status }: V1Pod) =>
  !metadata?.deletionTimestamp && (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
