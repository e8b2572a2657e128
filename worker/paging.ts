/** The part of the configuration that wakes people: whether it wakes anyone. */

import { type Connections, connectAll } from '../activities/connectors/index.ts';
import { nobody, type OnCall } from '../activities/people.ts';
import { type Platform, rolesOf } from '../activities/platform.ts';
import { recipientsOf, whyNobody } from '../activities/reaching.ts';
import { clock } from './clock.ts';

/** Roles of people that neither the shipped runbooks nor the platform description have: a slip of the pen would page no one. */
export const unknownRoles = (platform: Platform, onCall: OnCall = nobody): string[] =>
  Object.keys(onCall.roles).filter(role => !rolesOf(platform).includes(role));

/** That no incident wakes anyone, and why; nothing where the primary can be paged at some hour. */
export function nobodyToPage(platform: Platform, onCall: OnCall = nobody, connections: Connections): string | undefined {
  const why = whyNobody(connectAll(connections, clock), recipientsOf(platform, onCall, 'primary'));
  return why && `No one can be paged: ${why}.`;
}
