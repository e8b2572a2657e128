/** How many pods serve the API, look after look. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { apiAt, apiObserved, apiServes, type ApiRecord } from '../../../lab/world/api.ts';

const labels = { app: 'nqba-platform', component: 'api' };
const deployment = (replicas = 3): V1Deployment => ({
  spec: { replicas, selector: { matchLabels: labels }, template: {} },
});
const pod = ({ ready = 'True', image = 'nqba-platform/api:1.0', of = labels, deleted = false } = {}): V1Pod => ({
  metadata: { name: 'api-1', labels: { ...of, more: 'x' }, ...(deleted && { deletionTimestamp: new Date(0) }) },
  spec: { containers: [{ name: 'api', image }] },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
const look = (pods: V1Pod[], records: ApiRecord[] = [], now = 1_000) => apiObserved(records, deployment(), pods, now);

const looks: [string, V1Pod[], Pick<ApiRecord, 'ready' | 'bad'>][] = [
  ['ready pods', [pod(), pod(), pod()], { ready: 3, bad: 0 }],
  ['no pod that is not ready', [pod({ ready: 'False' }), pod()], { ready: 1, bad: 0 }],
  ['no pod that is going away', [pod({ deleted: true }), pod()], { ready: 1, bad: 0 }],
  ['no pod of another workload', [pod({ of: { app: 'nqba-worker', component: 'worker' } }), pod()], { ready: 1, bad: 0 }],
  ['which of the ready run a bad image', [pod({ image: 'api:2.0-bad' }), pod({ image: 'api:bad' }), pod()], { ready: 3, bad: 2 }],
  ['no bad image where only a name has the word', [pod({ image: 'bad/bad-api:1.0' })], { ready: 1, bad: 0 }],
  ['nothing ready', [], { ready: 0, bad: 0 }],
];

for (const [what, pods, expected] of looks)
  test(`a look counts ${what}`, () => {
    const names = Array.from({ length: expected.ready }, () => 'api-1');
    assert.deepEqual(look(pods), [{ from: 1_000, wanted: 3, ...expected, pods: names }]);
  });

test('the same again is no news, and a change is recorded with its time', () => {
  const first = look([pod(), pod(), pod()]);
  assert.equal(look([pod(), pod(), pod()], first, 2_000), first);
  const gone = look([], first, 3_000);
  assert.deepEqual(gone.at(-1), { from: 3_000, wanted: 3, ready: 0, bad: 0, pods: [] });
  assert.deepEqual(
    [500, 1_000, 2_999, 3_000].map(at => apiAt(gone, at)?.ready),
    [undefined, 3, 3, 0],
  );
  assert.deepEqual(
    [500, 1_000, 3_000].map(at => apiServes(gone, at)),
    [true, true, false],
  );
});

test('a Deployment that is deleted serves nothing; one that never was says nothing', () => {
  const first = look([pod()]);
  assert.deepEqual(apiObserved(first, null, [pod()], 2_000).at(-1), { from: 2_000, wanted: 0, ready: 0, bad: 0, pods: [] });
  assert.deepEqual(apiObserved([], null, [pod()], 2_000), []);
  assert.equal(apiServes(undefined, 1), true);
});

test('what is older than a day is forgotten, but not how it stood then', () => {
  const first = look([pod()]);
  const second = look([], first, 2_000);
  const third = look([pod()], second, 90_000_000);
  assert.deepEqual(
    third.map(({ from }) => from),
    [2_000, 90_000_000],
  );
});
