/** An alert that always fires comes again and again, until no alert would come: then detection is blind. Pure. */

/** Times in milliseconds since 1970. */
export interface Watchdog {
  /** When it came last. */
  last: number;
  /** It has come twice within the patience: from then on its absence pages. */
  armed: boolean;
  /** Since when its absence is known. */
  absent?: number | undefined;
  /** Messages so far: each has a number. */
  sent: number;
}

const minute = 60_000;
/** It is to come every five minutes; two may be lost. */
export const patience = 15 * minute;

export const begun = (now: number): Watchdog => ({ last: now, armed: false, sent: 0 });

/** It has come. One that comes more seldom than the patience never pages; several Alertmanagers deliver the same one within a minute. */
export const withCome = (state: Watchdog, now: number): Watchdog => ({
  ...state,
  last: now,
  armed: state.armed || (now - state.last >= minute && now - state.last <= patience),
});

/** The message that is due: its absence, or its return. */
export type WatchdogDue = { kind: 'absent'; since: number } | { kind: 'back'; page: number };

export function dueOf({ last, armed, absent, sent }: Watchdog, now: number): WatchdogDue | undefined {
  if (absent !== undefined) return last > absent ? { kind: 'back', page: sent } : undefined;
  return armed && now - last >= patience ? { kind: 'absent', since: last } : undefined;
}

export const withTold = (state: Watchdog, { kind }: WatchdogDue, now: number): Watchdog =>
  kind === 'absent' ? { ...state, absent: now, sent: state.sent + 1 } : { ...state, absent: undefined };

/** When to look again, in milliseconds from now: the one timer. */
export const untilDue = ({ last, armed, absent }: Watchdog, now: number): number =>
  armed && absent === undefined ? Math.max(1_000, last + patience - now) : patience;
