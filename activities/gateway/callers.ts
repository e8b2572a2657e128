/** Customers, endpoints and addresses with most calls, each against what is usual for it. Pure. */

import type { Piece } from './access-lines.ts';
import { type By, rates } from './counted.ts';
import type { CustomerItem } from './items.ts';
import { isCovered, usualRates } from './usual-calls.ts';

export interface Caller {
  name: string;
  /** Calls a minute. */
  perMinute: number;
  /** Nothing where the log does not cover the days before. */
  usual: number | undefined;
}

export interface Callers {
  by: By;
  /** Those with most calls first. */
  all: Caller[];
}

const times = 5;
/** Who calls less than this cannot have grown: one call more would be many times as many. */
const fewest = 5;
const most = 20;

/** The twenty with most calls. */
export function callersOf(now: Piece, days: Piece[], by: By): Callers {
  const usual = isCovered(days) ? usualRates(days, by) : undefined;
  const all = [...rates(now, by)]
    .map(([name, perMinute]): Caller => ({ name, perMinute, usual: usual && (usual.get(name) ?? 0) }))
    .toSorted((a, b) => b.perMinute - a.perMinute);
  return { by, all: all.slice(0, most) };
}

/** Many times what is usual; who is new has grown, too. */
export const isGrown = ({ perMinute, usual }: Caller) => usual !== undefined && perMinute >= fewest && perMinute > times * usual;

/** Customers that grew, as a list holds them. */
export const customersIn = (callers: Callers | undefined): CustomerItem[] =>
  (callers?.all ?? []).filter(isGrown).map(({ name, perMinute }) => ({
    customer: name,
    of: 'calls_per_minute',
    used: Math.round(perMinute),
  }));

/** Without the names of customers and addresses: a finding stands in histories. */
export function shownCallers({ by, all }: Callers): string[] {
  const grown = all.filter(isGrown);
  const [first] = grown;
  if (!first) return [];
  const called = by === 'endpoint' ? `${first.name} with` : 'the first with';
  const { [by]: noun } = nouns;
  const usual = first.usual ? `${Math.round(first.perMinute / first.usual)} times the usual` : 'new';
  const counted = `${grown.length} ${grown.length === 1 ? noun.one : noun.many}`;
  return [
    `${counted} with more than ${times} times the usual calls, ${called} ${Math.round(first.perMinute)} a minute (${usual}).`,
  ];
}

const nouns = {
  customer: { one: 'customer', many: 'customers' },
  endpoint: { one: 'endpoint', many: 'endpoints' },
  address: { one: 'address', many: 'addresses' },
} as const;
