/** The alerts of a scenario in our own form. */

import { admitAnnotations, admitLabels } from '../../workflows/catalog/index.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { span } from '../../workflows/kit/duration.ts';
import type { Message } from './rehearse.ts';
import type { Delivery } from './schema.ts';

interface Opens {
  slug: string;
  severity: string;
  /** Name of an alert that says nothing else. */
  alert: string;
}

type Delivered = { after: number; alert: Alert };

/** The first one opens the incident; every one is also signalled, as the intake does. */
export function openingAlert(deliveries: Delivery[], start: number, opens: Opens): { opening: Alert; messages: Message[] } {
  const alerts = deliveries
    .flatMap(delivery => delivered(delivery, start, opens))
    .toSorted((one, other) => one.after - other.after);
  const [first] = alerts;
  if (!first) throw new Error('A scenario needs a delivery.');
  return { opening: first.alert, messages: alerts.map(({ after, alert }) => ({ after, signal: 'alert', args: [alert] })) };
}

function delivered(delivery: Delivery, start: number, opens: Opens): Delivered[] {
  const after = span(delivery.after);
  if (!('alertmanager' in delivery)) return [{ after, alert: alertOf(delivery, start, opens) }];
  return delivery.alertmanager.alerts.map(({ status, labels, annotations, startsAt, endsAt, fingerprint }) => ({
    after,
    alert: {
      name: labels['alertname'] ?? opens.alert,
      status,
      fingerprint: fingerprint ?? labels['alertname'] ?? opens.alert,
      startsAt: utc(startsAt),
      ...(status === 'resolved' && { endsAt: utc(endsAt ?? start + after) }),
      labels: admitLabels(labels),
      annotations: admitAnnotations(annotations),
      source: 'alertmanager' as const,
    },
  }));
}

type Ours = Extract<Delivery, { status: string }>;

function alertOf({ after, status, name, fingerprint, summary, labels }: Ours, start: number, opens: Opens): Alert {
  const alertname = name ?? opens.alert;
  const since = status === 'firing' ? start + span(after) : start;
  return {
    name: alertname,
    status,
    fingerprint: fingerprint ?? alertname,
    startsAt: utc(since),
    ...(status === 'resolved' && { endsAt: utc(start + span(after)) }),
    labels: admitLabels({ alertname, severity: 'critical', priority: opens.severity, runbook: opens.slug, ...labels }),
    annotations: summary ? { summary } : {},
    source: 'alertmanager',
  };
}

const utc = (time: string | number) => new Date(time).toISOString();
