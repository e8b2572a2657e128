/** The form that a body has, and the alerts in it. */

import { z } from 'zod';
import { webhookBody } from './body.ts';
import type { Sender } from './judgement.ts';

export interface Bodied {
  from: Sender;
  alerts: unknown[];
  /** Alerts that the sender left out. */
  truncatedAlerts?: number;
}

export type Form = (json: unknown) => Bodied | { faults: string };

/** A body of 8 MiB holds fewer whose texts say anything; more of nothing take more memory than the intake has. */
const mostInOneBody = 250_000;

/** Of Alertmanager and Grafana: the version tells which of both sent it. */
export const webhook: Form = json => {
  const read = webhookBody.safeParse(json);
  if (!read.success) return { faults: z.prettifyError(read.error) };
  const { version, alerts, truncatedAlerts } = read.data;
  if (alerts.length > mostInOneBody)
    return {
      faults: `${alerts.length} alerts are in one body, more than ${mostInOneBody}: give the sender's receiver max_alerts`,
    };
  return { from: version === '1' ? 'grafana' : 'alertmanager', alerts, truncatedAlerts: truncatedAlerts || undefined };
};

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullable();

export const smallAlert = z.looseObject({
  name: z.string().min(1).meta({ description: 'The name of the alert, as the catalog knows it' }),
  status: z.enum(['firing', 'resolved']),
  startsAt: z.string().nullish().meta({ description: 'RFC 3339; now, if absent' }),
  endsAt: z.string().nullish().meta({ description: 'RFC 3339, of a resolved alert; now, if absent' }),
  labels: z.record(z.string(), scalar).nullish().meta({ description: 'Such as runbook, severity, priority, cluster, namespace' }),
  annotations: z.record(z.string(), scalar).nullish().meta({ description: 'Such as summary and description' }),
  fingerprint: z
    .string()
    .nullish()
    .meta({ description: 'The same for the alert and its end; made of name and labels, if absent' }),
});

/** Of any other monitor: one alert. */
export const small: Form = json => {
  const read = smallAlert.safeParse(json);
  if (!read.success) return { faults: z.prettifyError(read.error) };
  const { name, labels, ...alert } = read.data;
  return { from: 'other', alerts: [{ ...alert, labels: { ...labels, alertname: name } }] };
};

/** Whichever of both it is. */
export const anyForm: Form = json => (smallAlert.safeParse(json).success ? small(json) : webhook(json));
