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

type Never = Gateway['never'];

const spared: Record<string, string> = {
  own: 'it covers the platform itself',
  monitoring: 'it covers our monitoring',
  allowed: 'it covers customers or partners that are never limited',
  cdn: 'it covers a CDN, behind which are many customers',
  webhooks: 'it covers a payment provider that calls us',
  egress: 'it covers the addresses that our own calls come from',
} satisfies Record<keyof Never, string>;

/** Whatever is described there, named above or not. */
const rangesOf = (never: Partial<Never> = {}) =>
  Object.entries(never).flatMap(([of, cidrs]) =>
    cidrs.flatMap(cidr => rangeOf(cidr) ?? []).map(range => ({ range, reason: spared[of] ?? 'it is never limited' })),
  );

/** Why a range is neither blocked nor limited; nothing where it may be. */
export function reasonsAgainst(gateway: Gateway | undefined): (cidr: string) => string | undefined {
  const never = rangesOf(gateway?.never);
  return cidr => {
    const range = rangeOf(cidr);
    if (!range) return 'it is no address';
    return never.find(one => meet(range, one.range))?.reason ?? (isPublic(range) ? undefined : 'it is private or reserved');
  };
}
