import { urgencies } from '../../catalog/index.ts';
import type { Clock, Severity } from '../../contract/index.ts';
import type { Due } from './events.ts';
import { after } from './duration.ts';
import { escalated, isOver, wasOver } from './escalation.ts';
import type { State } from './state.ts';

/** The clocks of the severity, from when the alert fired; they run beside those of the phases. */
export function dueClocks(state: State): Due[] {
  const passed = (state.overdue ?? []).map(({ clock }) => clock);
  return (['acknowledge', 'restore'] as const).flatMap(clock => {
    const minutes = urgencies[state.severity].clocks[clock];
    if (minutes === undefined || passed.includes(clock) || isStopped(state, clock)) return [];
    const at = endOf(state, clock);
    return [{ at, what: overdueText(clock, state.severity), event: { kind: 'clock overdue', clock } as const }];
  });
}

const endOf = ({ times, severity }: State, clock: Clock) => after(times.fired, (urgencies[severity].clocks[clock] ?? 0) * 60_000);

const isStopped = (state: State, clock: Clock) =>
  isOver(state) || (clock === 'acknowledge' && state.times.acknowledged !== undefined);

/** An overdue *acknowledge* needs no action (the escalation is paging already); an overdue *restore* pages the next level. */
export function withClockOverdue(state: State, clock: Clock, at: string): State {
  const next = { ...state, overdue: [...(state.overdue ?? []), { clock, at }] };
  return clock === 'restore' && !wasOver(state, endOf(state, clock))
    ? escalated(next, overdueText(clock, state.severity), at)
    : next;
}

/** For people: `not acknowledged within 15 minutes`. */
function overdueText(clock: Clock, severity: Severity): string {
  const minutes = urgencies[severity].clocks[clock] ?? 0;
  const within = minutes < 120 ? `${minutes} minutes` : `${minutes / 60} hours`;
  return `not ${clock === 'acknowledge' ? 'acknowledged' : 'restored'} within ${within}`;
}
