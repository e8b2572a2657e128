/** Ranges of addresses as numbers: whether they meet, and the range that a block of one address takes. Pure. */

import { isIP } from 'node:net';

export interface Range {
  family: 4 | 6;
  from: bigint;
  to: bigint;
  /** Length of its prefix. */
  prefix: number;
}

const bits = { 4: 32, 6: 128 } as const;

/** An address or a CIDR; nothing where it is neither. An IPv4 address in IPv6 form is an IPv4 address. */
export function rangeOf(text: string): Range | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  const number = numberOf(address);
  if (!number || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const { family, value, shift } = number;
  const prefix = length === undefined ? bits[family] : Number(length) - shift;
  return prefix < 0 || prefix > bits[family] ? undefined : within(family, value, prefix);
}

function within(family: 4 | 6, value: bigint, prefix: number): Range {
  const free = BigInt(bits[family] - prefix);
  const from = (value >> free) << free;
  return { family, from, to: from + (1n << free) - 1n, prefix };
}

interface Numbered {
  family: 4 | 6;
  value: bigint;
  /** Bits that the IPv6 form of an IPv4 address puts before it. */
  shift: number;
}

function numberOf(address: string): Numbered | undefined {
  const family = isIP(address);
  if (family === 4) return { family, value: joined(address.split('.').map(Number), 8), shift: 0 };
  if (family !== 6 || address.includes('%')) return undefined;
  const value = joined(groupsOf(address), 16);
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn, shift: 96 } : { family, value, shift: 0 };
}

const joined = (parts: number[], width: number) => parts.reduce((sum, part) => (sum << BigInt(width)) | BigInt(part), 0n);

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const [first, last] = [groupsIn(head), groupsIn(tail ?? '')];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

const groupsIn = (text: string): number[] =>
  text.split(':').flatMap(group => {
    if (group === '') return [];
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const quad = joined(group.split('.').map(Number), 8);
    return [Number(quad >> 16n), Number(quad & 0xffffn)];
  });

/** Two ranges have an address in common. */
export const meet = (one: Range, other: Range) => one.family === other.family && one.from <= other.to && other.from <= one.to;

/** One spelling for one range. */
export function cidrOf({ family, from, prefix }: Range): string {
  if (family === 4) return `${[24n, 16n, 8n, 0n].map(shift => (from >> shift) & 0xffn).join('.')}/${prefix}`;
  const groups = Array.from({ length: 8 }, (_, index) => (from >> BigInt(112 - 16 * index)) & 0xffffn);
  const used = groups.slice(0, Math.max(1, Math.ceil(prefix / 16)));
  const text = used.map(group => group.toString(16)).join(':');
  return `${used.length === 8 ? text : `${text}::`}/${prefix}`;
}

/** A single address becomes the range that one customer has: of IPv6 that is a /64. */
export const ofOneCustomer = (range: Range): Range =>
  range.family === 6 && range.prefix > 64 ? within(6, range.from, 64) : range;

/** No customer of the internet has one of these: private, shared by a carrier, local, multicast, reserved. */
const notPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].flatMap(cidr => rangeOf(cidr) ?? []);

export const isPublic = (range: Range) => !notPublic.some(other => meet(range, other));
