/** Requests and limits of a container are set with its pods, refused where they do not fit or are another's, and put back. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { because, done, planned, worldOf } from '../outcomes.ts';
import { type Activities, at, type Stage, stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const key = 'run-1/Resolution Steps/Give room/1';
const undo = 'take-back-1/undo/1';
type Input = Parameters<Activities['kubernetes']['setResources']>[0];
const larger: Input = { workload: 'worker', requests: { cpu: '2', memory: '4Gi' }, limits: { cpu: '5' } };

async function acting() {
  const worker = on.worker({ folder: crypto.randomUUID() });
  const before = (await on.writes()).length;
  return {
    worker,
    size: (input: Input) => worker.kubernetes.setResources(input, { key }),
    written: async () => (await on.writes()).slice(before).map(({ what }) => what),
  };
}

test('asked with old and new amounts, measured on the pods that have them, and put back', async () => {
  const { worker, size, written } = await acting();
  const was = await worldOf(on);
  const asked = await size(larger);
  assert.equal(because(asked), 'approval');
  const { changes, consequences, digest } = planned(asked);
  assert.deepEqual(
    changes.map(({ target, field, before, after }) => `${target} ${field} ${before} ${after}`),
    [
      'Deployment nqba-platform/nqba-worker requests.cpu of worker 1 2',
      'Deployment nqba-platform/nqba-worker requests.memory of worker 2Gi 4Gi',
      'Deployment nqba-platform/nqba-worker limits.cpu of worker 4 5',
    ],
  );
  assert.match(consequences.join(' '), /autoscaler of nqba-worker judges use by the request.*Restarts nqba-worker: 2 pods/);
  const { effect, takeBack, ...receipt } = done(await worker.kubernetes.setResources(larger, { key, approved: digest }));
  assert.deepEqual(receipt.changes, changes);
  assert.deepEqual(effect, {
    measured: 'whole',
    text: 'requests.cpu 2, requests.memory 4Gi, limits.cpu 5: 2 of 2 pods of nqba-worker are new and ready.',
  });
  done(await size(larger));
  assert.deepEqual(await written(), ['patch deployments/nqba-worker']);

  assert.ok(takeBack);
  assert.equal(done(await worker.kubernetes.takeBack({ takeBack }, { key: undo })).effect.measured, 'whole');
  assert.deepEqual({ ...(await worldOf(on)), stamps: {} }, { ...was, stamps: {} });
});

test('equal amounts, however they are spelled, roll nothing out', async () => {
  const { size, written } = await acting();
  const { note } = done(await size({ workload: 'worker', limits: { cpu: '4000m', memory: '8192Mi' } }));
  assert.match(note, /had limits\.cpu 4000m, limits\.memory 8192Mi already: nothing was changed/);
  assert.deepEqual(await written(), []);
});

test('what is no amount, no container, or more than one may have is refused in words', async () => {
  const { size, written } = await acting();
  await assert.rejects(size({ workload: 'worker' }), { type: 'BadInput', message: /No request and no limit/ });
  await assert.rejects(size({ workload: 'worker', limits: { cpu: 'two' } }), { message: /limits cpu two is no amount/ });
  await assert.rejects(size({ workload: 'worker', container: 'sidecar', limits: { cpu: '2' } }), {
    message: /no container sidecar/,
  });
  await assert.rejects(size({ workload: 'worker', limits: { cpu: '9' } }), {
    type: 'NotAdmitted',
    message: /maximum cpu usage per Container is 8, but limit is 9.*Nothing was changed/,
  });
  assert.deepEqual(await written(), []);
});

test('one pod would fit, but not all of them: refused by the numbers of the quota', async () => {
  const { size, written } = await acting();
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': '30' } } });
  await eventually(async () => assert.match(JSON.stringify((await on.you.get(at.quota)).status?.['hard']), /"limits.cpu":"30"/));
  await assert.rejects(size({ workload: 'worker', limits: { cpu: '8' } }), {
    type: 'NotAdmitted',
    message: /The 2 pods of nqba-worker and the surge .*needs 24 more of limits\.cpu, used: 14, limited: 30/,
  });
  assert.deepEqual(await written(), []);
});

const vpas = '/apis/autoscaling.k8s.io/v1/namespaces/nqba-platform/verticalpodautoscalers';
const targetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nqba-worker' };

test('a VerticalPodAutoscaler that sets them owns them; one that advises, or leaves the container out, is told', async () => {
  const { size, written } = await acting();
  await on.you.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', ofVerticalAutoscalers);
  const metadata = { name: 'worker-sizes', namespace: 'nqba-platform' };
  await eventually(() =>
    on.you.create(vpas, { apiVersion: 'autoscaling.k8s.io/v1', kind: 'VerticalPodAutoscaler', metadata, spec: { targetRef } }),
  );
  await assert.rejects(size(larger), {
    type: 'Refused',
    message:
      /VerticalPodAutoscaler nqba-platform\/worker-sizes sets the resources of nqba-worker \(mode Auto\).*updateMode to Off/,
  });
  const spec = { targetRef, resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }] } };
  const { metadata: now } = await on.you.get(`${vpas}/worker-sizes`);
  await on.you.replace(`${vpas}/worker-sizes`, {
    apiVersion: 'autoscaling.k8s.io/v1',
    kind: 'VerticalPodAutoscaler',
    metadata: now,
    spec,
  });
  assert.match(planned(await size(larger)).consequences.join(' '), /VerticalPodAutoscaler worker-sizes only advises/);
  assert.deepEqual(await written(), []);
});

const ofVerticalAutoscalers = {
  metadata: {
    name: 'verticalpodautoscalers.autoscaling.k8s.io',
    annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/63797' },
  },
  spec: {
    group: 'autoscaling.k8s.io',
    names: { kind: 'VerticalPodAutoscaler', plural: 'verticalpodautoscalers', singular: 'verticalpodautoscaler' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
