/** The alerts that Alertmanager holds as firing now, silenced and inhibited ones left out: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */

import { z } from 'zod';
import { Failed } from './errors.ts';

const texts = z.record(z.string(), z.string());

const held = z.looseObject({
  labels: texts,
  annotations: texts,
  startsAt: z.string(),
  fingerprint: z.string(),
});

const answer = z.array(held);

/** Bytes that are read of an answer, and milliseconds that are waited for it. */
const limits = { bytes: 16 * 1024 * 1024, within: 10_000 };

/** An alert as Alertmanager's webhook would post it. */
export interface Posted extends Pick<z.infer<typeof held>, 'labels' | 'annotations' | 'startsAt' | 'fingerprint'> {
  status: 'firing';
}

/** @throws Failed with what to do */
export async function firingAlerts(address: string): Promise<Posted[]> {
  const url = new URL(`${address.replace(/\/$/, '')}/api/v2/alerts?active=true&silenced=false&inhibited=false`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limits.within) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const body = await response.text();
    if (body.length > limits.bytes) throw new Error(`its answer is longer than ${limits.bytes} bytes`);
    const alerts = answer.parse(JSON.parse(body));
    return alerts.map(({ labels, annotations, startsAt, fingerprint }) => ({
      status: 'firing',
      labels,
      annotations,
      startsAt,
      fingerprint,
    }));
  } catch (error) {
    throw new Failed(`Alertmanager at ${url.origin} says nothing of its alerts (${reasonOf(error)}). ${forward}`);
  }
}

const forward = 'Where it is reached through the cluster: kubectl -n monitoring port-forward svc/alertmanager 9093';

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'its answer is not that of the API v2';
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
