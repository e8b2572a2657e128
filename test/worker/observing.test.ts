/** A try reads a cluster and asks for dry runs: nothing else leaves it, whatever is armed there. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { onlyReading } from '../../worker/trying/observing.ts';

const sent: string[] = [];
const cluster = onlyReading(request => {
  sent.push(`${request.method} ${new URL(request.url).pathname}`);
  return Promise.resolve(new Response('{}'));
});
const deployment = 'https://kubernetes/apis/apps/v1/namespaces/shop/deployments/web';

test('reads and dry runs reach the cluster', async () => {
  await cluster(new Request(deployment));
  await cluster(new Request(`${deployment}?fieldManager=us&dryRun=All`, { method: 'PATCH', body: '{}' }));
  assert.deepEqual(sent.splice(0), [`GET ${new URL(deployment).pathname}`, `PATCH ${new URL(deployment).pathname}`]);
});

test('a write does not', async () => {
  const writes = [
    new Request(deployment, { method: 'PATCH', body: '{}' }),
    new Request(deployment, { method: 'DELETE' }),
    new Request(`${deployment}?dryRun=`, { method: 'PUT', body: '{}' }),
    new Request('https://kubernetes/api/v1/namespaces/shop/pods/web-1/eviction', { method: 'POST', body: '{}' }),
  ];
  for (const write of writes) await assert.rejects(async () => cluster(write), /nothing is written here/);
  assert.deepEqual(sent, []);
});
