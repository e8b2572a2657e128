/** A cluster that holds what a test puts into it, and answers a dry run of a Pod as the test says. */

import { activitiesWith, virtualClock } from '../bare.ts';

export interface Held {
  deployment?: object;
  sets?: object[];
  pods?: object[];
  hpa?: object;
  events?: object[];
  usage?: object[];
  nodeUsage?: object[];
  nodes?: object[];
  /** Further lists by their plurals. */
  others?: Record<string, object[]>;
  /** Further objects by plural and name: `secrets/nqba-secrets`. */
  objects?: Record<string, object>;
  /** Status and message of a Pod that is refused; it is admitted otherwise. */
  refused?: [status: number, message: string];
  /** Status and message of a dry run of what was saved; without one it changes nothing. */
  unapplied?: [status: number, message: string];
  /** Plurals that may not be listed. */
  forbidden?: string[];
}

/** At 03:00 UTC. */
export const clusterOf = (held: Held) => activitiesWith({ kubernetes: { fetch: fetchOf(held) } }, virtualClock());

export const fetchOf = (held: Held) => async (request: Request) => {
  const { pathname } = new URL(request.url);
  if (request.method !== 'GET') return tried(held, request);
  if (held.forbidden?.some(one => pathname.endsWith(one))) return refused(403, `${pathname} is forbidden`);
  const single = held.objects?.[pathname.split('/').slice(-2).join('/')];
  if (single) return Response.json(single);
  if (pathname.includes('/deployments/')) return found(held.deployment);
  if (pathname.includes('/horizontalpodautoscalers/')) return found(held.hpa);
  if (pathname.includes('metrics.k8s.io')) return measured(pathname.endsWith('/nodes') ? held.nodeUsage : held.usage);
  return listOf(listed(held, pathname.split('/').at(-1)));
};

async function tried(held: Held, request: Request): Promise<Response> {
  if (request.method === 'PATCH') return held.unapplied ? refused(...held.unapplied) : Response.json(await request.json());
  return held.refused ? refused(...held.refused) : Response.json(pod('tried'));
}

const measured = (usage: object[] | undefined) => (usage ? listOf(usage) : found(undefined));

function listed({ sets = [set], pods = [], events = [], nodes = [], others = {} }: Held, plural = '') {
  const lists = new Map([['replicasets', sets], ['pods', pods], ['events', events], ['nodes', nodes], ...Object.entries(others)]);
  return lists.get(plural) ?? [];
}

const found = (object: object | undefined) => (object ? Response.json(object) : refused(404, 'not found'));
const listOf = (items: object[]) => Response.json({ items });
const refused = (status: number, message: string) => Response.json({ kind: 'Status', message }, { status });

export const deployment = (spec: object = {}, status: object = {}) => ({
  metadata: { name: 'nqba-api', namespace: 'nqba-platform', uid: 'd' },
  spec: { replicas: 3, template: { spec: { containers: [{ name: 'api' }] } }, ...spec },
  status: { updatedReplicas: 3, ...status },
});

const set = {
  metadata: { name: 'nqba-api-1', uid: 's', ownerReferences: [{ kind: 'Deployment', name: 'nqba-api', uid: 'd' }] },
  spec: { template: { spec: { containers: [] } } },
};

export const pod = (name: string, status: object = {}, spec: object = {}) => ({
  metadata: {
    name,
    namespace: 'nqba-platform',
    uid: name,
    ownerReferences: [{ kind: 'ReplicaSet', name: 'nqba-api-1', uid: 's' }],
  },
  spec: { containers: [{ name: 'api' }], ...spec },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...status },
});

export const unready = (container: object = {}, conditions: object[] = []) => ({
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-11-24T02:11:09Z' }, ...conditions],
  containerStatuses: [{ name: 'api', ready: false, ...container }],
});

export const warning = (kind: string, uid: string, message: string, lastTimestamp: string) => ({
  metadata: { name: `${uid}-${lastTimestamp}` },
  involvedObject: { kind, uid, name: uid },
  type: 'Warning',
  reason: kind === 'Pod' ? 'Unhealthy' : 'FailedCreate',
  message,
  lastTimestamp,
});
