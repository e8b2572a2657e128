import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { type Measured, metricsServer } from '../../../lab/stand-ins/metrics-server.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';

const pod = (namespace: string, name: string, app: string): Measured['pods'][number] => ({
  namespace,
  name,
  labels: { app, tier: 'backend' },
  containers: [{ name: app, used: { cpu: 0.25, memory: 64 * 1024 ** 2 } }],
});
const measured: Measured = {
  nodes: [{ name: 'node-a', used: { cpu: 1.5, memory: 1024 ** 3 } }],
  pods: [pod('shop', 'web-1', 'web'), pod('shop', 'db-1', 'db'), pod('other', 'web-2', 'web')],
};
const Answer = z.looseObject({ items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })).default([]) });

async function asked(path: string, state: State = 'healthy') {
  const around = surroundings({ now: () => Date.parse('2026-03-02T10:00:00.250Z'), state: () => state });
  const answer = await metricsServer(around, async () => measured).request(`/apis/metrics.k8s.io/v1beta1${path}`);
  const body = Answer.parse(await answer.json());
  return { status: answer.status, body, names: body.items.map(({ metadata }) => metadata.name) };
}

test('nodes and pods use quantities as Kubernetes writes them', async () => {
  const { body: nodes } = await asked('/nodes');
  assert.deepEqual(nodes, {
    kind: 'NodeMetricsList',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {},
    items: [
      {
        metadata: { name: 'node-a' },
        timestamp: '2026-03-02T10:00:00Z',
        window: '10s',
        usage: { cpu: '1500000000n', memory: '1048576Ki' },
      },
    ],
  });
  const { body: pods } = await asked('/namespaces/shop/pods?labelSelector=app=web');
  assert.partialDeepStrictEqual(pods, {
    items: [{ containers: [{ name: 'web', usage: { cpu: '250000000n', memory: '65536Ki' } }] }],
  });
});

test('pods are those of a namespace, of a selector, or all; what it cannot select by it refuses', async () => {
  assert.deepEqual((await asked('/pods')).names, ['web-1', 'db-1', 'web-2']);
  assert.deepEqual((await asked('/namespaces/shop/pods')).names, ['web-1', 'db-1']);
  assert.deepEqual((await asked('/namespaces/shop/pods?labelSelector=app%3Ddb%2Ctier%3Dbackend')).names, ['db-1']);
  assert.equal((await asked('/namespaces/shop/pods?labelSelector=app!=db')).status, 400);
  assert.equal((await asked('/namespaces/shop/services')).status, 404);
});

test('it says which kinds it serves, and is out of order as an API server says it', async () => {
  assert.partialDeepStrictEqual((await asked('')).body, { kind: 'APIResourceList', groupVersion: 'metrics.k8s.io/v1beta1' });
  const { status, body } = await asked('/nodes', 'down');
  assert.deepEqual([status, body['reason']], [503, 'ServiceUnavailable']);
});
