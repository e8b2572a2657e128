/** The access log counted: calls a minute of each customer, endpoint and address. Pure. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Piece } from './access-lines.ts';
import { sourceOf } from './client-addresses.ts';

export type By = 'customer' | 'endpoint' | 'address';

/** One name for one customer, however it is spelled: else each spelling is a smaller customer, and none has grown. */
export const spelled = (customer: string): string => customer.normalize('NFKC').trim().toLowerCase();

/** The name that a line counts for; nothing where it has none. */
const nameIn: Record<By, (line: AccessLine) => string | undefined> = {
  customer: ({ account }) => account && spelled(account),
  endpoint: ({ method, route }) => `${method} ${route}`,
  address: ({ address }) => sourceOf(address),
};

/** Calls a minute by their names. */
export function rates({ lines, covers }: Piece, by: By): Map<string, number> {
  const names = grouped(lines, nameIn[by]);
  return new Map([...names].map(([name, own]) => [name, own.length / (covers / 60_000)]));
}

export function grouped<T>(items: T[], nameOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** The middle of several; nothing where there is none. */
export function median(values: number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** The value that so many of a hundred are not above. */
export function percentile(values: number[], of: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * of) / 100))];
}

export const shareOf = (lines: AccessLine[], is: (line: AccessLine) => boolean): number =>
  lines.length === 0 ? 0 : lines.filter(is).length / lines.length;
