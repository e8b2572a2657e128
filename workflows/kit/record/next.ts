/** Alerts that come after the end of an incident: the next one opens with them. Pure. */

import { urgencies } from '../../catalog/index.ts';
import type { Alert, ReportedAlert } from '../../contract/index.ts';
import { mostAlerts } from './bounds.ts';
import { shown, stillDelivered } from './counted-alerts.ts';
import { withPage } from './escalation.ts';
import { openQuestions, type State } from './state.ts';

/** After the end an alert that fires, and whatever is said of it then, belongs to the next incident. */
export const isTheNext = (state: State, alert: Alert, fires: boolean): boolean =>
  isAfterTheEnd(state) && (fires || isKnown(state, shown(alert)));

/** One that people cancelled absorbs its alert until that ends. */
const isAfterTheEnd = (state: State) =>
  state.over === true ||
  state.state === 'closed' ||
  (state.cancelled !== undefined && state.state === 'resolved' && !stillDelivered(state));

const isKnown = ({ next = [], handedOn = [] }: State, { fingerprint }: Alert) =>
  handedOn.includes(fingerprint) || next.some(one => one.fingerprint === fingerprint);

/** Whoever is on call is told at once where a question keeps the incident open, and so the next one from its page. */
export function withNext(state: State, alert: Alert): State {
  const next = { ...state, next: withDelivered(state.next ?? [], shown(alert)) };
  const [first] = urgencies[state.severity].ladder;
  return state.next === undefined && first && openQuestions(state).length > 0
    ? withPage(next, { roles: first.roles, because: 'a new alert fires, and its incident waits until this one has closed' })
    : next;
}

/** Of a storm the first ones open the next incident; the others join it when their sender repeats them. */
const most = 2 * mostAlerts;

/** Of each alert its firing and then its end: a repeat takes the place of what it repeats. */
function withDelivered(next: ReportedAlert[], alert: ReportedAlert): ReportedAlert[] {
  const its = next.filter(({ fingerprint }) => fingerprint === alert.fingerprint);
  if (its.at(-1)?.status === alert.status) return next.map(one => (one === its.at(-1) ? alert : one));
  const others = alert.status === 'firing' ? next.filter(one => !its.includes(one)) : next;
  return others.length < most ? [...others, alert] : next;
}

/** Those that were handed on are remembered: what is still said of them goes the same way. */
export const withHandedOn = ({ next = [], handedOn = [], ...state }: State): State => ({
  ...state,
  handedOn: [...new Set([...handedOn, ...next.map(({ fingerprint }) => fingerprint)])].slice(-most),
});
