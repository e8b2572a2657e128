/** An intake at whose edge everything that would reach Temporal is written down. */

import type { Listed } from '../../../client/incident.ts';
import { createIntake } from '../../../client/intake/app.ts';
import { Counters } from '../../../client/intake/counters.ts';
import { createMetrics } from '../../../client/intake/metrics.ts';
import type { IntakeDeps } from '../../../client/intake/results.ts';
import { answer } from '../../../client/intake/answer.ts';
import { readTokens } from '../../../client/intake/tokens.ts';
import type { Alert, Start } from '../../../workflows/contract/index.ts';
import { group } from './bodies.ts';

export { answer };

export const now = Date.parse('2026-11-24T02:16:20Z');
const quietMinutes = { P0: 60, P1: 60, P2: 30, P3: 30 };

export const platform: IntakeDeps['platform'] = {
  cluster: 'nqba-production',
  timeZone: 'UTC',
  times: { pace: 1, quietMinutes },
  links: {},
  namespaces: {},
  configMaps: {},
  workloads: {},
  roles: {},
  statusPage: { components: {} },
};

export function intake(
  given: Partial<IntakeDeps> & {
    openOrJoin?: IntakeDeps['temporal']['openOrJoin'];
    clusterAliases?: string[];
    open?: Listed[];
  } = {},
) {
  const started: Start[] = [];
  const ended: Alert[] = [];
  const noticed: Alert[] = [];
  const proven: Alert[] = [];
  const kept: string[] = [];
  const said: string[] = [];
  const temporal: IntakeDeps['temporal'] = {
    openOrJoin: async (runbook, start) => {
      started.push(start);
      if (given.openOrJoin) return given.openOrJoin(runbook, start);
      return { result: 'opened', incident: start.name, workflowId: 'incident:dynex-outage:nqba-production' };
    },
    resolve: async (_, alert) => ended.push(alert) > 0,
    ready: async () => {},
    notice: async alert => void noticed.push(alert),
    proveDetection: async alert => void proven.push(alert),
  };
  const counters = new Counters();
  const deps: IntakeDeps = {
    tokens: readTokens({ INTAKE_TOKEN: 'hush' }),
    platform: { ...platform, clusterAliases: given.clusterAliases },
    temporal,
    store: { save: async body => `digest of body ${kept.push(body)}` },
    now: () => now,
    say: line => said.push(line),
    ...given,
  };
  const app = createIntake(deps, counters);
  const metrics = createMetrics({ ...deps, counters, temporal: { list: async () => given.open ?? [] } });
  const post = (body: unknown, headers: Record<string, string> = { authorization: 'Bearer hush' }, path = '/alertmanager') =>
    app.request(path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const results = async (...alerts: unknown[]) => answer.parse(await (await post(group(...alerts))).json()).alerts;
  const counted = async (series: string) => {
    const text = await (await metrics.request('/metrics')).text();
    const lines = text.split('\n').filter(line => line.startsWith(`${series}{`) && !line.endsWith(' 0'));
    return lines.map(line => line.slice(series.length));
  };
  return { app, metrics, temporal, post, results, counted, started, ended, noticed, proven, kept, said };
}
