/** The figures that Prometheus keeps of an incident. Labels have closed lists: nothing that people type or an alert says is in them. */

import type { Report } from '../../contract/index.ts';
import type { State } from './state.ts';

/** Counters, by the name that the exporter ends with `_total`. */
export const counters = {
  nqba_runbooks_incidents: 'Incidents that closed, by runbook, severity and outcome',
  nqba_runbooks_overdue_phases: 'Phases that took longer than their time',
  nqba_runbooks_absorbed_alerts: 'Alerts that an open incident had already',
} as const;
/** Histograms, written when the incident closes. */
export const durations = {
  nqba_runbooks_time_to_acknowledge_seconds: 'From the firing of the alert until someone acknowledged',
  nqba_runbooks_time_to_mitigate_seconds: 'From the firing of the alert until a change had its effect, as measured',
  nqba_runbooks_time_to_resolve_seconds: 'From the firing of the alert until recovery was measured',
} as const;

interface Labels {
  runbook: string;
  severity?: string;
  outcome?: string;
}
export type Figure =
  | { name: keyof typeof counters; labels: Labels; count: number }
  | { name: keyof typeof durations; labels: Labels; seconds: number };

/** Its record is an incident's, and it is none. */
const takeBack = 'take-back';

/** The figures that one event adds. Pure, as the reducer is. */
export function figuresOf(before: State, after: State): Figure[] {
  if (after.kind === 'operation' || after.runbook === takeBack) return [];
  const { runbook, severity } = after;
  const figures: Figure[] = [];
  const absorbed = after.absorbed - before.absorbed;
  if (absorbed > 0) figures.push({ name: 'nqba_runbooks_absorbed_alerts', labels: { runbook }, count: absorbed });
  const overdue = overdueOf(after) - overdueOf(before);
  if (overdue > 0) figures.push({ name: 'nqba_runbooks_overdue_phases', labels: { runbook, severity }, count: overdue });
  return before.state === after.state || after.state !== 'closed' ? figures : [...figures, ...atTheEnd(after)];
}

const overdueOf = ({ phases }: State) => phases.filter(({ overdue }) => overdue !== undefined).length;

function atTheEnd(state: State): Figure[] {
  const { runbook, severity, times } = state;
  const labels = { runbook, severity };
  const until = (name: keyof typeof durations, time: string | undefined): Figure[] =>
    time === undefined ? [] : [{ name, labels, seconds: secondsSince(times, time) }];
  const outcome = outcomeOf(state);
  return [
    { name: 'nqba_runbooks_incidents', labels: { ...labels, outcome }, count: 1 },
    ...until('nqba_runbooks_time_to_acknowledge_seconds', times.acknowledged),
    ...until('nqba_runbooks_time_to_mitigate_seconds', times.mitigated),
    // A time of another end was not measured, or what was measured did not hold.
    ...until('nqba_runbooks_time_to_resolve_seconds', outcome === 'recovered' ? times.resolved : undefined),
  ];
}

/** The clocks of monitoring and of Temporal may differ. */
const secondsSince = ({ fired }: Report['times'], time: string) => Math.max(0, (Date.parse(time) - Date.parse(fired)) / 1000);

const measuredOutcomes = ['recovered', 'observed', 'symptom not confirmed'];

function outcomeOf({ outcome = '', cancelled }: State): string {
  if (cancelled) return cancelled.falseAlarm ? 'false alarm' : 'cancelled';
  return measuredOutcomes.includes(outcome) ? outcome : 'closed by a person';
}
