/** The roles that a person may answer for, as far as the on-call people are known. Pure. */

import type { Question, Role } from '../../contract/index.ts';
import type { State } from './state.ts';

/** A higher level may answer what a lower one may; the highest may answer everything. */
const rungs: Role[] = ['primary', 'secondary', 'escalation', 'management'];

const outranks = (role: Role, other: Role) =>
  role === 'management' || (rungs.includes(other) && rungs.indexOf(role) >= rungs.indexOf(other));

/** Nothing where no one has said who that is. */
function rolesOf({ people = {} }: State, name: string): Role[] | undefined {
  const known = Object.keys(people).find(one => isSame(one, name));
  return known === undefined ? undefined : people[known];
}

/** Names as people type them. */
export const isSame = (one: string, other: string) => normal(one) === normal(other);

const normal = (name: string) => name.normalize('NFC').trim().toLowerCase();

/** Whoever is on the escalation may command, and whoever commands may answer for the commander. Who is not described is believed. */
export function mayAnswerAs(state: State, name: string, role: Role): boolean {
  const roles = rolesOf(state, name);
  if (roles === undefined || roles.includes(role) || roles.some(one => outranks(one, role))) return true;
  return role === 'commander' && (roles.some(one => rungs.includes(one)) || isSame(name, state.commander ?? ''));
}

const onCallAs = (roles: Role[]) => (roles.length > 0 ? `is on call as ${roles.join(', ')}` : 'has no on-call role');

/** Why this person may not answer; nothing when they may. */
export function unauthorised(state: State, { title, owner, second, also }: Question, name: string): string | undefined {
  const wanted = [owner, second, also].filter(role => role !== undefined);
  if (wanted.some(role => mayAnswerAs(state, name, role))) return undefined;
  const both = second ? `${owner} and ${second}` : owner;
  return `“${title}” is for ${also ? `${both} or ${also}` : both}; ${name} ${onCallAs(rolesOf(state, name) ?? [])}`;
}

/** Returns why these two people do not satisfy four-eyes, or nothing. People must be described here, if anyone is. */
export function notBoth(state: State, { owner, second }: Question, one: string, other: string): string | undefined {
  if (state.people === undefined || second === undefined) return undefined;
  const unknown = [one, other].find(name => rolesOf(state, name) === undefined);
  if (unknown !== undefined) return `${unknown} is not in roles.json: it needs one person as ${owner} and one as ${second}`;
  const covers = (first: string, then: string) => mayAnswerAs(state, first, owner) && mayAnswerAs(state, then, second);
  return covers(one, other) || covers(other, one)
    ? undefined
    : `${one} has approved; ${other} cannot be the second approver: it needs one person as ${owner} and one as ${second}`;
}
