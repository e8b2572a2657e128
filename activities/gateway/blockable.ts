/** Which sources of a list may be blocked: one customer each, none that is ours, agreed on, or shared by many. Pure. */

import type { Gateway } from '../platform/gateway.ts';
import { reasonsAgainst, sourceOf } from './client-addresses.ts';
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
