/** The recipients of a page: the people of a role in their order, then the role's own way. */

import type { Role, Unreached } from '../workflows/contract/index.ts';
import type { Clock } from './connectors/http.ts';
import type { Pagers } from './connectors/pager.ts';
import type { SystemError } from './connectors/system-error.ts';
import { type Hours, isWithin, shiftsFrom } from './hours.ts';
import type { OnCall, Person } from './people.ts';
import type { Platform } from './platform.ts';

/** One address, secrets by the name of their variable. */
export interface Way {
  by: keyof Pagers;
  to: string;
}

export interface Recipient {
  /** Absent where it is the role's own way. */
  person?: string;
  /** Always, where absent. */
  hours?: Hours;
  ways: Way[];
}

/** One try; without a fault it was accepted. */
export interface Attempt {
  way: Way;
  person?: string;
  fault?: SystemError;
}

/** The attempts for a role; none where no one can be paged now. */
export interface Reached {
  role: Role;
  attempts: Attempt[];
}

export const wayId = ({ by, to }: Way) => `${by} ${to}`;

/** All that a role has, whenever they may be reached and whether or not their ways work. */
export const recipientsOf = (platform: Platform, { people, roles }: OnCall, role: Role): Recipient[] => [
  ...(roles[role] ?? []).map(name => ({ person: name, ...reachedBy(people[name] ?? {}) })),
  ...ownWays(platform, [role]).map(way => ({ ways: [way] })),
];

/** How roles are reached without anyone's name. */
export const ownWays = ({ roles: reached }: Platform, roles: readonly Role[]): Way[] =>
  roles.flatMap(role => {
    const way = reached[role];
    return way === undefined || way === 'none' ? [] : [{ by: 'pagerduty', to: way.pagerduty }];
  });

function reachedBy({ hours, ...addresses }: Person): Omit<Recipient, 'person'> {
  const ways = (['pagerduty', 'webhook', 'mail'] as const).flatMap(by => {
    const to = addresses[by];
    return to === undefined ? [] : [{ by, to }];
  });
  return { ways, ...(hours && { hours }) };
}

/** Why no one is paged there; nothing where someone is. */
export const lackOf = (pagers: Pagers, { by, to }: Way): string | undefined =>
  pagers[by] ? pagers[by].lacks(to) : by === 'mail' ? 'SMTP_URL is not set' : `${to} is not set`;

/** With the ways that work, if any. */
export const working = (pagers: Pagers, recipients: Recipient[]): Recipient[] =>
  recipients
    .map(recipient => ({ ...recipient, ways: recipient.ways.filter(way => !lackOf(pagers, way)) }))
    .filter(({ ways }) => ways.length > 0);

/** Why none of them can be paged at any hour; nothing where one can. */
export function whyNobody(pagers: Pagers, recipients: Recipient[]): string | undefined {
  if (working(pagers, recipients).length > 0) return undefined;
  const lacks = recipients.flatMap(({ ways }) => ways.flatMap(way => lackOf(pagers, way) ?? []));
  return [...new Set(lacks)].join(', ') || 'no address is described';
}

/** More would not fit into the time that one page has. */
const mostPeople = 3;

/** Those of them who may be reached then, as they are tried. */
export function chainOf(recipients: Recipient[], at: Date): Recipient[] {
  const now = recipients.filter(({ hours }) => !hours || isWithin(hours, at));
  const people = now.filter(({ person }) => person !== undefined);
  return [...people.slice(0, mostPeople), ...now.filter(({ person }) => person === undefined)];
}

/** The reason why no one can be paged for a role now, and from when someone can; the chain of the role is empty. */
export function unreachedAs(role: Role, pagers: Pagers, recipients: Recipient[], at: Date): Unreached {
  const shifts = working(pagers, recipients).flatMap(({ hours }) => (hours ? shiftsFrom(hours, at, 7) : []));
  const next = shifts.map(({ from }) => from.toISOString()).toSorted()[0];
  return next === undefined ? { role, because: 'no address' } : { role, because: 'no hours now', from: next };
}

/** How long someone has the page alone before the next is tried too, in milliseconds. */
const patience = 3_000;

/** Tries one after the other until someone is reached; `send` answers why a way did not take it. Waits for all that it began. */
export async function reach(
  chain: Recipient[],
  send: (way: Way) => Promise<SystemError | undefined>,
  sleep: Clock['sleep'],
): Promise<Attempt[]> {
  const begun: Promise<Attempt>[] = [];
  for (const recipient of chain) {
    const tries = recipient.ways.map(way => attempt(way, recipient, send));
    begun.push(...tries);
    if (await isReached(tries, sleep)) break;
  }
  return Promise.all(begun);
}

async function attempt(way: Way, { person }: Recipient, send: (way: Way) => Promise<SystemError | undefined>): Promise<Attempt> {
  const fault = await send(way);
  return { way, ...(person !== undefined && { person }), ...(fault && { fault }) };
}

async function isReached(tries: Promise<Attempt>[], sleep: Clock['sleep']) {
  const over = new AbortController();
  const late = sleep(patience, over.signal).then(() => false);
  const taken = tries.map(async one => ((await one).fault ? Promise.reject(new Error('not taken')) : true));
  try {
    return await Promise.race([Promise.any(taken), late]);
  } catch {
    return false;
  } finally {
    over.abort();
  }
}
