/** Activities with nothing around them but what a test puts there. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connections, connectAll, type Systems } from '../../activities/connectors/index.ts';
import { createActivities } from '../../activities/index.ts';
import type { Running } from '../../activities/running.ts';
import { nqba } from '../support/nqba.ts';

export const aPlatform = await nqba();

/** Time passes only where somebody sleeps. */
export function virtualClock(start = Date.parse('2026-11-24T03:00:00Z')) {
  let time = start;
  return {
    now: () => time,
    sleep: async (ms: number, signal?: AbortSignal) => {
      // What waits side by side waits once.
      const over = time + ms;
      await new Promise(resolve => setImmediate(resolve));
      if (!signal?.aborted) time = Math.max(time, over);
    },
  };
}

export const connected = (connections: Omit<Connections, 'artifacts'>, clock = virtualClock()): Systems =>
  connectAll({ artifacts: { folder: mkdtempSync(join(tmpdir(), 'nqba-artifacts-')) }, ...connections }, clock);

export const withoutSystems = () => connected({});

/** A real API server's absence: what a `fetch` sees where nobody listens. */
export const refuses = () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) });
};

/** Always the same answer. */
export const answers =
  (status: number, body: object | string, headers: Record<string, string> = {}) =>
  () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

/** A hold that holds nothing, and arms Dynex Outage. */
export const armed = answers(200, {
  metadata: { name: 'nqba-runbooks' },
  data: { 'mode.dynex-outage': 'supervised' },
});

export const running = (): Running => ({
  workflowType: 'dynexOutage',
  namespace: 'default',
  signal: new AbortController().signal,
  heartbeat: () => undefined,
});

export function activitiesWith(connections: Omit<Connections, 'artifacts'>, clock = virtualClock()) {
  return createActivities({ platform: aPlatform, systems: connected(connections, clock), ...clock, running });
}
