/** People who acted on this incident, and when: they read the channel. Pure. */

import type { Role } from '../../contract/index.ts';
import { mostActed, newest } from './bounds.ts';
import { after } from './duration.ts';
import { isSame } from './roles.ts';
import type { State } from './state.ts';

/** Milliseconds for which a person who acted need not be paged for a question. */
const attention = 10 * 60_000;

/** The state after a message of a person that was accepted. */
export const heardFrom = (state: State, by: string, at: string): State => ({
  ...state,
  heard: at,
  refused: undefined,
  acted: newest(
    state.acted?.filter(one => !isSame(one.by, by)),
    { by, at },
    mostActed,
  ),
});

/** True if someone with the role has acted lately. */
export const isAttended = (state: State, role: Role, at: string) =>
  (state.acted ?? []).some(({ by, at: acted }) => at < after(acted, attention) && acted <= at && isOf(state, by, role));

/** Where no one is described as having the role, whoever acts is believed to have it. */
function isOf({ commander, people = {} }: State, name: string, role: Role): boolean {
  if (role === 'commander') return commander !== undefined && isSame(commander, name);
  const described = Object.entries(people).filter(([, roles]) => roles.includes(role));
  return described.length === 0 || described.some(([one]) => isSame(one, name));
}
