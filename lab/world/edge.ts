/** The sources that the Ingresses deny, over time, as ingress-nginx reads them: their calls end at the edge, and never come to the API. */

import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { V1Ingress } from '@kubernetes/client-node';
import { z } from 'zod';
import { isCidr, isIn } from './policies.ts';

/** From a moment (milliseconds since 1970) until the next record. */
export const EdgeRecord = z.object({
  from: z.number(),
  ingresses: z.array(z.object({ paths: z.array(z.string()), denied: z.array(z.string()) })),
});
export type EdgeRecord = z.infer<typeof EdgeRecord>;

const annotation = 'nginx.ingress.kubernetes.io/denylist-source-range';
const day = 86_400_000;

/** The records after one look at all Ingresses. The same object when nothing changed. */
export function edgeObserved(records: EdgeRecord[], all: readonly V1Ingress[], now: number): EdgeRecord[] {
  const ingresses = all.map(({ metadata, spec }) => ({
    paths: (spec?.rules ?? []).flatMap(({ http }) => http?.paths.map(({ path }) => path ?? '/') ?? []),
    denied: (metadata?.annotations?.[annotation] ?? '').split(',').flatMap(networkOf),
  }));
  const last = records.at(-1);
  if (isDeepStrictEqual(ingresses, last?.ingresses ?? [])) return records;
  const outdated = records.findLastIndex(({ from }) => from < now - day);
  return [...records.slice(Math.max(0, outdated)), { from: now, ingresses }];
}

/** An address alone is a network of its own. */
function networkOf(text: string): string[] {
  const one = text.trim();
  const family = isIP(one);
  const network = family === 0 ? one : `${one}/${family === 4 ? 32 : 128}`;
  return isCidr(network) ? [network] : [];
}

interface Called {
  at: number;
  address: string;
  route: string;
}

/** The Ingress with the longest path that fits takes the call. */
export function isDenied(records: readonly EdgeRecord[] = [], { at, address, route }: Called): boolean {
  const { ingresses = [] } = records.findLast(({ from }) => from <= at) ?? {};
  const fitting = ingresses.flatMap(({ paths, denied }) =>
    paths.filter(path => isUnder(route, path)).map(path => ({ length: path.length, denied })),
  );
  const [taking] = fitting.toSorted((a, b) => b.length - a.length);
  return taking?.denied.some(network => isIn(network, address)) ?? false;
}

const isUnder = (route: string, path: string) => route === path || route.startsWith(path.replace(/\/?$/, '/'));
