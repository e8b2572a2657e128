/** The alerts of a scenario in our own form, as an intake would deliver them. */

import { admitAnnotations, admitLabels, type Runbook } from '../../workflows/catalog/index.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { span } from '../../workflows/kit/record/duration.ts';
import type { Delivery } from './schema.ts';
import { writtenRunbook } from './written-runbook.ts';

export interface Delivered {
  /** Milliseconds since 1970. */
  at: number;
  alert: Alert;
}

interface Setting {
  /** Milliseconds since 1970. */
  start: number;
  /** The runbook that is meant where a delivery names none. */
  runbook: Runbook;
  /** Of the platform. */
  cluster: string;
}

/** In the order of time. Alerts without a cluster belong to the first that is named, else to the platform's. */
export function alertsOf(deliveries: Delivery[], setting: Setting): Delivered[] {
  const delivered = deliveries
    .flatMap(delivery => alertsIn(delivery, setting))
    .toSorted((one, other) => one.at - other.at)
    .map(since);
  const cluster = delivered.map(({ alert }) => alert.labels['cluster']).find(Boolean) ?? setting.cluster;
  return delivered.map(({ at, alert }) => ({ at, alert: { ...alert, labels: { cluster, ...alert.labels } } }));
}

/** A resolved alert began when it last fired. */
function since(delivered: Delivered, index: number, all: Delivered[]): Delivered {
  const { alert } = delivered;
  if (alert.status === 'firing' || alert.startsAt) return delivered;
  const began = all
    .slice(0, index)
    .findLast(({ alert: { status, fingerprint } }) => status === 'firing' && fingerprint === alert.fingerprint);
  return { ...delivered, alert: { ...alert, startsAt: began?.alert.startsAt ?? alert.endsAt ?? utc(delivered.at) } };
}

function alertsIn(delivery: Delivery, setting: Setting): Delivered[] {
  const at = setting.start + span(delivery.after);
  if (!('alertmanager' in delivery)) return [{ at, alert: alertOf(delivery, at, setting) }];
  return delivery.alertmanager.alerts.map(({ status, labels, annotations, startsAt, endsAt, fingerprint }) => ({
    at,
    alert: {
      name: labels['alertname'] ?? unnamed,
      status,
      fingerprint: fingerprint ?? labels['alertname'] ?? unnamed,
      startsAt: utc(startsAt),
      ...(status === 'resolved' && { endsAt: utc(endsAt ?? at) }),
      labels: admitLabels(labels),
      annotations: admitAnnotations(annotations),
      source: 'alertmanager' as const,
    },
  }));
}

const unnamed = 'unnamed';

type Ours = Extract<Delivery, { status: string }>;

function alertOf({ status, name, fingerprint, summary, labels, runbook: named }: Ours, at: number, setting: Setting): Alert {
  const { slug, severity, alerts } = named === undefined ? setting.runbook : writtenRunbook(named);
  const alertname = name ?? alerts[0]?.name ?? slug;
  return {
    name: alertname,
    status,
    fingerprint: fingerprint ?? alertname,
    startsAt: status === 'firing' ? utc(at) : '',
    ...(status === 'resolved' && { endsAt: utc(at) }),
    labels: admitLabels({ alertname, severity: 'critical', priority: severity, runbook: slug, ...labels }),
    annotations: summary ? { summary } : {},
    source: 'alertmanager',
  };
}

const utc = (time: string | number) => new Date(time).toISOString();
