/** What stands in the records after a look, when pods read a share of jobs while they run. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { observed, type Seen } from '../../../lab/world/recorder.ts';
import type { PodRecord } from '../../../lab/world.ts';

const apps = { worker: 'nqba-worker', batch: 'nqba-worker-batch' };
const pod = (mount: object): V1Pod => ({
  metadata: { name: 'nqba-worker-a', uid: 'a', labels: { app: 'nqba-worker' } },
  spec: {
    containers: [{ name: 'worker', volumeMounts: [{ name: 'settings', mountPath: '/etc/nqba', ...mount }] }],
    volumes: [{ name: 'settings', configMap: { name: 'nqba-config' } }],
  },
  status: { phase: 'Running' },
});
const seen = (percent: number, mount: object = {}): Seen => ({
  pods: [pod(mount)],
  configMaps: { 'nqba-config': { QUANTUM_SHARE_PERCENT: String(percent) } },
});
const look = (records: PodRecord[], what: Seen, now: number) => observed(records, what, apps, now);

test('a changed share is recorded with its time, and the same one is no news', () => {
  const first = look([], seen(100), 1_000);
  assert.equal(look(first, seen(100), 2_000), first);
  assert.deepEqual(look(first, seen(25), 3_000)[0]?.shares, [
    { percent: 100, from: 1_000 },
    { percent: 25, from: 3_000 },
  ]);
});

test('a subPath is no file that follows', () => {
  assert.equal(look([], seen(100, { subPath: 'QUANTUM_SHARE_PERCENT' }), 1_000)[0]?.shares, undefined);
});
