/** Senders as Alertmanager is one: what is not answered 2xx is sent again. */

import { setTimeout as pause } from 'node:timers/promises';
import { cluster, token } from './stage.ts';

export interface Posted {
  labels: Record<string, string>;
  fingerprint: string;
  startsAt: string;
}

export const firing = (fingerprint: string, labels: Record<string, string> = {}): Posted => ({
  labels: { alertname: 'DynexHealthCheckFailed', cluster, severity: 'critical', ...labels },
  fingerprint,
  startsAt: new Date().toISOString(),
});

/** A group in the form of Alertmanager, from one of its replicas. */
export const group = (alerts: Posted[], sender = 'alertmanager-0') =>
  JSON.stringify({
    version: '4',
    status: 'firing',
    receiver: 'nqba-runbooks',
    externalURL: `http://${sender}:9093`,
    alerts: alerts.map(alert => ({ status: 'firing', annotations: { summary: 'Dynex is down' }, ...alert })),
  });

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

/** Once: true for 2xx. */
export const post = (url: string, body: string) =>
  fetch(url, { method: 'POST', headers, body }).then(
    async answer => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );

/** Until it is taken. */
export async function deliver(url: string, body: string) {
  while (!(await post(url, body))) await pause(100);
}

/** So many at the same time, each the next one that is left. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T, index: number) => Promise<unknown>) {
  const left = items.entries();
  const one = async () => {
    for (const [index, item] of left) await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, one));
}
