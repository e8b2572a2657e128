/** Which secrets are needed to wake people. */

import { nobody, type OnCall } from './people.ts';
import { type Platform, rolesOf } from './platform.ts';
import { recipientsOf } from './reaching.ts';

/** Names of the variables that the roles and their people need, by the way that pages with them. */
export function pagingSecrets(platform: Platform, onCall: OnCall = nobody): Record<string, string[]> {
  const ways = rolesOf(platform)
    .flatMap(role => recipientsOf(platform, onCall, role))
    .flatMap(recipient => recipient.ways);
  const byVariable = ways.filter(({ to }) => !to.includes('@'));
  const named = Map.groupBy(byVariable, ({ by }) => by);
  return Object.fromEntries([...named].map(([by, found]) => [by, [...new Set(found.map(({ to }) => to))]]));
}
