/** Sources that are blocked now: by the platform itself, or at every Ingress of it. What cannot be read blocks no one. */

import { readIfAny } from '../connectors/kubernetes.ts';
import { ingresses } from '../connectors/network-resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { limitedIngresses } from '../platform.ts';
import { operatorApiOf } from '../operators.ts';
import { annotationOf } from './edge.ts';
import { listed } from './sources.ts';

export async function blockedNow(deps: Deps): Promise<string[]> {
  const found = await Promise.all([byPlatform, atEveryIngress].map(read => read(deps).catch(none)));
  return [...new Set(found.flat())];
}

function none(error: unknown): string[] {
  if (error instanceof SystemError) return [];
  throw error;
}

async function byPlatform(deps: Deps): Promise<string[]> {
  const { blocks } = await operatorApiOf(deps).limits.blocks();
  return blocks.filter(({ until }) => Date.parse(until) > deps.now()).map(({ cidr }) => cidr);
}

async function atEveryIngress({ platform, systems: { kubernetes } }: Deps): Promise<string[]> {
  const places = [...limitedIngresses(platform).values()];
  if (!kubernetes || places.length === 0) return [];
  const read = places.map(async place => {
    const annotations = (await readIfAny(kubernetes, ingresses, place))?.metadata.annotations ?? {};
    return listed(annotations[annotationOf(platform)] ?? '');
  });
  const [first = [], ...others] = await Promise.all(read);
  return first.filter(cidr => others.every(other => other.includes(cidr)));
}
