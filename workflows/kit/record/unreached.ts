/** Roles for which a page reached no one: the next level is paged at once, and they are paged when their hours begin. Pure. */

import { urgencies } from '../../catalog/index.ts';
import type { Role } from '../../contract/index.ts';
import { isOver, withFirstPage, withNextLevel, withPage } from './escalation.ts';
import type { Due, Timed } from './events.ts';
import type { State } from './state.ts';

/** The state after a page: it is undelivered where it reached no one, or no one of the level that the escalation has reached. */
export function withReach(state: State, { roles, unreached, at }: Extract<Timed, { kind: 'paged' }>): State {
  const before = state.unreached ?? [];
  const missing = [...before.filter(({ role }) => !roles.includes(role)), ...unreached];
  const next = withFirstPage({ ...state, unreached: missing.length > 0 ? missing : undefined }, at);
  const lacks = (role: Role) => unreached.some(one => one.role === role);
  const isKnown = (role: Role) => before.some(one => one.role === role);
  const level = urgencies[state.severity].ladder[next.paging.ladder?.rung ?? 0]?.roles ?? [];
  const isMissed = (level.length > 0 && level.every(lacks)) || (roles.every(lacks) && !roles.every(isKnown));
  return isMissed ? withNextLevel(next, `no one was reached as ${roles.filter(lacks).join(', ')}`, at) : next;
}

const beginning = ({ unreached = [] }: State) => unreached.flatMap(({ from }) => from ?? []).toSorted();

/** The people of a role that was not reached are paged when their hours begin; not in a P3, and not once the incident is over. */
export function dueHours(state: State): Due[] {
  const [first] = beginning(state);
  if (first === undefined || isOver(state) || state.severity === 'P3') return [];
  const { roles } = begunBy(state, first);
  return [{ at: first, what: `page ${roles.join(', ')}: hours begin`, event: { kind: 'hours begin' } }];
}

/** Each is paged once for it. */
export function withHours(state: State, at: string): State {
  const { roles, unreached } = begunBy(state, at);
  return roles.length > 0 ? withPage({ ...state, unreached }, { roles, because: 'hours begin' }) : state;
}

function begunBy({ unreached = [] }: State, at: string) {
  const hasBegun = (from: string | undefined) => from !== undefined && from <= at;
  return {
    roles: unreached.filter(({ from }) => hasBegun(from)).map(({ role }) => role),
    unreached: unreached.map(one => (hasBegun(one.from) ? { ...one, from: undefined } : one)),
  };
}
