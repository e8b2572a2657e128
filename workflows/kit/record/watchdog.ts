/** An alert that always fires comes again and again, until no alert would come: then detection is blind. Pure. */

import { urgencies } from '../../catalog/index.ts';

/** Times in milliseconds since 1970. */
export interface Watchdog {
  /** When it came last. */
  last: number;
  /** When the first came of those that are at most the patience apart; absent where that is the last. */
  first?: number | undefined;
  /** It has come for a minute, each within the patience: from then on its absence pages. */
  armed: boolean;
  /** Until then it could not come: the patience begins again. */
  away?: number | undefined;
  /** Since when its absence is known. */
  absent?: number | undefined;
  /** No one is told of its absence yet: the level of the ladder that is paged next, and when. */
  paging?: { level: number; at: number } | undefined;
  /** Absences so far: the pages of one have its number. */
  sent: number;
}

const minute = 60_000;
/** It is to come every five minutes; two may be lost. */
export const patience = 15 * minute;

export const begun = (now: number): Watchdog => ({ last: now, armed: false, sent: 0 });

/** It has come. One that comes more seldom than the patience never pages; several Alertmanagers deliver the same one within a minute. */
export function withCome(state: Watchdog, now: number): Watchdog {
  const first = now - state.last > patience ? now : (state.first ?? state.last);
  return { ...state, last: now, first, armed: state.armed || now - first >= minute };
}

/** The timer that was to end at `due` has ended now: late, if Temporal was away, and then no Watchdog could come either. */
export const withTimer = (state: Watchdog, due: number, now: number): Watchdog =>
  now - due > minute ? { ...state, away: now } : state;

const fromWhen = ({ last, away = last }: Watchdog) => Math.max(last, away);

/** The message that is due: its absence, or its return. */
export type WatchdogDue = { kind: 'absent'; since: number; level: number } | { kind: 'back'; page: number };

export function dueOf(state: Watchdog, now: number): WatchdogDue | undefined {
  const { last, armed, absent, paging, sent } = state;
  if (absent === undefined)
    return armed && now - fromWhen(state) >= patience ? { kind: 'absent', since: last, level: 0 } : undefined;
  if (last > absent) return { kind: 'back', page: sent };
  return paging && now >= paging.at ? { kind: 'absent', since: last, level: paging.level } : undefined;
}

/** Before it is sent. */
export function withDue(state: Watchdog, { kind }: WatchdogDue, now: number): Watchdog {
  if (kind === 'back') return { ...state, absent: undefined, paging: undefined };
  return state.absent === undefined ? { ...state, absent: now, sent: state.sent + 1 } : state;
}

/** The levels that silence wakes, one after the other. */
export const levels = urgencies.P1.ladder.map(({ roles }) => roles);

/** After it was sent: where it has reached no one, the next level is paged at once, and after the last all of them again. */
export function withSent(state: Watchdog, due: WatchdogDue, isTold: boolean, now: number): Watchdog {
  if (due.kind === 'back') return state;
  const level = due.level + 1;
  const next = level < levels.length ? { level, at: now } : { level: 0, at: now + patience };
  return { ...state, paging: isTold ? undefined : next };
}

/** When to look again, in milliseconds from now: the one timer. */
export const untilDue = (state: Watchdog, now: number): number =>
  state.armed && state.absent === undefined ? Math.max(1_000, fromWhen(state) + patience - now) : patience;
