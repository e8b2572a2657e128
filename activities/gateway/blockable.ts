/** Which sources of a list may be blocked: one customer each, none that is ours, agreed on, or shared by many. Pure. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Gateway } from '../platform/gateway.ts';
import { reasonsAgainst, sourceOf } from './client-addresses.ts';
import { grouped } from './counted.ts';
import type { SourceItem } from './items.ts';
import { rangeOf } from './ranges.ts';

/** More entries no one reviews. */
export const mostEntries = 100;

export type Judged = { sources: string[] } | { refused: string };

/** Each once, as the range that one customer has. One entry that must not be blocked refuses all: its check was wrong. */
export function blockable(items: SourceItem[], gateway: Gateway): Judged {
  const against = reasonsAgainst(gateway);
  const faults = items.flatMap(({ cidr }, index) => {
    const reason = against(cidr) ?? tooWide(cidr);
    return reason === undefined ? [] : [`entry ${index + 1}: ${reason}`];
  });
  if (faults.length > 0)
    return { refused: `${faults.slice(0, 5).join('; ')}${faults.length > 5 ? ` (${faults.length} in all)` : ''}` };
  return { sources: [...new Set(items.flatMap(({ cidr }) => sourceOf(cidr) ?? []))].toSorted() };
}

function tooWide(cidr: string): string | undefined {
  const range = rangeOf(cidr);
  if (!range || range.prefix >= (range.family === 4 ? 32 : 64)) return undefined;
  return 'it is wider than what one customer has, an address or an IPv6 /64';
}

/** Good calls of the source that has most of them. */
export interface Largest {
  /** Of all good calls, 0 to 1. */
  share: number;
  calls: number;
  accounts: number;
}

/** Nothing where no call was good. */
export function largestOf(lines: AccessLine[], sources: string[]): Largest | undefined {
  const good = lines.filter(({ status }) => status < 400);
  if (good.length === 0) return undefined;
  const wanted = new Set(sources);
  const own = grouped(good, ({ address }) => sourceOf(address));
  const [most = []] = [...own]
    .filter(([source]) => wanted.has(source))
    .map(([, of]) => of)
    .toSorted((a, b) => b.length - a.length);
  const accounts = new Set(most.flatMap(({ account }) => account ?? [])).size;
  return { share: most.length / good.length, calls: most.length, accounts };
}
