/** How many pods each ReplicaSet wants and has ready, look after look. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { V1ReplicaSet } from '@kubernetes/client-node';
import { setAt, type SetRecord, setsObserved } from '../../../lab/world/replica-sets.ts';

const set = (name: string, replicas: number, readyReplicas?: number): V1ReplicaSet => ({
  metadata: { name },
  spec: { replicas, selector: {} },
  status: { replicas, ...(readyReplicas !== undefined && { readyReplicas }) },
});
const look = (sets: V1ReplicaSet[], records: SetRecord[] = [], now = 1_000) => setsObserved(records, sets, now);

test('the same again is no news, and a change is recorded with its time', () => {
  const first = look([set('a', 3, 3), set('b', 1)]);
  assert.equal(look([set('a', 3, 3), set('b', 1)], first, 2_000), first);
  const next = look([set('a', 2, 2), set('b', 1)], first, 3_000);
  assert.deepEqual(
    [500, 1_000, 3_000].map(at => setAt(next, 'a', at)?.ready),
    [undefined, 3, 2],
  );
  assert.deepEqual(setAt(next, 'b', 3_000), { set: 'b', from: 1_000, wanted: 1, ready: 0 });
});

test('one that is deleted is there no longer, and may come back', () => {
  const gone = look([], look([set('a', 3, 3)]), 2_000);
  assert.equal(look([], gone, 3_000), gone);
  const back = look([set('a', 3, 1)], gone, 4_000);
  assert.deepEqual(
    [1_000, 2_000, 4_000].map(at => setAt(back, 'a', at)?.ready),
    [3, undefined, 1],
  );
});

test('what is older than a day is forgotten, but not how it stands', () => {
  const first = look([set('a', 3, 3), set('b', 3, 0), set('c', 1)]);
  const later = look([set('a', 3, 3), set('b', 3, 1)], first, 90_000_000);
  assert.deepEqual(
    later.map(({ set, from }) => [set, from]),
    [
      ['a', 1_000],
      ['b', 1_000],
      ['c', 1_000],
      ['b', 90_000_000],
      ['c', 90_000_000],
    ],
  );
  const last = look([set('a', 3, 3), set('b', 3, 1)], later, 180_000_000);
  assert.equal(last, later);
  const fresh = look([set('a', 3, 2), set('b', 3, 1)], later, 180_000_000);
  assert.deepEqual(
    fresh.map(({ set, from }) => [set, from]),
    [
      ['a', 1_000],
      ['b', 90_000_000],
      ['a', 180_000_000],
    ],
  );
});
