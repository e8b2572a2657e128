/** The part of the configuration that wakes people: which secrets it needs, and whether it wakes anyone. */

import { type Connections, connectAll } from '../activities/connectors/index.ts';
import { nobody, type OnCall } from '../activities/people.ts';
import { type Platform, rolesOf } from '../activities/platform.ts';
import { recipientsOf, whyNobody } from '../activities/reaching.ts';
import { clock } from './clock.ts';

/** Names of the variables that the roles and their people need, by the way that pages with them. */
export function pagingSecrets(platform: Platform, onCall: OnCall = nobody): Record<string, string[]> {
  const ways = rolesOf(platform)
    .flatMap(role => recipientsOf(platform, onCall, role))
    .flatMap(recipient => recipient.ways);
  const byVariable = ways.filter(({ to }) => !to.includes('@'));
  const named = Map.groupBy(byVariable, ({ by }) => by);
  return Object.fromEntries([...named].map(([by, found]) => [by, [...new Set(found.map(({ to }) => to))]]));
}

/** Roles of people that neither the shipped runbooks nor the platform description have: a slip of the pen would page no one. */
export const unknownRoles = (platform: Platform, onCall: OnCall = nobody): string[] =>
  Object.keys(onCall.roles).filter(role => !rolesOf(platform).includes(role));

/** That no incident wakes anyone, and why; nothing where the primary can be paged at some hour. */
export function nobodyToPage(platform: Platform, onCall: OnCall = nobody, connections: Connections): string | undefined {
  const why = whyNobody(connectAll(connections, clock), recipientsOf(platform, onCall, 'primary'));
  return why && `No one can be paged: ${why}.`;
}
