/** The customers that a mail goes to, by the platform's own API, each with the numbers that are theirs alone. */

import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { usersOf } from '../access/locked.ts';
import type { Entitlement } from '../connectors/operator-api/entitlements.ts';
import type { Deps } from '../deps.ts';
import { frozenItems } from '../engine/frozen-list.ts';
import { operatorApiOf } from '../operators.ts';
import { customersOf, quotaWords } from '../gateway/customers.ts';
import { type CustomerItem, customerItem } from '../gateway/items.ts';
import type { Own } from '../messages/texts.ts';

/** `list`: customers that a check froze. `to`: all whose account is not suspended. */
export interface To {
  list?: FrozenList | undefined;
  to?: 'all customers' | undefined;
}

/** One mailbox; two accounts with one address are one reader. */
export interface Reader {
  address: string;
  customers: string[];
  /** The reader's own numbers, a line each. */
  lines: string[];
}

export interface Readers {
  readers: Reader[];
  /** Customers who get none, and why; counts alone. */
  leftOut: string[];
}

interface Customer {
  id: string;
  lines: string[];
}

/** @throws SystemError, or a failure of the list */
export async function readersOf(to: To, own: Own | undefined, deps: Deps): Promise<Readers> {
  const users = await usersOf({ api: operatorApiOf(deps) });
  const emails = new Map(users.map(({ id, email }) => [id, email]));
  const wanted = to.list
    ? await customersIn(to.list, own, deps)
    : users.flatMap(({ id, status }) => (status === 'suspended' ? [] : [{ id, lines: [] }]));
  const customers = wanted.filter(({ lines }) => own !== 'raised' || lines.length > 0);
  const readers = new Map<string, Reader>();
  let [unknown, wrong] = [0, 0];
  for (const { id, lines } of customers) {
    const email = emails.get(id);
    const address = email === undefined ? undefined : mailAddress(email);
    if (email === undefined) unknown += 1;
    else if (address === undefined) wrong += 1;
    else {
      const { customers: others = [], lines: before = [] } = readers.get(address) ?? {};
      readers.set(address, { address, customers: [...others, id], lines: [...before, ...lines] });
    }
  }
  const shared = customers.length - unknown - wrong - readers.size;
  const counts: [number, string][] = [
    [wanted.length - customers.length, 'who have nothing raised now'],
    [unknown, 'unknown to the platform'],
    [wrong, 'without a mail address'],
    [shared, 'with the address of another, whose mail has their numbers too'],
  ];
  return { readers: [...readers.values()], leftOut: counts.flatMap(([count, who]) => (count > 0 ? [`${count} ${who}`] : [])) };
}

/** One for two spellings of it; nothing where it is no address. A space or a line break makes it none. */
export function mailAddress(said: string): string | undefined {
  const [, local, domain] = /^([^\s@]+)@([^\s@]+)$/.exec(said.trim()) ?? [];
  if (local === undefined || domain === undefined) return undefined;
  const { data } = z
    .email()
    .max(254)
    .safeParse(`${local}@${domainToASCII(domain)}`.toLowerCase());
  return data;
}

async function customersIn(list: FrozenList, own: Own | undefined, deps: Deps): Promise<Customer[]> {
  const items = await frozenItems(deps.systems.artifacts, list, customerItem);
  const byCustomer = [...Map.groupBy(items, ({ customer }) => customer)];
  if (own !== 'raised') return byCustomer.map(([id, those]) => ({ id, lines: own ? those.flatMap(usedLine) : [] }));
  const { entitlements } = await customersOf(operatorApiOf(deps));
  const raised = new Map(entitlements.map(one => [one.user_id, raisedLines(one, deps.now())]));
  return byCustomer.map(([id]) => ({ id, lines: raised.get(id) ?? [] }));
}

const used = { jobs_per_month: 'jobs this month', calls_per_day: 'calls today', calls_per_minute: 'calls a minute' } as const;

const usedLine = ({ of, used: count, allowed }: CustomerItem): string[] =>
  allowed === undefined ? [] : [`${count} of ${allowed} ${used[of]}`];

/** As the platform has it in force now, beside what the plan allows. */
function raisedLines({ override, limits }: Entitlement, now: number): string[] {
  if (!override || Date.parse(override.until) <= now) return [];
  const until = `${override.until.slice(0, 16).replace('T', ' ')} UTC`;
  return quotaWords.flatMap(([field, words]) => {
    const raised = override[field];
    return raised !== undefined && raised > limits[field]
      ? [`${raised} ${words} instead of ${limits[field]}, until ${until}`]
      : [];
  });
}
