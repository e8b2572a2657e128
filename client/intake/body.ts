/** The body that Alertmanager posts (webhook version 4), and our own form of its alerts. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { admitAnnotations, admitLabels } from '../../workflows/catalog/index.ts';
import type { Alert } from '../../workflows/contract/index.ts';

/** The alerts are read one by one: a poisonous one must not take the good ones with it. */
export const alertmanagerBody = z.looseObject({
  version: z.literal('4'),
  alerts: z.array(z.unknown()).min(1),
  truncatedAlerts: z.number().int().nonnegative().default(0),
});

const texts = z.record(z.string(), z.string());

export const postedAlert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: texts.refine(labels => labels['alertname'], 'the label alertname is missing'),
  annotations: texts.default({}),
  startsAt: z.string(),
  endsAt: z.string().optional(),
  /** One that is not a plain word is replaced by our own. */
  fingerprint: z
    .string()
    .regex(/^[\w.:-]{1,200}$/)
    .optional()
    .catch(undefined),
});

export type PostedAlert = z.infer<typeof postedAlert>;

/** Milliseconds that a sender's clock may be ahead of ours. */
const skew = 5 * 60_000;
/** Before this there was no platform; such a time is a sender's "not set". */
const earliest = Date.parse('2020-01-01T00:00:00Z');

/** Our own form: our cluster by its one name, odd times made plausible, only listed fields, each bounded. */
export function alertOf(posted: PostedAlert, cluster: string, now: number): Alert {
  const startsAt = plausible(posted.startsAt, now);
  const labels = admitLabels({ ...posted.labels, cluster });
  const ended = posted.status === 'resolved' && { endsAt: time(Math.max(startsAt, plausible(posted.endsAt, now))) };
  return {
    name: labels['alertname']?.trim() || 'unnamed',
    status: posted.status,
    fingerprint: posted.fingerprint || fingerprintOf(posted.labels),
    startsAt: time(startsAt),
    ...ended,
    labels,
    annotations: admitAnnotations(posted.annotations),
    source: 'alertmanager',
  };
}

const time = (ms: number) => new Date(ms).toISOString();

/** Now, where the time is no time, before the platform, or in the future. */
function plausible(text: string | undefined, now: number): number {
  const ms = Date.parse(text ?? '');
  return ms >= earliest && ms <= now + skew ? ms : now;
}

const fingerprintOf = (labels: Record<string, string>) =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex')
    .slice(0, 16);
