/** Addresses of clients in the access log. Behind a proxy that hides them one address stands for everyone. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Gateway } from '../platform/gateway.ts';
import { cidrOf, isPublic, meet, ofOneCustomer, rangeOf } from './ranges.ts';

/** So many accounts at one address are no household. */
const manyAccounts = 5;

/** The range that one customer has: of IPv6 a /64; nothing where it is no address. */
export function sourceOf(address: string): string | undefined {
  const range = rangeOf(address);
  return range && cidrOf(ofOneCustomer(range));
}

/** False where most lines have a private address, or most customers the same one. */
export function hasClientAddresses(lines: AccessLine[]): boolean {
  if (lines.length === 0) return false;
  const places = new Map<string, boolean>();
  const hasPublic = ({ address }: AccessLine) => {
    const known = places.get(address);
    if (known !== undefined) return known;
    const range = rangeOf(address);
    const is = range !== undefined && isPublic(range);
    places.set(address, is);
    return is;
  };
  if (lines.filter(hasPublic).length < lines.length / 2) return false;
  return !hidesCustomers(lines);
}

function hidesCustomers(lines: AccessLine[]): boolean {
  const accounts = new Map<string, Set<string>>();
  for (const { address, account, status } of lines)
    if (account !== undefined && status < 400) accounts.set(address, (accounts.get(address) ?? new Set<string>()).add(account));
  const all = new Set([...accounts.values()].flatMap(set => [...set])).size;
  return [...accounts.values()].some(({ size }) => size >= manyAccounts && size > all / 2);
}

/** Ranges that are neither blocked nor limited: private ones, ours, and those that were agreed on. */
export function exempting(gateway: Gateway | undefined): (cidr: string) => boolean {
  const reasonOf = reasonsAgainst(gateway);
  return cidr => reasonOf(cidr) !== undefined;
}

const spared = [
  { of: 'own', reason: 'it covers the platform itself' },
  { of: 'monitoring', reason: 'it covers our monitoring' },
  { of: 'allowed', reason: 'it covers customers or partners that are never limited' },
  { of: 'cdn', reason: 'it covers a CDN, behind which are many customers' },
  { of: 'webhooks', reason: 'it covers a payment provider that calls us' },
  { of: 'egress', reason: 'it covers the addresses that our own calls come from' },
] as const satisfies { of: keyof Gateway['never']; reason: string }[];

/** Why a range is neither blocked nor limited; nothing where it may be. */
export function reasonsAgainst(gateway: Gateway | undefined): (cidr: string) => string | undefined {
  const never = spared.flatMap(({ of, reason }) =>
    (gateway?.never[of] ?? []).flatMap(rangeOf).flatMap(range => (range ? [{ range, reason }] : [])),
  );
  return cidr => {
    const range = rangeOf(cidr);
    if (!range) return 'it is no address';
    return never.find(one => meet(range, one.range))?.reason ?? (isPublic(range) ? undefined : 'it is private or reserved');
  };
}
