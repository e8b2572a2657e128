/** News that need not wake anyone waits for the morning. Pure. */

import { urgencies } from '../../catalog/index.ts';
import type { PlatformTimes, Role } from '../../contract/index.ts';
import type { Due } from './events.ts';
import { isOver, withPage } from './escalation.ts';
import { openQuestions, type State } from './state.ts';

/** RFC 3339; when the night ends, if this severity lets people sleep and it is night. */
export function nightEnds({ severity }: State, { nights = [] }: PlatformTimes, now: string): string | undefined {
  if (urgencies[severity].ladder.length > 0) return undefined;
  return nights.find(({ from, to }) => after(now, from) && !after(now, to))?.to;
}

const after = (one: string, other: string) => Date.parse(one) >= Date.parse(other);

/** These roles hear of it in the morning, all at once. */
export function withLeft(state: State, roles: Role[], until: string): State {
  const all = [...new Set([...(state.paging.morning?.roles ?? []), ...roles])];
  return { ...state, paging: { ...state.paging, morning: { at: new Date(until).toISOString(), roles: all } } };
}

/** Unless it is over by then, or has become so grave that people were woken. */
export function dueMorning(state: State): Due[] {
  const { morning } = state.paging;
  if (!morning || isOver(state) || urgencies[state.severity].ladder.length > 0) return [];
  return [{ at: morning.at, what: `send ${morning.roles.join(', ')} the overnight summary`, event: { kind: 'morning' } }];
}

/** One low-urgency page sums up the night. */
export function withMorning(state: State): State {
  const { morning, ...paging } = state.paging;
  const because = `overnight summary: ${state.state}, ${openQuestions(state).length} open questions`;
  return morning ? withPage({ ...state, paging }, { roles: morning.roles, because }) : state;
}
