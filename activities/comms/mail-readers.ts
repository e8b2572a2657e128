/** The customers that a mail goes to, by the platform's own API, each with the numbers that are theirs alone. */

import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { usersOf } from '../access/locked.ts';
import type { Entitlement } from '../connectors/operator-api/entitlements.ts';
import type { PlatformUser } from '../connectors/operator-api/users.ts';
import type { Deps } from '../deps.ts';
import { raisedBy } from '../gateway/api/raised.ts';
import { operatorApiOf } from '../operators.ts';
import { grouped, spelled } from '../gateway/counted.ts';
import { customersOf, quotaWords } from '../gateway/customers.ts';
import type { Own } from '../messages/texts.ts';
import { ownNumbers } from './own-numbers.ts';

/** `list`: customers that a check froze. `to`: all whose account is not suspended, or those whose quota the incident itself raised. */
export interface To {
  list?: FrozenList | undefined;
  to?: 'all customers' | 'customers whose quota it raised' | undefined;
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
export async function readersOf(to: To, own: Own | undefined, deps: Deps, incident: string): Promise<Readers> {
  const users = await usersOf({ api: operatorApiOf(deps) });
  const emails = new Map(users.map(({ id, email }) => [id, email]));
  const wanted = await wantedBy(to, own, users, deps, incident);
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

async function wantedBy({ list, to }: To, own: Own | undefined, users: PlatformUser[], deps: Deps, incident: string) {
  if (list) return customersIn(list, own, users, deps);
  if (to === 'all customers') return users.flatMap(({ id, status }) => (status === 'suspended' ? [] : [{ id, lines: [] }]));
  const userOf = called(users, ({ id }) => id);
  const raised = await raisedBy(deps.systems.artifacts, incident);
  return withRaised(
    raised.map(customer => userOf(customer)?.id ?? customer),
    deps,
  );
}

async function customersIn(list: FrozenList, own: Own | undefined, users: PlatformUser[], deps: Deps): Promise<Customer[]> {
  const items = await ownNumbers(list, own, deps.systems.artifacts);
  const userOf = called(users, ({ id }) => id);
  const byCustomer = [...Map.groupBy(items, ({ customer }) => userOf(customer)?.id ?? customer)];
  if (own !== 'raised') return byCustomer.map(([id, those]) => ({ id, lines: those.flatMap(({ lines }) => lines) }));
  return withRaised(
    byCustomer.map(([id]) => id),
    deps,
  );
}

/** Each with what is raised for it now. */
async function withRaised(ids: string[], deps: Deps): Promise<Customer[]> {
  const { entitlements } = await customersOf(operatorApiOf(deps));
  const entitlementOf = called(entitlements, ({ user_id }) => user_id);
  return ids.map(id => {
    const entitlement = entitlementOf(id);
    return { id, lines: entitlement ? raisedLines(entitlement, deps.now()) : [] };
  });
}

/** The one of that name, else of another spelling of it; nothing where two have that: no one reads the numbers of another. */
function called<T>(all: T[], nameOf: (one: T) => string): (name: string) => T | undefined {
  const exact = new Map(all.map(one => [nameOf(one), one]));
  const alike = grouped(all, one => spelled(nameOf(one)));
  return name => {
    const [first, ...others] = alike.get(spelled(name)) ?? [];
    return exact.get(name) ?? (others.length === 0 ? first : undefined);
  };
}

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
