/**
 * A metrics server, as the API server of a cluster passes calls on to it: what nodes and pods use now. Reading only.
 *
 * Follows https://github.com/kubernetes/metrics/blob/master/pkg/apis/metrics/v1beta1/types.go, and for what is not found
 * https://github.com/kubernetes-sigs/metrics-server/blob/master/pkg/storage: an object that it has not measured is absent from a list.
 */

import type { Context, Hono } from 'hono';
import { failing, standIn, type Surroundings } from './stand-in.ts';

/** Cores, and bytes of memory. */
export interface Used {
  cpu: number;
  memory: number;
}

export interface Measured {
  nodes: { name: string; used: Used }[];
  pods: { namespace: string; name: string; labels: Record<string, string>; containers: { name: string; used: Used }[] }[];
}

const version = 'metrics.k8s.io/v1beta1';
const base = `/apis/${version}`;

export function metricsServer(around: Surroundings, measure: () => Promise<Measured>): Hono {
  const app = standIn();
  app.use(
    failing(around, {
      down: c => status(c, 503, 'ServiceUnavailable', 'the server is currently unable to handle the request'),
      unauthorised: c => status(c, 401, 'Unauthorized', 'Unauthorized'),
    }),
  );
  app.get(base, c => c.json({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: version, resources }));
  app.get(`${base}/nodes`, async c => {
    const { nodes } = await measure();
    return c.json(
      listOf(
        'NodeMetrics',
        nodes.map(one => nodeMetrics(one, around.now())),
      ),
    );
  });
  app.get(`${base}/pods`, c => pods(c, () => true));
  app.get(`${base}/namespaces/:namespace/pods`, c => pods(c, namespace => namespace === c.req.param('namespace')));
  app.notFound(c => status(c, 404, 'NotFound', 'the server could not find the requested resource'));
  return app;

  async function pods(c: Context, isWanted: (namespace: string) => boolean): Promise<Response> {
    const selected = selector(c.req.query('labelSelector') ?? '');
    if (!selected) return status(c, 400, 'BadRequest', 'only equality is selected by here');
    const { pods } = await measure();
    const found = pods.filter(({ namespace, labels }) => isWanted(namespace) && selected(labels));
    return c.json(
      listOf(
        'PodMetrics',
        found.map(one => podMetrics(one, around.now())),
      ),
    );
  }
}

const resources = [
  { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
  { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
];

/** `a=b,c=d`; nothing where it says more than that. */
function selector(text: string): ((labels: Record<string, string>) => boolean) | undefined {
  const wanted = text === '' ? [] : text.split(',').map(one => /^([^!=]+)==?([^=]*)$/.exec(one));
  if (wanted.includes(null)) return undefined;
  return labels => wanted.every(found => labels[found?.[1] ?? ''] === found?.[2]);
}

/** Of the last seconds until now. */
const measuredAt = (now: number) => ({ timestamp: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'), window: '10s' });
const quantities = ({ cpu, memory }: Used) => ({ cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.round(memory / 1024)}Ki` });

const nodeMetrics = ({ name, used }: Measured['nodes'][number], now: number) => ({
  metadata: { name },
  ...measuredAt(now),
  usage: quantities(used),
});

const podMetrics = ({ namespace, name, labels, containers }: Measured['pods'][number], now: number) => ({
  metadata: { namespace, name, labels },
  ...measuredAt(now),
  containers: containers.map(container => ({ name: container.name, usage: quantities(container.used) })),
});

const listOf = (kind: string, items: object[]) => ({ kind: `${kind}List`, apiVersion: version, metadata: {}, items });

const status = (c: Context, code: 400 | 401 | 404 | 503, reason: string, message: string) =>
  c.json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code }, code);
