/** Who is on call in a simulation, and who may answer for which role: as the documentation says it, not as the kit decides it. */

import type { Role } from '../../../workflows/contract/index.ts';
import { isPersonOf } from './names.ts';

export const onCall: Record<string, Role[]> = {
  ann: ['management'],
  bob: ['primary', 'quantum'],
  eve: ['secondary'],
  dan: ['infrastructure'],
  mallory: ['finance'],
};
/** In no list: believed. */
const guest = 'zoe';
export const persons = [...Object.keys(onCall), guest];

/** The higher level answers what a lower one may. */
const level: Partial<Record<Role, number>> = { primary: 1, secondary: 2, escalation: 3, management: 4 };

export function mayAnswer(by: string, role: Role, commander?: string): boolean {
  const [, roles] = Object.entries(onCall).find(([name]) => isPersonOf(by, name)) ?? [];
  if (!roles || roles.includes(role) || roles.includes('management')) return true;
  const highest = Math.max(0, ...roles.map(own => level[own] ?? 0));
  if (role === 'commander') return highest > 0 || (commander !== undefined && isPersonOf(by, commander));
  return highest > 0 && highest >= (level[role] ?? Number.POSITIVE_INFINITY);
}

/** Those who may, whoever commands. */
export const thoseFor = (role: Role): string[] => persons.filter(name => mayAnswer(name, role));
