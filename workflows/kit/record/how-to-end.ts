/** How the end of an alert is sent that no sender has sent: for people. Pure. */

import type { Alert } from '../../contract/index.ts';
import { stillDelivered } from './counted-alerts.ts';
import type { State } from './state.ts';

/** Labels that say which incident it belongs to; the fingerprint says which alert it is. */
const needed = ['alertname', 'runbook', 'cluster', 'service', 'pod'];

export function howToEnd(state: State): string {
  const { counted, alerts } = state;
  const firing = counted.filter(one => stillDelivered({ counted: [one], alerts, uncounted: 0 }));
  const newest = alerts.findLast(({ fingerprint }) => firing.some(({ id }) => id === fingerprint));
  const rule = 'Recovery is measured, but the alert has not ended. Alertmanager sends its end when its rule no longer fires.';
  if (!newest) return rule;
  const each = firing.length > 1 ? `, and the same for each of the ${firing.length} that fire` : '';
  return `${rule} Where it was sent by hand, send its end to the intake too (POST /alertmanager, with its token)${each}: ${endOf(newest)}`;
}

/** The body that the intake takes; without a time it ends when it arrives. */
const endOf = ({ labels, fingerprint, startsAt }: Alert) =>
  JSON.stringify({ version: '4', alerts: [{ status: 'resolved', labels: neededOf(labels), fingerprint, startsAt }] });

const neededOf = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => needed.includes(name)));
