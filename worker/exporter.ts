/** The SDK's own exporter: its metrics, and those that workflows count. It listens on loopback; the worker's `/metrics` hands its text on. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { RuntimeOptions } from '@temporalio/worker';
import { durations } from '../workflows/kit/record/figures.ts';

export interface Exporter {
  telemetryOptions: NonNullable<RuntimeOptions['telemetryOptions']>;
  /** In the text exposition format. */
  text: () => Promise<string>;
}

/** Seconds: the rungs of the escalation of P0 and P1, then the times in which the written runbooks restore. */
const buckets = [60, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
/** Milliseconds; a scrape waits ten seconds. */
const patience = 3_000;

export async function exporter(): Promise<Exporter> {
  const bindAddress = `127.0.0.1:${await freePort()}`;
  const histogramBucketOverrides = Object.fromEntries(Object.keys(durations).map(name => [name, buckets]));
  return {
    telemetryOptions: { metrics: { prometheus: { bindAddress, countersTotalSuffix: true, histogramBucketOverrides } } },
    text: async () => (await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(patience) })).text(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await new Promise(closed => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port of loopback is free');
  return address.port;
}
