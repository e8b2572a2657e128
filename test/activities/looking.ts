/** The checks over stand-ins, in a world whose systems can be set, and of which not all need be connected. */

import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { dynex } from '../../lab/stand-ins/dynex.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { World } from '../../lab/world.ts';
import type { State, System } from '../../lab/world/systems.ts';
import type { Connections } from '../../activities/connectors/index.ts';
import { workloadAnswer } from './cluster-answers.ts';
import { activitiesWith, answers, virtualClock } from './bare.ts';

export const key = 'dnx_secret_of_the_house';

/** Whatever is asked for; in lists there is nothing. */
export const secret = (value: string) =>
  answers(200, {
    metadata: { name: 'nqba-secrets', creationTimestamp: '2026-11-20T00:00:00Z' },
    data: { 'dynex-api-key': Buffer.from(value).toString('base64') },
    items: [],
  });

/** Two workers and a batch worker on Dynex, for as long as anybody looks back. */
const pods = ['w-1', 'w-2', 'b-1'].map(pod => ({
  pod,
  uid: pod,
  workload: pod.startsWith('w') ? ('worker' as const) : ('batch' as const),
  solver: 'dynex' as const,
  fallback: false,
  since: 0,
}));

type Connected = 'kubernetes' | 'prometheus' | 'dynex' | 'page' | 'api';
const everything: Connected[] = ['kubernetes', 'prometheus', 'dynex', 'page', 'api'];

interface Looking {
  kubernetes?: (request: Request) => Response;
  running?: World['pods'];
  connected?: Connected[];
  /** Whether Prometheus has a blackbox exporter to ask. */
  probed?: boolean;
}

/** The workloads as they run; whatever else is asked for is the Secret. */
const clusterOf =
  (running: World['pods']) =>
  ({ url }: Request): Response => {
    const answer = workloadAnswer(url, running);
    return answer ? Response.json(answer) : secret(key)();
  };

export function checks({ running = pods, kubernetes = clusterOf(running), connected = everything, probed = true }: Looking = {}) {
  const clock = virtualClock();
  const states: Partial<Record<System, State>> = {};
  const world = (): World => ({ pods: running, systems: [{ system: 'dynex', state: states.dynex ?? 'healthy', from: 0 }] });
  const around = (system: System) => surroundings({ ...clock, state: () => states[system] ?? 'healthy' });
  const blackbox = { probed };
  const is = (name: string) => connected.some(one => one === name);
  const metrics = prometheus(around('prometheus'), world).fetch;
  const at = { dynex: { url: 'http://dynex' }, page: { statusUrl: 'http://dynex/status/api/v2/summary.json' } };
  const all: Omit<Connections, 'artifacts'> = {
    kubernetes: { fetch: kubernetes },
    prometheus: {
      url: 'http://prometheus',
      fetch: request => (blackbox.probed ? metrics(request) : withoutProbes(request, metrics)),
    },
    dynex: { ...(is('dynex') && at.dynex), ...(is('page') && at.page), fetch: dynex(around('dynex')).fetch },
    api: { url: 'http://api', fetch: nqbaApi(around('api'), world).fetch },
  };
  const connections = Object.fromEntries(Object.entries(all).filter(([name]) => is(name) || (name === 'dynex' && is('page'))));
  const activities = activitiesWith(connections, clock);
  const { probeDynex, dynexStatus, dynexKey } = activities.quantum;
  const seenHealthy = () => Promise.all([probeDynex({}), dynexStatus({}), dynexKey({})]);
  return { ...activities, seenHealthy, states, blackbox };
}

async function withoutProbes(request: Request, metrics: (request: Request) => Response | Promise<Response>): Promise<Response> {
  const body = await request.clone().text();
  if (!body.includes('probe_success')) return metrics(request);
  return Response.json({ status: 'success', data: { resultType: 'vector', result: [] } });
}
