/** The practice edge denies what the annotations of its Ingresses say: the API sees no such call, and the controller counts it as 403. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Ingress } from '@kubernetes/client-node';
import { customersOn } from '../../../lab/world/customers.ts';
import { edgeObserved, isDenied } from '../../../lab/world/edge.ts';
import { linesBetween, linesReaching } from '../../../lab/world/traffic/log.ts';

const minute = 60_000;
const noon = Date.parse('2026-03-02T12:00:00Z');

const ingress = (denied: string | undefined, ...paths: string[]): V1Ingress => ({
  metadata: {
    annotations: denied === undefined ? {} : { 'nginx.ingress.kubernetes.io/denylist-source-range': denied },
  },
  spec: {
    rules: [{ http: { paths: paths.map(path => ({ path, pathType: 'Prefix', backend: {} })) } }],
  },
});

test('what is denied is recorded with its time, and the same is no news', () => {
  const open = [ingress(undefined, '/')];
  const first = edgeObserved([], open, 1_000);
  assert.equal(edgeObserved(first, open, 2_000), first);
  const denying = edgeObserved(first, [ingress('203.0.113.7, 2001:db8::/64,nonsense', '/')], 3_000);
  assert.deepEqual(denying.at(-1), { from: 3_000, ingresses: [{ paths: ['/'], denied: ['203.0.113.7/32', '2001:db8::/64'] }] });
});

test('the Ingress with the longest path takes a call, and only it decides', () => {
  const records = edgeObserved([], [ingress('203.0.113.7', '/'), ingress(undefined, '/api/v1/exports')], 1_000);
  const called = (route: string, at = 2_000, address = '203.0.113.7') => isDenied(records, { at, address, route });
  assert.deepEqual([called('/health'), called('/api/v1/exports'), called('/api/v1/exportsx')], [true, false, true]);
  assert.equal(called('/health', 500), false, 'before it was written');
  assert.equal(called('/health', 2_000, '203.0.113.8'), false);
});

test('a scraper that is denied ends at the edge from then on', () => {
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, noon, { troubles: [{ kind: 'abuse', from: noon - 10 * minute }] });
  const edge = edgeObserved([], [ingress('203.0.113.7/32', '/')], noon - minute);
  const world = { pods: [], systems: [], customers, edge };
  const of = (lines: Iterable<{ address: string; status: number; at: number }>) =>
    [...lines].filter(({ address }) => address === '203.0.113.7');
  const all = of(linesBetween(world, noon - 2 * minute, noon));
  const reaching = of(linesReaching(world, noon - 2 * minute, noon));
  assert.ok(reaching.length > 100 && reaching.every(({ at }) => at < noon - minute));
  assert.deepEqual(new Set(all.filter(({ at }) => at >= noon - minute).map(({ status }) => status)), new Set([403]));
  assert.ok(all.length > 1.9 * reaching.length);
});
