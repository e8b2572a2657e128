/** The activities over a hub of three pods, without an API server: what each pod answers follows from the stand-in. */

import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { IntakeChange, World } from '../../../lab/world.ts';
import type { State, System } from '../../../lab/world/systems.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createActivities } from '../../../activities/index.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';

const names = ['api-1', 'api-2', 'api-3'];
const running3 = names.map((name, index) => ({
  metadata: { name },
  spec: { containers: [] },
  status: { phase: 'Running', podIP: `10.0.0.${index + 1}` },
}));

interface Worlds {
  /** With PagerDuty, which the other worlds have not. */
  paging?: true;
  /** Without it only the Service is asked. */
  podUrl?: string | null;
  without?: ('prometheus' | 'api' | 'kubernetes')[];
  pace?: number;
}

/** Two workers on Dynex, as long as anybody looks back. */
const workers = ['w-1', 'w-2'].map(pod => ({
  pod,
  uid: pod,
  workload: 'worker' as const,
  solver: 'dynex' as const,
  fallback: false,
  since: 0,
}));

export function hub({ podUrl = 'http://api/pods/{name}', without = [], paging, pace = 1 }: Worlds = {}) {
  const clock = virtualClock();
  const states: Partial<Record<System, State>> = {};
  const hold: Record<string, string> = { 'mode.dynex-outage': 'supervised' };
  const intake: IntakeChange[] = [];
  const ends: { at: string }[] = [];
  const paged: Message[] = [];
  const world = (): World => ({
    pods: workers,
    api: [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: names }],
    systems: [{ system: 'dynex', state: states.dynex ?? 'healthy', from: 0 }],
    intake,
  });
  const around = (system: System) =>
    surroundings({ ...clock, state: () => states[system] ?? 'healthy', record: message => paged.push(message) });
  const routingKeys = () => '0123456789abcdef0123456789abcdef';
  const api = nqbaApi(around('api'), world);
  const cluster = ({ url }: Request) => {
    const isHold = new URL(url).pathname.endsWith('/configmaps/nqba-runbooks');
    return Response.json(isHold ? { metadata: { name: 'nqba-runbooks' }, data: hold } : { items: running3 });
  };
  const all = {
    kubernetes: { fetch: cluster },
    prometheus: { url: 'http://prometheus', fetch: prometheus(around('prometheus'), world).fetch },
    api: { url: 'http://api', fetch: api.fetch, ...(podUrl !== null && { podUrl }) },
  };
  const pager = { url: 'http://pagerduty', routingKeys, fetch: pagerduty(around('pagerduty')).fetch };
  const chosen = Object.fromEntries(Object.entries(all).filter(([name]) => !without.some(one => one === name)));
  const deps: Deps = {
    platform: { ...aPlatform, times: { ...aPlatform.times, pace } },
    systems: connected(paging ? { ...chosen, pagerduty: pager } : chosen, clock),
    ...clock,
    running,
    takeBackLater: async order => void ends.push(order),
  };
  const intakeNow = async () => (await api.request('/api/v1/qih/intake')).json();
  return { ...createActivities(deps), deps, states, ends, paged, clock, intakeNow };
}
