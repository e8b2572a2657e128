// Each practice scenario on a real API server: what it then holds, what the outside probe says, and that the way out works.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ofEach } from '../../lab/stand-ins/index.ts';
import { serveStandIns, type StandIns } from '../../lab/stand-ins/serve.ts';
import * as badRollout from '../../lab/scenarios/bad-rollout.ts';
import {
  as,
  bobPatchesTheApi,
  type Ground,
  outsideProbe,
  refusalOfAPod,
  replicaFailure,
  rolloutOfTheApi,
} from '../../lab/scenarios/ground.ts';
import * as priorityClass from '../../lab/scenarios/priority-class.ts';
import { apiAt } from '../../lab/world/api.ts';
import { type Cluster, practiceCluster, writes } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const namespace = 'nqba-platform';
let cluster: Cluster;
let practice: string;
let standIns: StandIns;
let ground: Ground;
const lines: string[] = [];

before(async () => {
  cluster = await practiceCluster();
  practice = await mkdtemp(join(tmpdir(), 'nqba-scenarios-'));
  standIns = await serveStandIns({
    ports: { ...ofEach(() => 0), control: 0 },
    practice,
    messages: join(practice, 'messages.jsonl'),
    kubeconfig: cluster.kubeconfigs.lab,
  });
  ground = { kubeconfigs: cluster.kubeconfigs, prometheus: standIns.urls.prometheus };
});
after(async () => {
  await standIns?.stop();
  await cluster?.stop();
  await rm(practice, { recursive: true, force: true });
});

const say = (line: string) => lines.push(line);
const serving = () => apiAt(standIns.world().api ?? [], Date.now());
const answerOfTheApi = async () => {
  const answer = await fetch(`${standIns.urls.api}/health`);
  return [answer.status, await answer.text()];
};
const down = [503, 'no healthy upstream'];
const up = [200, '{"status":"healthy","ecosystem":"nqba"}'];

const apiPods = async () => (await as('lab', ground).core.listNamespacedPod({ namespace, labelSelector: 'component=api' })).items;

/** What bob, you and our worker have written so far. */
const written = async (since: number) =>
  (await writes(cluster.auditLog, ['nqba-runbooks', 'bob', 'you']))
    .slice(since)
    .map(({ user, verb, resource, name }) => `${user} ${verb} ${resource}/${name}`);
const countWritten = async () => (await written(0)).length;

test('the platform as written serves the API with three of three pods', async () => {
  await eventually(() => assert.partialDeepStrictEqual(serving(), { wanted: 3, ready: 3, bad: 0 }));
  assert.equal(await outsideProbe(ground), 1);
  assert.deepEqual(await answerOfTheApi(), up);
});

describe('priority-class', () => {
  let since: number;
  before(async () => {
    since = await countWritten();
    await priorityClass.begin(ground, say);
  });

  test('leaves no pod of the API: the template names a PriorityClass that is not there', async () => {
    assert.deepEqual(await apiPods(), []);
    const { wanted, ready } = await rolloutOfTheApi(ground);
    assert.deepEqual([wanted, ready], [3, 0]);
    assert.match(await refusalOfAPod(ground), /no PriorityClass with name nqba-critical was found/);
  });

  test('leaves a condition that speaks of a quota which no longer refuses anything', async () => {
    assert.match(await replicaFailure(ground), /exceeded quota: nqba-platform-quota/);
    const { spec } = await as('lab', ground).core.readNamespacedResourceQuota({ name: 'nqba-platform-quota', namespace });
    assert.equal(spec?.hard?.pods, '100');
  });

  test('is seen from outside: the probe says 0, and the API answers 503', async () => {
    assert.equal(await outsideProbe(ground), 0);
    assert.deepEqual(await answerOfTheApi(), down);
    const answer = await fetch(`${standIns.urls.api}/api/v1/qih/jobs`, { method: 'POST', body: '{}' });
    assert.equal(answer.status, 503);
  });

  test('ends when you create the PriorityClass: the pods come back by themselves, and the probe says 1', async () => {
    await priorityClass.repair(ground);
    const pods = await apiPods();
    assert.deepEqual(
      pods.map(({ spec }) => [spec?.priorityClassName, spec?.priority]),
      [1, 2, 3].map(() => ['nqba-critical', 1_000_000]),
    );
    assert.equal(await replicaFailure(ground), '');
    assert.equal(await outsideProbe(ground), 1);
    assert.deepEqual(await answerOfTheApi(), up);
  });

  test('was written by bob and you alone, beside the people who administer the cluster', async () => {
    await eventually(async () =>
      assert.deepEqual(await written(since), ['bob patch deployments/nqba-api', 'you create priorityclasses/nqba-critical']),
    );
  });
});

describe('bad-rollout', () => {
  let since: number;
  before(async () => {
    since = await countWritten();
    await badRollout.begin(ground, say);
  });

  test('leaves pods of the bad image that are killed for their memory, none ready, and the probe says 0', async () => {
    assert.equal(await outsideProbe(ground), 0);
    assert.deepEqual(await answerOfTheApi(), down);
    await eventually(async () => {
      const pods = await apiPods();
      assert.deepEqual(
        pods.map(({ spec, status }) => [spec?.containers[0]?.image, status?.containerStatuses?.[0]?.state?.waiting?.reason]),
        [1, 2, 3].map(() => [badRollout.images.bad, 'CrashLoopBackOff']),
      );
    });
  });

  test('stood still with two of three pods before bob forced it through: the world has both, in that order', () => {
    const ready = (standIns.world().api ?? []).map(record => record.ready);
    assert.ok(ready.lastIndexOf(2) > ready.lastIndexOf(3), String(ready));
    assert.equal(ready.at(-1), 0);
  });

  test('leaves former revisions that served well', async () => {
    const { items } = await as('lab', ground).apps.listNamespacedReplicaSet({ namespace, labelSelector: 'component=api' });
    const images = items
      .toSorted((one, other) => revisionOf(one) - revisionOf(other))
      .map(({ spec }) => spec?.template?.spec?.containers[0]?.image);
    assert.deepEqual(images.slice(-2), [badRollout.images.good, badRollout.images.bad]);
    assert.ok(images.length > 2);
  });

  test('ends when the good revision comes back: the probe says 1', async () => {
    const containers = [{ name: 'api', image: badRollout.images.good }];
    await bobPatchesTheApi(ground, { template: { spec: { containers } } });
    await eventually(async () => assert.deepEqual([await outsideProbe(ground), await answerOfTheApi()], [1, up]));
    await eventually(() => assert.partialDeepStrictEqual(serving(), { wanted: 3, ready: 3 }));
  });

  test('was written by bob alone', async () => {
    await eventually(async () =>
      assert.deepEqual(
        await written(since),
        [1, 2, 3, 4].map(() => 'bob patch deployments/nqba-api'),
      ),
    );
  });
});

const revisionOf = ({ metadata }: { metadata?: { annotations?: Record<string, string> } }) =>
  Number(metadata?.annotations?.['deployment.kubernetes.io/revision']);
