/** Who gives a replica: never the last one, never against an autoscaler, and only where its pod makes room enough. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { deployments, hpas, pods, quotas } from '../../../activities/connectors/resources.ts';
import { workloadOf } from '../../../activities/platform.ts';
import { giverIn, lacking, reluctance, type Scaled } from '../../../activities/kubernetes/quota-room.ts';
import { inCluster, snapshotOf } from '../../../activities/engine/kubernetes-targets.ts';
import { toLetGo, type Write } from '../../../activities/engine/write.ts';
import { atLeastBefore, fewer } from '../../../activities/kubernetes/give-back-replica.ts';
import { aPlatform } from '../bare.ts';

interface Some {
  replicas: number;
  there?: number;
  cpu?: string;
  floor?: number;
  annotations?: Record<string, string>;
}

function scaled(role: 'worker' | 'batch', { replicas, there = replicas, cpu = '4', floor, annotations = {} }: Some): Scaled {
  const workload = workloadOf(aPlatform, role);
  const metadata = { ...workload, uid: role, annotations };
  const spec = { containers: [{ name: 'main', resources: { limits: { cpu } } }] };
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  return {
    workload,
    deployment: deployments.schema.parse({ metadata, spec: { replicas, strategy, template: { spec } } }),
    pods: Array.from({ length: there }, (_, index) => pods.schema.parse({ metadata: { name: `${role}-${index}` }, spec })),
    ...(floor !== undefined && { hpa: hpas.schema.parse({ metadata, spec: { minReplicas: floor } }) }),
  };
}

const quota = (used: string, hard: string) =>
  quotas.schema.parse({ metadata: { name: 'q' }, status: { hard: { 'limits.cpu': hard }, used: { 'limits.cpu': used } } });

const room = (worker: Scaled, batch: Scaled, hard = '23') => ({
  rolling: [worker],
  givers: [worker, batch],
  quotas: [quota('22', hard)],
});

test('the one with most replicas gives one', () => {
  const [worker, batch] = [scaled('worker', { replicas: 2 }), scaled('batch', { replicas: 3 })];
  assert.equal(giverIn(room(worker, batch)), batch);
  assert.equal(giverIn(room(scaled('worker', { replicas: 4 }), batch))?.workload.role, 'worker');
});

test('a pod that is too small makes no room, and nobody gives the last one', () => {
  const small = scaled('batch', { replicas: 9, cpu: '2' });
  const single = scaled('worker', { replicas: 1 });
  assert.equal(giverIn(room(single, small)), undefined);
  assert.equal(reluctance(single), 'it has no second replica');
  assert.deepEqual(lacking(room(single, small), small), [
    'Quota q has no room: the rollout needs 4 more of limits.cpu, used: 20, limited: 23',
  ]);
});

test('an autoscaler that wants other than its floor is not fought, and pods that are not there free nothing', () => {
  assert.equal(reluctance(scaled('worker', { replicas: 3, floor: 3 })), undefined);
  assert.equal(reluctance(scaled('worker', { replicas: 3, floor: 2 })), 'its autoscaler wants its 3 replicas');
  assert.equal(reluctance(scaled('worker', { replicas: 3, floor: 5 })), 'its autoscaler is about to add some');
  assert.equal(reluctance(scaled('worker', { replicas: 3, there: 2 })), 'only 2 of its 3 pods are there');
});

const now = ({ workload, deployment }: Scaled) => snapshotOf(inCluster('Deployment', workload), deployment);
const toGive = (taken: Scaled, key: string) => toLetGo(now(taken), holder => holder.key === key, 'undo/1', atLeastBefore);

/** As the object is after one was taken. */
function afterwards(worker: Scaled, key: string, replicas: number): Scaled {
  const written = Object.fromEntries(
    fewer(now(worker), 'replicas', key).flatMap(({ records }) =>
      Object.entries(records).flatMap(([name, text]) => (text ? [[name, text]] : [])),
    ),
  );
  return scaled('worker', { replicas, annotations: { ...worker.deployment.metadata.annotations, ...written } });
}

const counts = (writes: Write[]) => writes.map(({ edits }) => edits.map(({ before, after }) => [Number(before), Number(after)]));

test('what was taken returns, but more than that stays', () => {
  const taken = (count: number) => afterwards(scaled('worker', { replicas: 3 }), 'run-1/a/1', count);
  assert.deepEqual(counts(toGive(taken(2), 'run-1/a/1')), [[[2, 3]]]);
  assert.deepEqual(counts(toGive(taken(5), 'run-1/a/1')), [[]]);
  assert.deepEqual(toGive(taken(2), 'run-2/a/1'), []);
});

test('of two who took one the last to let go restores what was before both, or what somebody has added between', () => {
  const first = afterwards(scaled('worker', { replicas: 3 }), 'run-1/a/1', 2);
  const second = afterwards(first, 'run-2/a/1', 1);
  assert.deepEqual(counts(toGive(second, 'run-1/a/1')), [[]]);
  const alone = (key: string, of: Scaled) =>
    scaled('worker', {
      replicas: of.deployment.spec.replicas,
      annotations: Object.fromEntries(
        Object.entries(of.deployment.metadata.annotations).filter(([, text]) => text.includes(key)),
      ),
    });
  assert.deepEqual(counts(toGive(alone('run-2', second), 'run-2/a/1')), [[[1, 3]]]);
  const raised = scaled('worker', { replicas: 6, annotations: first.deployment.metadata.annotations });
  const third = afterwards(raised, 'run-3/a/1', 5);
  assert.deepEqual(counts(toGive(alone('run-3', third), 'run-3/a/1')), [[[5, 6]]]);
});
