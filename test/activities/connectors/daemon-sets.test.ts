/** A DaemonSet has no replicas of its own: its controller counts nodes, and may not have counted them yet. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { workloadsHealth } from '../../../activities/connectors/health-resources.ts';
import { daemonSets } from '../../../activities/connectors/workload-resources.ts';

const watcher = (status: object) => ({
  metadata: { name: 'watcher', namespace: 'shop', uid: 'u', generation: 1 },
  spec: { selector: {}, template: { metadata: {}, spec: { containers: [{ name: 'watcher' }] } } },
  status,
});

test('one that its controller has not counted yet is not at zero', () => {
  for (const { schema } of [daemonSets, workloadsHealth.DaemonSet]) assert.equal(schema.parse(watcher({})).spec.replicas, 1);
});

test('one that no node takes is at zero', () => {
  const counted = watcher({ observedGeneration: 1, desiredNumberScheduled: 0 });
  for (const { schema } of [daemonSets, workloadsHealth.DaemonSet]) assert.equal(schema.parse(counted).spec.replicas, 0);
});
