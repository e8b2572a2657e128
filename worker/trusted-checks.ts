/** The checks that opening an incident trusts, as the connectors name them, ready to be asked. */

import { checksOf, type Systems, systemNames } from '../activities/connectors/index.ts';
import { type Activities, byType } from '../activities/index.ts';
import type { Finding } from '../workflows/contract/index.ts';

export const trustedChecks = (activities: Activities, systems: Systems) =>
  systemNames.flatMap(name => checksOf(name, systems)).map(check => ({ ...check, look: () => asked(activities, check) }));

export type TrustedCheck = ReturnType<typeof trustedChecks>[number];

function asked(activities: Activities, { activity, input }: { activity: string; input: object }): Promise<Finding> {
  const look = byType(activities)[activity];
  if (!look) throw new Error(`There is no activity ${activity}: correct the connector that names it.`);
  return Reflect.apply(look, undefined, [input]);
}
