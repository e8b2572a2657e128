/** A rollout is waited for as long as it may take, and what keeps it is quoted. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { deployments } from '../../../activities/connectors/resources.ts';
import { limits } from '../../../activities/limits.ts';
import { complete, rolledOut } from '../../../activities/engine/rollout.ts';
import type { Target } from '../../../workflows/contract/index.ts';
import { answers, connected, virtualClock } from '../bare.ts';

const deployment = (status: object) => ({
  metadata: { name: 'nqba-worker', namespace: 'nqba-platform', generation: 7 },
  spec: { replicas: 2, template: { spec: { containers: [] } } },
  status: { observedGeneration: 7, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
});
const restarted: Target = { system: 'kubernetes', kind: 'Deployment', namespace: 'nqba-platform', name: 'nqba-worker' };
const quota = { type: 'ReplicaFailure', status: 'True', message: 'pods "nqba-worker-x" is forbidden: exceeded quota: q' };
const deadline = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };

/** What is said of a rollout that stays so, after how long, and how often we showed that we live. */
async function waiting(status: object) {
  const clock = virtualClock(0);
  const { kubernetes } = connected({ kubernetes: { fetch: answers(200, deployment(status)) } }, clock);
  assert.ok(kubernetes);
  let beats = 0;
  const running = {
    workflowType: 'dynexOutage',
    namespace: 'default',
    signal: new AbortController().signal,
    heartbeat: () => void (beats += 1),
  };
  const remarks = await rolledOut(kubernetes, [restarted], clock, running);
  return { remarks, took: clock.now(), beats };
}

test('complete when all pods are new and available, the old ones gone, and the controller has seen it', () => {
  const is = (status: object) => complete(deployments.schema.parse(deployment(status)));
  assert.ok(is({}));
  for (const status of [{ observedGeneration: 6 }, { updatedReplicas: 1 }, { replicas: 3 }, { availableReplicas: 1 }])
    assert.ok(!is(status), JSON.stringify(status));
});

test('one that the quota keeps is given up after its limit, with the reason, and signs of life meanwhile', async () => {
  const { remarks, took, beats } = await waiting({ updatedReplicas: 0, conditions: [quota] });
  assert.deepEqual(remarks, [
    'The rollout of Deployment nqba-platform/nqba-worker is not complete, 0 of 2 pods are new: pods "nqba-worker-x" is forbidden: exceeded quota: q.',
  ]);
  assert.ok(took >= limits.rollout && took < limits.rollout + 10_000, String(took));
  assert.ok(beats >= limits.rollout / 15_000);
});

test('one whose own deadline has passed is not waited for', async () => {
  const { remarks, took } = await waiting({ updatedReplicas: 1, conditions: [deadline] });
  assert.equal(remarks.length, 1);
  assert.equal(took, 0);
});
