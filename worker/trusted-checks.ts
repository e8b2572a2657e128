/** The checks that opening an incident trusts, as the connectors name them, ready to be asked. */

import { checksOf, type Systems, systemNames } from '../activities/connectors/index.ts';
import { type Activities, byType } from '../activities/index.ts';
import type { Platform } from '../activities/platform.ts';
import type { Finding } from '../workflows/contract/index.ts';

/** Without those of a section that the platform does not have. */
export const trustedChecks = (activities: Activities, { systems, platform }: { systems: Systems; platform: Platform }) =>
  systemNames
    .flatMap(name => checksOf(name, systems))
    .filter(({ needs }) => needs === undefined || platform[needs] !== undefined)
    .map(check => ({ ...check, look: () => asked(activities, check) }));

export type TrustedCheck = ReturnType<typeof trustedChecks>[number];

function asked(activities: Activities, { activity, input }: { activity: string; input: object }): Promise<Finding> {
  const look = byType(activities)[activity];
  if (!look) throw new Error(`There is no activity ${activity}: correct the connector that names it.`);
  return Reflect.apply(look, undefined, [input]);
}
