/** What is in force for customers at a moment: limits, blocks, tiers and raised quotas, each until its own end. */

import { BlockList, isIP } from 'node:net';
import {
  type Allowed,
  allowedBy,
  type Block,
  customers,
  type Limit,
  type Override,
  type State,
  type Tier,
  troubleAt,
} from './customers.ts';

const lasts = (until: string | null, at: number) => until === null || Date.parse(until) > at;

/** The tier whose limit somebody sets below its normal use, while the platform is `misconfigured`. */
const tooLow = ({ density, limits }: State, at: number, from: number): Record<string, Limit> => {
  const isPutRight = limits.some(({ scope, at: set }) => scope === 'tier:premium' && set >= from && set <= at);
  if (isPutRight) return {};
  return {
    'tier:premium': { per_minute: Math.max(0.5, density / 2), burst: 1, until: null, reason: 'values of release 2025.9.1' },
  };
};

export function limitsAt(state: State, at: number): Record<string, Limit> {
  const inForce: Record<string, Limit> = {};
  for (const { scope, limit } of state.limits.filter(change => change.at <= at)) {
    if (limit && lasts(limit.until, at)) inForce[scope] = limit;
    else delete inForce[scope];
  }
  const trouble = troubleAt(state, at);
  return trouble?.kind === 'misconfigured' ? { ...inForce, ...tooLow(state, at, trouble.from) } : inForce;
}

/** Another one after each change, also after one that nobody made through the API. */
export function limitsVersion(state: State, at: number): number {
  const troubles = state.troubles.filter(({ kind, from }) => kind === 'misconfigured' && from <= at);
  return 1 + state.limits.filter(change => change.at <= at).length + troubles.length;
}

export const blocksAt = ({ blocks }: State, at: number): Block[] =>
  (blocks.findLast(change => change.at <= at)?.blocks ?? []).filter(({ until }) => lasts(until, at));

export const blocksVersion = ({ blocks }: State, at: number) => 1 + blocks.filter(change => change.at <= at).length;

export interface Entitlement {
  tier: Tier;
  limits: Allowed;
  override: Override | null;
}

/** `limits` are those of the tier; undefined for a user who is not there. */
export function entitlementAt({ tiers, overrides }: State, user: string, at: number): Entitlement | undefined {
  const customer = customers.find(({ id }) => id === user);
  if (!customer) return undefined;
  const tier = tiers.findLast(change => change.user === user && change.at <= at)?.tier ?? customer.tier;
  const override = overrides.findLast(change => change.user === user && change.at <= at)?.override ?? null;
  return { tier, limits: allowedBy[tier], override: override && lasts(override.until, at) ? override : null };
}

/** What is really allowed: an override counts while it lasts. */
export function allowedAt(state: State, user: string, at: number): Allowed | undefined {
  const found = entitlementAt(state, user, at);
  if (!found) return undefined;
  const { limits, override } = found;
  return {
    jobs_per_month: override?.jobs_per_month ?? limits.jobs_per_month,
    calls_per_day: override?.calls_per_day ?? limits.calls_per_day,
    calls_per_minute: override?.calls_per_minute ?? limits.calls_per_minute,
  };
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

export const isCidr = (text: string): boolean => {
  const [address = '', bits = '', ...more] = text.split('/');
  const family = isIP(address);
  return more.length === 0 && family > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
};

const lists = new Map<string, BlockList>();

/** Whether an address is in a network, which is written as `isCidr` wants it. */
export function isIn(cidr: string, address: string): boolean {
  let list = lists.get(cidr);
  if (!list) {
    const [net = '', bits = ''] = cidr.split('/');
    list = new BlockList();
    list.addSubnet(net, Number(bits), familyOf(net));
    lists.set(cidr, list);
  }
  return list.check(address, familyOf(address));
}
