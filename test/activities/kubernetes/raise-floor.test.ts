/** A floor is raised as far as it fits, measured on available pods, and given back: on a real API server with its autoscalers. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { because, done, planned } from '../outcomes.ts';
import { at, type Stage, stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const key = 'run-1/Immediate Response/Scale Workers/1';
const undo = 'take-back-1/undo/1';
const twice = { workload: 'worker', atLeast: 'twice' } as const;

async function acting() {
  const worker = on.worker({ folder: crypto.randomUUID() });
  const before = (await on.writes()).length;
  return { worker, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
}

/** The quota, once it is in force. */
async function limit(cpu: string) {
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': cpu } } });
  await eventually(async () =>
    assert.match(JSON.stringify((await on.you.get(at.quota)).status?.['hard']), new RegExp(`"limits.cpu":"${cpu}"`)),
  );
}

const floor = async () => (await on.you.get(at.floor)).spec?.['minReplicas'];
const lines = (changes: { target: string; field: string; before: string | null; after: string | null }[]) =>
  changes.map(({ target, field, before, after }) => `${target} ${field} ${before} ${after}`);

test('up to twice the present at once: planned, written once, measured on the pods, given back', async () => {
  const { worker, written } = await acting();
  await eventually(async () => assert.match(JSON.stringify((await on.you.get(at.floor)).status), /FailedGetResourceMetric/));
  const { changes, consequences } = planned(await worker.kubernetes.raiseFloor(twice, { key, dryRun: true }));
  const told = consequences.join(' ');
  assert.match(told, /^2 run now: 2 are added\. Quota nqba-platform-quota is then used to 30% \(limits\.cpu, limited: 100\)\./);
  assert.match(told, /does not know its metrics \(FailedGetResourceMetric\)/);

  const receipt = done(await worker.kubernetes.raiseFloor(twice, { key }));
  assert.deepEqual(receipt.changes, changes);
  assert.deepEqual(lines(changes), ['HorizontalPodAutoscaler nqba-platform/nqba-worker minReplicas 2 4']);
  assert.deepEqual(receipt.effect, {
    measured: 'whole',
    text: '4 of at least 4 pods of nqba-worker are available.',
  });
  assert.deepEqual(done(await worker.kubernetes.raiseFloor(twice, { key })).effect, receipt.effect);
  assert.equal((await written()).length, 1);

  const { takeBack } = receipt;
  assert.ok(takeBack);
  const plan = planned(await worker.kubernetes.takeBack({ takeBack }, { key: undo, dryRun: true }));
  assert.match(
    plan.consequences.join(' '),
    /nqba-worker may lose some of its 4 pods.*Jobs in flight on them: \d+\. They finish if/,
  );
  done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.equal(await floor(), 2);
});

test('twice is capped where the step says so, and what more workers load must be known to take more, else people are asked', async () => {
  const { worker, written } = await acting();
  const capped = planned(await worker.kubernetes.raiseFloor({ ...twice, atMost: 3 }, { key, dryRun: true }));
  assert.deepEqual(lines(capped.changes), ['HorizontalPodAutoscaler nqba-platform/nqba-worker minReplicas 2 3']);
  const asked = await worker.kubernetes.raiseFloor({ ...twice, headroom: true }, { key });
  assert.equal(because(asked), 'approval');
  assert.match(
    JSON.stringify(asked),
    /not known that what more workers load takes more\. the database: PostgreSQL is not connected/,
  );
  assert.deepEqual(await written(), []);
});

test('more than twice asks; so does more than a step has raised it to, and twice of that is nothing more', async () => {
  const { worker, written } = await acting();
  const asked = await worker.kubernetes.raiseFloor({ workload: 'api', atLeast: 10 }, { key });
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /10 are more than twice the 3 replicas that nqba-api has now/);
  assert.deepEqual(await written(), []);

  done(await worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 3 }, { key: `${key}b` }));
  const again = done(await worker.kubernetes.raiseFloor(twice, { key: `${key}c` }));
  assert.deepEqual([again.note, again.changes], ['nqba-worker had at least 3 replicas already: nothing was changed.', []]);
  assert.equal(again.takeBack?.key, `${key}b`);
  const more = await worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 4 }, { key: `${key}d` });
  assert.match(JSON.stringify(more), /has raised the floor of nqba-worker already/);

  const approved = planned(more).digest;
  const { takeBack } = done(await worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 4 }, { key: `${key}d`, approved }));
  assert.equal(takeBack?.key, `${key}b`, 'the floor of an incident is one change, however often it is raised');
  done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.equal(await floor(), 2);
});

test('what does not fit is planned as what fits, with one pod left over for a rollout, and says so', async () => {
  const { worker } = await acting();
  await limit('37');
  const outcome = await worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 4 }, { key, dryRun: true });
  assert.deepEqual(lines(planned(outcome).changes), ['HorizontalPodAutoscaler nqba-platform/nqba-worker minReplicas 2 3']);
  assert.match(planned(outcome).consequences.join(' '), /Not 4: with 4 .*needs 16 more of limits\.cpu, used: 22, limited: 37/);
  const { effect } = done(await worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 4 }, { key }));
  assert.deepEqual(effect, {
    measured: 'part',
    text: '3 of at least 3 pods of nqba-worker are available. 4 were asked for.',
  });
});

test('where nothing more fits it is refused with why: the quota, the ceiling, a workload at zero', async () => {
  const { worker, written } = await acting();
  await limit('30');
  const raise = () => worker.kubernetes.raiseFloor(twice, { key });
  await assert.rejects(raise(), { type: 'Refused', message: /stays 2 instead of 4: with 3 .*needs 12 more of limits\.cpu/ });
  await limit('100');
  await on.you.patch(at.floor, { spec: { maxReplicas: 2 } });
  await assert.rejects(raise(), { type: 'Refused', message: /the ceiling of its autoscaler is 2 \(maxReplicas\)/ });
  await on.you.patch(at.worker, { spec: { replicas: 0 } });
  await assert.rejects(raise(), { type: 'Refused', message: /scaled to zero.*Nothing was changed/ });
  assert.deepEqual(await written(), []);
});

test('pods that would be refused are found before the floor is raised', async () => {
  const { worker, written } = await acting();
  await on.bob.patch(at.worker, { spec: { template: { spec: { priorityClassName: 'absent' } } } });
  await assert.rejects(worker.kubernetes.raiseFloor(twice, { key }), {
    type: 'NotAdmitted',
    message: /New pods of Deployment nqba-platform\/nqba-worker would be refused\. .*PriorityClass/,
  });
  assert.deepEqual(await written(), []);
});

test('without an autoscaler the replicas are the floor', async () => {
  const { worker } = await acting();
  const { changes, effect, takeBack } = done(
    await worker.kubernetes.raiseFloor({ workload: 'batch', atLeast: 'twice' }, { key }),
  );
  assert.deepEqual(lines(changes), ['Deployment nqba-platform/nqba-worker-batch replicas 1 2']);
  assert.equal(effect.measured, 'whole');
  assert.ok(takeBack);
  done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.equal((await on.you.get(at.batch)).spec?.replicas, 1);
});

test('a floor that somebody has changed since is asked about; one that another incident holds too stays', async () => {
  const { worker } = await acting();
  const { takeBack } = done(await worker.kubernetes.raiseFloor({ workload: 'worker', atLeast: 3 }, { key }));
  assert.ok(takeBack);
  await on.bob.patch(at.floor, { spec: { minReplicas: 5 } });
  const asked = await worker.kubernetes.takeBack({ takeBack }, { key: undo });
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /changed minReplicas .* since: it was set to ..3.. and is ..5/);

  await on.bob.patch(at.floor, { spec: { minReplicas: 3 } });
  const other = done(await worker.kubernetes.raiseFloor(twice, { key: 'run-2/a/b/1' }));
  done(await worker.kubernetes.takeBack({ takeBack }, { key: undo }));
  assert.equal(await floor(), 3);
  assert.ok(other.takeBack);
  done(await worker.kubernetes.takeBack({ takeBack: other.takeBack }, { key: 'take-back-2/undo/1' }));
  assert.equal(await floor(), 2);
});

test('an autoscaler that KEDA owns, or that nobody has described, is not written over', async () => {
  const { worker, written } = await acting();
  await on.you.patch(at.floor, { metadata: { labels: { 'scaledobject.keda.sh/name': 'jobs' } } });
  await assert.rejects(worker.kubernetes.raiseFloor(twice, { key }), {
    type: 'Refused',
    message: /KEDA owns HorizontalPodAutoscaler nqba-platform\/nqba-worker.*minReplicaCount .* ScaledObject nqba-platform\/jobs/,
  });
  await on.you.patch(at.floor, { metadata: { labels: { 'scaledobject.keda.sh/name': null } } });
  const { worker: described } = on.platform.workloads;
  const { hpa: _, ...rest } = described;
  const platform = { ...on.platform, workloads: { ...on.platform.workloads, worker: rest } };
  const other = on.worker({ folder: crypto.randomUUID(), platform });
  await assert.rejects(other.kubernetes.raiseFloor(twice, { key }), {
    type: 'Refused',
    message: /nqba-worker sets the replicas of nqba-worker.*add it as workloads\.worker\.hpa/,
  });
  assert.deepEqual(await written(), []);
});
