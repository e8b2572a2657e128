/** Somebody else's change, close before, is evidence; ours, a controller's and a restart are not. */

import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import {
  allRolloutsOf,
  changesOf,
  markedOf,
  nearestBefore,
  ofTheirOwn,
  sinceInstallation,
  toldBefore,
} from '../../activities/changes.ts';
import { deployments, replicaSets } from '../../activities/connectors/resources.ts';
import { activitiesWith, answers } from './bare.ts';
import { clusterOf, deployment, fetchOf } from './kubernetes/cluster-of.ts';

const installed = '2026-11-24T00:00:00Z';
const worker = (...managedFields: object[]) =>
  deployments.schema.parse({
    metadata: { name: 'nqba-worker', namespace: 'nqba-platform', uid: 'd', creationTimestamp: installed, managedFields },
    spec: { template: { spec: { containers: [{ name: 'worker' }] } } },
  });
const template = (fields: object) => ({ 'f:spec': { 'f:template': fields } });
const image = template({ 'f:spec': { 'f:containers': { 'k:{"name":"worker"}': { '.': {}, 'f:image': {} } } } });
const restart = template({ 'f:metadata': { 'f:annotations': { 'f:kubectl.kubernetes.io/restartedAt': {} } } });
const entry = (manager: string, time: string, fieldsV1: object, more = {}) => ({
  manager,
  time,
  fieldsV1,
  operation: 'Update',
  ...more,
});

const found = (...entries: object[]) =>
  sinceInstallation(changesOf('Deployment nqba-platform/nqba-worker', worker(...entries))).map(
    ({ what, who }) => `${who}: ${what}`,
  );

test('a changed image is named, with who changed it', () => {
  assert.deepEqual(found(entry('kubectl', installed, image), entry('bob', '2026-11-24T02:50:00Z', image)), [
    'bob: Deployment nqba-platform/nqba-worker: image',
  ]);
});

test('our own writes, controllers, status and restarts never count', () => {
  const at = '2026-11-24T02:50:00Z';
  assert.deepEqual(
    found(
      entry('nqba-runbooks', at, image),
      entry('kube-controller-manager', at, image),
      entry('anybody', at, image, { subresource: 'status' }),
      entry('bob', at, restart),
    ),
    [],
  );
});

test('our own writes and what changes nothing are told with their mark', () => {
  const at = '2026-11-24T02:50:00Z';
  const again = { 'f:metadata': { 'f:annotations': { 'f:nqba-runbooks/try-now': {} } } };
  const entries = [
    entry('nqba-runbooks', at, image),
    entry('bob', at, restart),
    entry('ann', at, again),
    entry('eve', at, image),
  ];
  assert.deepEqual(
    markedOf('d', worker(...entries)).map(({ who, what, mark }) => [who, what, mark]),
    [
      ['nqba-runbooks', 'd: image', 'ours'],
      ['bob', 'd: restarted or tried again', 'restart'],
      ['ann', 'd: restarted or tried again', 'restart'],
    ],
  );
  assert.deepEqual(found(...entries), ['eve: Deployment nqba-platform/nqba-worker: image']);
});

test('all changes before the moment are told, nearest first, as many as a person reads', () => {
  const change = (minute: number, more = {}) => ({ what: `at ${minute}`, who: 'bob', at: minute * 60_000, ...more });
  const told = toldBefore([change(1), change(3, { mark: 'ours' }), change(2), change(9), change(4, { isEffect: true })], 300_000);
  assert.equal(told, '00:03 UTC bob: at 3 (ours, no evidence); 00:02 UTC bob: at 2; 00:01 UTC bob: at 1');
  const many = toldBefore(
    [1, 2, 3, 4, 5, 6, 7, 8].map(minute => change(minute)),
    3_600_000,
  );
  assert.match(many, /^00:08 .*; 00:03 UTC bob: at 3; and 2 more$/);
});

test('what came with the installation is no change, what was created later is', () => {
  const policy = (creationTimestamp: string) =>
    changesOf('NetworkPolicy p', { metadata: { ...worker().metadata, creationTimestamp } });
  const base = changesOf('Deployment d', worker());
  assert.deepEqual(sinceInstallation([...base, ...policy('2026-11-24T00:00:30Z')]), []);
  assert.deepEqual(
    sinceInstallation([...base, ...policy('2026-11-24T02:00:00Z')]).map(({ what }) => what),
    ['NetworkPolicy p: created'],
  );
});

const set = (creationTimestamp: string, spec: object) =>
  replicaSets.schema.parse({
    metadata: { name: 'rs', creationTimestamp, ownerReferences: [{ kind: 'Deployment', name: 'd', uid: 'd' }] },
    spec: { template: spec },
  });

test('a new revision is a rollout, unless it differs by the restart stamp and the controller’s hash only', () => {
  const one = { spec: { containers: [{ name: 'worker', image: '1' }] } };
  const stamp = { 'kubectl.kubernetes.io/restartedAt': 'run-1/a/b/1' };
  const restarted = { ...one, metadata: { labels: { 'pod-template-hash': 'x' }, annotations: stamp } };
  const two = { spec: { containers: [{ name: 'worker', image: '2' }] } };
  const times = ['2026-11-24T01:00:00Z', '2026-11-24T02:00:00Z', '2026-11-24T02:30:00Z'] as const;
  assert.deepEqual(
    allRolloutsOf('d', 'd', [set(times[0], one), set(times[1], restarted)]).map(({ who, mark }) => [who, mark]),
    [['nqba-runbooks', 'ours']],
  );
  assert.deepEqual(
    allRolloutsOf('d', 'd', [set(times[2], two), set(times[0], one), set(times[1], restarted)]).map(({ at, mark }) => [at, mark]),
    [
      [Date.parse(times[1]), 'ours'],
      [Date.parse(times[2]), undefined],
    ],
  );
});

test('a restart by a person is told as one, and is no new pod template', () => {
  const containers = [{ name: 'worker', image: '1' }];
  const restarted = (hash: string, time: string) => ({
    metadata: { labels: { 'pod-template-hash': hash }, annotations: { 'kubectl.kubernetes.io/restartedAt': time } },
    spec: { containers },
  });
  const sets = [
    set('2026-11-24T01:00:00Z', restarted('x', '2026-11-24T00:59:59Z')),
    set('2026-11-24T02:00:00Z', restarted('y', '2026-11-24T01:59:59Z')),
  ];
  assert.deepEqual(
    allRolloutsOf('d', 'd', sets).map(({ what, who, mark }) => [what, who, mark]),
    [['d: restarted', 'not recorded', 'restart']],
  );
});

test('a rollout that follows a change of the Deployment is that change, however late the controller is; another is not', () => {
  const at = (time: string, who: string) => ({ what: who, who, at: Date.parse(`2026-11-24T${time}Z`) });
  const changes = [{ ...at('00:00:00', 'you'), born: true }, at('01:00:05', 'bob')];
  const rollouts = [at('00:00:03', 'first'), at('01:00:06', 'late'), at('02:00:00', 'another')];
  assert.deepEqual(
    ofTheirOwn(rollouts, changes).map(({ who }) => who),
    ['first', 'another'],
  );
});

test('only what lies close before the first bad sample counts, the nearest of it', () => {
  const change = (minute: number) => ({ what: `at ${minute}`, who: 'bob', at: minute * 60_000 });
  const changes = [change(1), change(50), change(59), change(61)];
  assert.equal(nearestBefore(changes, 60 * 60_000, 20 * 60_000)?.what, 'at 59');
  assert.equal(nearestBefore([change(1), change(61)], 60 * 60_000, 20 * 60_000), undefined);
});

test('what may not be read leaves the check unknown, not healthy', async () => {
  const { kubernetes } = activitiesWith({ kubernetes: { fetch: answers(403, { kind: 'Status', message: 'forbidden' }) } });
  const finding = await kubernetes.rollouts({ workloads: ['worker'], before: '2026-11-24T03:00:00Z' });
  assert.equal(finding.verdict, 'unknown');
  assert.match(finding.evidence, /not everything could be read/);
});

describe('all that may change how the API answers is looked at', () => {
  const by = (manager: string, name: string, fields: object) => ({
    metadata: {
      name,
      namespace: 'nqba-platform',
      uid: name,
      creationTimestamp: installed,
      managedFields: [entry(manager, '2026-11-24T02:50:00Z', fields)],
    },
  });
  const from = (name: string) => ({ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name, key: 'url' } } });
  const taking = (name: string) => ({ template: { spec: { containers: [{ name: 'api', env: [from(name)] }] } } });
  const asked = { workloads: ['api'], before: '2026-11-24T03:00:00Z' };

  test('its Ingresses, and the described Secrets that its pods take values from', async () => {
    const cluster = clusterOf({
      deployment: deployment(taking('nqba-ipfs-a')),
      others: { ingresses: [by('ann', 'edge', { 'f:spec': { 'f:rules': {} } })] },
      objects: { 'secrets/nqba-ipfs-a': by('bob', 'nqba-ipfs-a', { 'f:data': { 'f:url': {} } }) },
    });
    const { evidence } = await cluster.kubernetes.rollouts(asked);
    assert.match(evidence, /ann\W.*Ingress nqba-platform\/edge: rules/);
    assert.match(evidence, /bob\W.*Secret nqba-platform\/nqba-ipfs-a: url/);
  });

  test('a Secret that no printed Role lets the worker read is not asked for, and the check says so', async () => {
    const asks: string[] = [];
    const answer = fetchOf({
      deployment: deployment(taking('api-database')),
      objects: { 'secrets/nqba-secrets': by('kubectl', 'nqba-secrets', {}) },
    });
    const { kubernetes } = activitiesWith({
      kubernetes: {
        fetch: async request => {
          asks.push(request.url);
          const isOther = request.url.includes('/secrets/') && !request.url.endsWith('/nqba-secrets');
          return isOther ? Response.json({ kind: 'Status', message: 'forbidden' }, { status: 403 }) : answer(request);
        },
      },
    });
    const { evidence } = await kubernetes.rollouts(asked);
    assert.deepEqual(
      asks.filter(url => url.includes('api-database')),
      [],
    );
    assert.doesNotMatch(evidence, /forbidden/);
    assert.match(evidence, /Not looked at, as the platform description does not name it: Secret nqba-platform\/api-database\./);
  });
});

describe('an alert fires only once its rule has held for a while', () => {
  const rolled = entry('ann', '2026-11-24T02:57:00Z', image);
  const held = (answer: (query: string) => Response) =>
    activitiesWith({
      kubernetes: { fetch: fetchOf({ deployment: worker(rolled) }) },
      prometheus: {
        url: 'http://prometheus',
        fetch: async request => answer(new URLSearchParams(await request.text()).get('query') ?? ''),
      },
    }).kubernetes.rollouts({ workloads: ['worker'], before: '2026-11-24T03:00:00Z', alert: 'PlatformUnavailable' });
  const since = (value: string) =>
    Response.json({
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: {}, value: [0, value] }] },
    });

  test('a repair between the first bad sample and the firing is no change before the outage', async () => {
    const asked: string[] = [];
    const finding = await held(query => {
      asked.push(query);
      return since(String(Date.parse('2026-11-24T02:55:00Z') / 1000));
    });
    assert.deepEqual(asked.slice(0, 1), [`max(ALERTS_FOR_STATE{alertname="PlatformUnavailable"} @ 1795489200.000)`]);
    assert.notEqual(finding.verdict, 'faulty');
    assert.match(finding.evidence, /Counted from 02:55 UTC, when the rule of PlatformUnavailable first held\.$/);
  });

  test('a change before the first bad sample is', async () => {
    const { facts } = await held(() => since(String(Date.parse('2026-11-24T02:58:00Z') / 1000)));
    assert.deepEqual([facts?.change?.who, facts?.change?.minutesBefore], ['ann', 1]);
  });

  test('Prometheus is asked while the cluster is read, and not before', async () => {
    const read = Promise.withResolvers<undefined>();
    const { kubernetes } = activitiesWith({
      kubernetes: {
        fetch: request => {
          read.resolve(undefined);
          return fetchOf({ deployment: worker(rolled) })(request);
        },
      },
      prometheus: {
        url: 'http://prometheus',
        fetch: async () => {
          await read.promise;
          return since(String(Date.parse('2026-11-24T02:58:00Z') / 1000));
        },
      },
    });
    const { evidence } = await kubernetes.rollouts({ workloads: ['worker'], before: '2026-11-24T03:00:00Z', alert: 'A' });
    assert.match(evidence, /Counted from 02:58 UTC/);
  });

  test('a rule that has held for longer than two hours by then may be that of another instance: it is not known', async () => {
    const { facts, evidence } = await held(() => since(String(Date.parse('2026-11-24T00:59:00Z') / 1000)));
    assert.deepEqual([facts?.change?.who, facts?.change?.minutesBefore], ['ann', 3]);
    assert.match(evidence, /Counted from when the alert fired: when its rule first held is not known\.$/);
  });

  test('where Prometheus does not know the rule, it counts from the firing and says so', async () => {
    const none = Response.json({ status: 'success', data: { resultType: 'vector', result: [] } });
    for (const answer of [none, Response.json({ status: 'error', errorType: 'bad_data', error: 'no @' }, { status: 400 })]) {
      const { facts, evidence } = await held(() => answer);
      assert.equal(facts?.change?.minutesBefore, 3);
      assert.match(evidence, /Counted from when the alert fired: when its rule first held is not known\.$/);
    }
  });
});
