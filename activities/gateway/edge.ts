/** Ingresses of the platform as places to block at: the sources that each refuses now, and those that it would refuse with more. */

import { z } from 'zod';
import type { Target } from '../../workflows/contract/action.ts';
import type { KubeObject } from '../connectors/resources.ts';
import type { ActionContext } from '../engine/action.ts';
import { inCluster, readObject, snapshotOf } from '../engine/kubernetes-targets.ts';
import { type Snapshot, uniqueTargets } from '../engine/target.ts';
import { stopped } from '../failures.ts';
import { gatewayOf, limitedIngresses, type Platform } from '../platform.ts';
import { meet, type Range, rangeOf } from './ranges.ts';
import { joined, keepSources, listed, shortOf } from './sources.ts';

/** The name that ingress-nginx has for it, since its version 1.1. */
export const annotationOf = (platform: Platform): string =>
  `${gatewayOf(platform).ingress?.annotations ?? ''}/denylist-source-range`;

export const blockedField = (platform: Platform): string => `sources in ${annotationOf(platform)}`;

export const blockingIngresses = (platform: Platform): Target[] =>
  uniqueTargets([...limitedIngresses(platform).values()].map(place => inCluster('Ingress', place)));

export interface Edge {
  now: Snapshot;
  /** Its value with the sources; the value of now where it refuses all of them. */
  wanted: string | null;
}

/** The whole lists are kept, as records say only how many. @throws `Refused`, SystemError */
export async function edgeWith(sources: string[], target: Target, { kubernetes, deps }: ActionContext): Promise<Edge> {
  const object = await readObject(kubernetes, target);
  const now = snapshotOf(target, object);
  const ranges = sources.flatMap(cidr => rangeOf(cidr) ?? []);
  if (ranges.some(range => balancersOf(object).some(one => meet(range, one))))
    throw refused(target, 'is reached by an address of the list');
  const text = object.metadata.annotations[annotationOf(deps.platform)];
  const present = blockedIn(text ?? '');
  if (present === undefined) throw refused(target, 'blocks what is no address, so that its controller answers everyone with 503');
  const missing = sources.filter(cidr => !isWithin(cidr, present));
  if (missing.length === 0) return { now, wanted: now.value(blockedField(deps.platform)) };
  const whole = joined([...listed(text ?? ''), ...missing]);
  const { uid } = object.metadata;
  for (const one of [text, whole]) if (one !== undefined) await keepSources(deps.systems.artifacts, one, uid);
  return { now, wanted: shortOf(whole, uid) };
}

/** Ranges of such an annotation; nothing where one of its entries is no address. */
function blockedIn(text: string): Range[] | undefined {
  const ranges = listed(text).map(rangeOf);
  const known = ranges.filter(range => range !== undefined);
  return known.length === ranges.length ? known : undefined;
}

const isWithin = (cidr: string, ranges: Range[]): boolean => {
  const range = rangeOf(cidr);
  return range !== undefined && ranges.some(one => one.family === range.family && one.from <= range.from && range.to <= one.to);
};

const withStatus = z.looseObject({
  status: z
    .looseObject({
      loadBalancer: z.looseObject({ ingress: z.array(z.looseObject({ ip: z.string().optional() })).default([]) }).optional(),
    })
    .optional(),
});

/** Addresses at which its controller is reached: our own, whatever is described. */
const balancersOf = (object: KubeObject): Range[] =>
  (withStatus.parse(object).status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => rangeOf(ip ?? '') ?? []);

const refused = ({ name }: Target, why: string) =>
  stopped('Refused', `Ingress ${name} ${why}. Nothing was changed: correct its annotation or the list, then retry.`);
