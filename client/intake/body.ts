/** The bodies that senders post, and our own form of their alerts. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { admitAnnotations, admitLabels } from '../../workflows/catalog/index.ts';
import type { Alert } from '../../workflows/contract/index.ts';

/** Alertmanager writes version 4, Grafana version 1. The alerts are read one by one: a poisonous one must not take the good ones with it. */
export const webhookBody = z.looseObject({
  version: z.enum(['4', '1']),
  alerts: z.custom<unknown[]>(value => Array.isArray(value) && value.length > 0, 'must be a list of alerts'),
  truncatedAlerts: z.number().int().nonnegative().nullish(),
});

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);

/** Numbers and booleans as text; null, and all that is no text, is absent. */
const textsOf = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (isScalar(value) ? [[name, String(value)]] : [])));

const values = z.record(z.string(), z.unknown());
/** A label that is no text may be the one that names the cluster: such an alert is not read. Without an annotation it is. */
const labelValues = values.refine(
  labels => Object.values(labels).every(value => value === null || isScalar(value)),
  'a label is a list or an object',
);
const annotationValues = values.catch({}).transform(textsOf);
const text = z.string().catch('');

export const postedAlert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: labelValues.transform(textsOf).refine(labels => labels['alertname'], 'the label alertname is missing'),
  annotations: annotationValues,
  startsAt: text,
  endsAt: text,
  /** One that is not a plain word is replaced by our own. */
  fingerprint: z
    .string()
    .regex(/^[\w.:-]{1,200}$/)
    .optional()
    .catch(undefined),
  /** Of Grafana: the value of each expression of the rule. */
  values: annotationValues,
});

export type PostedAlert = z.infer<typeof postedAlert>;

const anyLabels = z.looseObject({ labels: values.transform(textsOf) });

/** The labels of an alert that may be unreadable otherwise. */
export const labelsOf = (posted: unknown): Record<string, string> => anyLabels.safeParse(posted).data?.labels ?? {};

/** Milliseconds that a sender's clock may be ahead of ours. */
const skew = 5 * 60_000;
/** Before this there was no platform; such a time is a sender's "not set". */
const earliest = Date.parse('2020-01-01T00:00:00Z');

/** Our own form: our cluster by its one name, odd times made plausible, only listed fields, each bounded. */
export function alertOf(posted: PostedAlert, cluster: string, now: number, source: Alert['source'] = 'alertmanager'): Alert {
  const startsAt = plausible(posted.startsAt, now);
  const labels = admitLabels({ ...ofSubject(posted.labels), cluster });
  const ended = posted.status === 'resolved' && { endsAt: time(Math.max(startsAt, plausible(posted.endsAt, now))) };
  const value = valuesIn(posted);
  return {
    name: labels['alertname']?.trim() || 'unnamed',
    status: posted.status,
    fingerprint: posted.fingerprint || fingerprintOf(posted.labels),
    startsAt: time(startsAt),
    ...ended,
    labels,
    annotations: admitAnnotations(value === '' ? posted.annotations : { value, ...posted.annotations }),
    source,
  };
}

const exported = /^exported_(?=.)/;

/** Prometheus moves a label of the subject to `exported_…` where it has one of the same name for the exporter. */
function ofSubject(labels: Record<string, string>): Record<string, string> {
  const moved = Object.entries(labels).filter(([name, value]) => exported.test(name) && value !== '');
  return { ...labels, ...Object.fromEntries(moved.map(([name, value]) => [name.replace(exported, ''), value])) };
}

const valuesIn = ({ values }: PostedAlert) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const time = (ms: number) => new Date(ms).toISOString();

/** Now, where the time is no time, before the platform, or in the future. */
function plausible(text: string, now: number): number {
  const ms = Date.parse(text);
  return ms >= earliest && ms <= now + skew ? ms : now;
}

const fingerprintOf = (labels: Record<string, string>) =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex')
    .slice(0, 16);
