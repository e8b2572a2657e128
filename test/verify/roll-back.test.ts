/** A release is rolled back on a real API server: to the revision that served healthily longest, as a whole, and forward again. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { z } from 'zod';
import { connectPrometheus } from '../../activities/connectors/prometheus.ts';
import { restartStamp } from '../../activities/engine/templates.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { eventually } from '../support/eventually.ts';
import { because, done, planned } from '../activities/outcomes.ts';
import { afterWrite, approved } from '../activities/rotation.ts';
import { at, clock, isSettled, type KubeObject, kubectl, type Stage, stage } from '../activities/stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(async () => {
  await lab().remove(at.api);
  await eventually(async () => assert.deepEqual(await revisions(), new Map()));
  await on.reset();
});
after(() => on.stop());

const lab = () => kubectl(on.cluster.kubeconfigs.lab, 'lab');
const key = 'run-1/Immediate Actions/Roll back/1';
const undo = 'take-back-1/undo/1';
const wish: { workload: 'api' } = { workload: 'api' };
const image = (tag: string) => `nqba-platform/api:${tag}`;

const sets = z.looseObject({
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()) }) })),
});

/** Names of ReplicaSets of the API by revision. */
async function revisions(): Promise<Map<number, string>> {
  const path = `${at.api.replace('deployments/nqba-api', 'replicasets')}?labelSelector=component=api&x=`;
  const { items } = sets.parse(await on.you.get(path));
  return new Map(
    items.map(({ metadata: { name, annotations } }) => [Number(annotations['deployment.kubernetes.io/revision']), name]),
  );
}

/** One release after the other, each with a ReplicaSet of its own; the platform's first is revision 1. */
async function released(...templates: object[]) {
  for (const template of templates) {
    const { size } = await revisions();
    await on.bob.patch(at.api, { spec: { template } });
    await eventually(async () => assert.equal((await revisions()).size, size + 1));
  }
}

const release = (tag: string, more: object = {}) => ({ spec: { containers: [{ name: 'api', image: image(tag), ...more }] } });

/** Minutes for which each revision had all its pods ready, one after the other until now; the others never had. */
async function recorded(served: Record<number, number>) {
  const named = await revisions();
  let from = Date.now() - Object.values(served).reduce((sum, minutes) => sum + minutes, 0) * 60_000;
  const records = [...named].flatMap(([revision, set]) => {
    const minutes = served[revision] ?? 0;
    const serving = { set, from, wanted: 3, ready: 3 };
    from += minutes * 60_000;
    return minutes > 0 ? [serving, { ...serving, from, ready: 0 }] : [{ ...serving, from: 0, ready: 0 }];
  });
  const around = surroundings({ state: () => 'healthy', record: () => undefined });
  const { fetch } = prometheus(around, () => ({ pods: [], systems: [], sets: records }));
  return { prometheus: connectPrometheus({ url: 'http://prometheus' }, { ...clock, fetch: async request => fetch(request) }) };
}

async function worker(served: Record<number, number>, systems: object = {}, folder: string = crypto.randomUUID()) {
  const { kubernetes } = on.worker({ folder, systems: { ...(await recorded(served)), ...systems } });
  const before = (await on.writes()).length;
  return {
    ...kubernetes,
    folder,
    plan: async () => planned(await kubernetes.rollBack(wish, { key })),
    back: () => approved(call => kubernetes.rollBack(wish, call), key),
    written: async () => (await on.writes()).slice(before).map(({ what }) => what),
  };
}

const template = z.looseObject({ metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }) });

/** The whole template but for the stamp, byte for byte. */
function templateIn({ spec }: KubeObject): string {
  const { metadata, ...rest } = template.parse(spec?.template);
  const { [restartStamp]: _, ...annotations } = metadata.annotations;
  return JSON.stringify({ ...rest, metadata: { ...metadata, annotations } });
}

const now = async () => templateIn(await on.you.get(at.api));
const holders = async () =>
  Object.keys((await on.you.get(at.api)).metadata.annotations).filter(name => name.startsWith('nqba-runbooks/')).length;

const good = {
  metadata: { annotations: { team: 'api', 'practice.nqba/ready': '0' }, labels: { track: 'stable' } },
  ...release('1.41.0', { env: [{ name: 'EXTRA', value: 'x' }] }),
};
const bad = {
  metadata: { annotations: { team: null, 'practice.nqba/ready': 'never', more: 'b' }, labels: { track: null, canary: 'yes' } },
  spec: {
    volumes: [{ name: 'tmp', emptyDir: {} }],
    containers: [
      {
        name: 'api',
        image: image('1.42.0-bad'),
        env: [
          { name: 'EXTRA', $patch: 'delete' },
          { name: 'OTHER', value: 'y' },
        ],
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
  },
};

test('after a bad release and a failed retry it goes back to the good one, byte for byte, and forward again', async () => {
  await released(good);
  const [then] = [await now()];
  await released(bad, release('1.42.1-bad'));
  const left = await now();
  const { plan, back, written, ...by } = await worker({ 1: 90, 2: 40 });

  const shown = await plan();
  assert.equal(shown.summary, `nqba-api goes back to revision 2 (${image('1.41.0')}).`);
  assert.deepEqual(
    shown.changes.map(({ target, field, before, after }) => [target, field, before?.split(' ')[0], after?.split(' ')[0]]),
    [['Deployment nqba-platform/nqba-api', 'pod template', image('1.42.1-bad'), image('1.41.0')]],
  );
  const [served, ...others] = shown.consequences;
  assert.match(served ?? '', /^It served healthily for 40 min, from .*UTC to .*UTC\.$/);
  assert.deepEqual(others.slice(0, 3), [
    `Not revision 3 (${image('1.42.0-bad')}): never had all its pods ready.`,
    `Not revision 1 (${image('latest')}): the tag of ${image('latest')} may be another image now.`,
    'Database migrations are not rolled back.',
  ]);
  assert.deepEqual(await written(), []);

  const { effect, takeBack, changes } = done(await back());
  assert.deepEqual(effect, {
    measured: 'whole',
    text: `3 of 3 pods of nqba-api are ready with ${image('1.41.0')}. Its health answers 200 from inside.`,
  });
  assert.equal(changes.length, 1);
  assert.equal(await now(), then);
  assert.deepEqual([await written(), await holders()], [['patch deployments/nqba-api'], 1]);

  assert.equal(done(await by.rollBack(wish, { key })).effect.measured, 'whole');
  const later = done(await by.rollBack(wish, { key: key.replace(/1$/, '2') }));
  assert.deepEqual([later.changes, later.note], [[], 'nqba-api was rolled back already: nothing was changed.']);
  assert.equal((await written()).length, 1);

  assert.ok(takeBack);
  const forward = done(await by.takeBack({ takeBack }, { key: undo }));
  assert.match(forward.effect.text, /1\.42\.1-bad/);
  assert.deepEqual([await now(), await holders()], [left, 0]);
  assert.deepEqual(done(await by.takeBack({ takeBack }, { key: 'take-back-1/undo/2' })).changes, []);
  assert.equal((await written()).length, 2);
});

test('what Prometheus recorded of the real pods says which one served', async () => {
  await released(release('1.41.0'));
  await eventually(async () => assert.ok(isSettled(await on.you.get(at.api))));
  await released(release('1.42.0-bad'), release('1.42.1-bad'));
  const by = on.worker({ folder: crypto.randomUUID() });
  const shown = await eventually(async () => planned(await by.kubernetes.rollBack(wish, { key })));
  assert.equal(shown.summary, `nqba-api goes back to revision 2 (${image('1.41.0')}).`);
});

test('the one that served longest is chosen, not the one before', async () => {
  await released(release('1.40.0'), release('1.41.0'), release('1.42.0'));
  const { plan } = await worker({ 2: 90, 3: 10, 4: 100 });
  const { summary, consequences } = await plan();
  assert.equal(summary, `nqba-api goes back to revision 2 (${image('1.40.0')}).`);
  assert.ok(consequences.includes(`Not revision 3 (${image('1.41.0')}): served healthily for 10 min only.`));
});

test('restarts are no revisions of their own', async () => {
  const restarted = (stamp: string) => ({ metadata: { annotations: { [restartStamp]: stamp } } });
  await released(release('1.40.0'), restarted('a'), restarted('b'));
  await released({ metadata: { annotations: { [restartStamp]: null } }, ...release('1.41.0') }, restarted('c'));
  const { plan } = await worker({ 2: 10, 3: 20, 4: 30 });
  const { summary, consequences } = await plan();
  assert.equal(summary, `nqba-api goes back to revision 4 (${image('1.40.0')}).`);
  assert.match(consequences[0] ?? '', /^It served healthily for 1 h, /);
  assert.equal(consequences.filter(text => text.startsWith('Not ')).length, 1);
});

test('a ConfigMap that is gone, and a PriorityClass that is gone, disqualify', async () => {
  await on.you.create(at.configMaps, { metadata: { name: 'nqba-api-limits' }, data: { LIMIT: '1' } });
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  await lab().create(classes, { metadata: { name: 'nqba-critical' }, value: 1000 });
  await released(release('1.39.0'), release('1.40.0', { envFrom: [{ configMapRef: { name: 'nqba-api-limits' } }] }));
  const plain = { containers: [{ name: 'api', image: image('1.41.0'), envFrom: null }], priorityClassName: 'nqba-critical' };
  await released({ spec: plain }, { spec: { ...release('1.42.0').spec, priorityClassName: null, priority: null } });
  await Promise.all([on.you.remove(`${at.configMaps}/nqba-api-limits`), lab().remove(`${classes}/nqba-critical`)]);
  const { plan } = await worker({ 2: 5, 3: 60, 4: 70 });
  const { summary, consequences } = await plan();
  assert.equal(summary, `nqba-api goes back to revision 2 (${image('1.39.0')}).`);
  const told = consequences.join(' ');
  assert.match(told, /Not revision 4 \(nqba-platform\/api:1\.41\.0\): its pods would be refused, .*no PriorityClass/);
  assert.match(told, /Not revision 3 \(nqba-platform\/api:1\.40\.0\): ConfigMap nqba-api-limits is gone\./);
});

test('a Secret that we may not read is said, and a missing key disqualifies', async () => {
  const from = (name: string, key: string) => ({ env: [{ name: 'MORE', valueFrom: { secretKeyRef: { name, key } } }] });
  await released(release('1.40.0', from('another', 'a')), release('1.41.0', from('nqba-secrets', 'gone')), release('1.42.0'));
  const { plan } = await worker({ 2: 5, 3: 60 });
  const { summary, consequences } = await plan();
  assert.equal(summary, `nqba-api goes back to revision 2 (${image('1.40.0')}).`);
  assert.ok(consequences.includes('It could not be checked whether Secret another exists.'));
  assert.ok(consequences.includes(`Not revision 3 (${image('1.41.0')}): Secret nqba-secrets has no gone.`));
});

const refusals: [string, (object | undefined)[], object, RegExp][] = [
  ['only one revision', [], {}, /has only one revision, so there is none to go back to\. Nothing was changed/],
  [
    'none that can be gone back to',
    [release('1.41.0-bad'), release('1.42.0')],
    {},
    /No revision .* is proposed\. revision 2 .*1\.41\.0-bad\): never had all its pods ready; made .*UTC, the next one [\d.]+ (s|min) later\. revision 1 .*latest may be another image now; made .*Nothing was changed: choose one by hand \(kubectl -n nqba-platform rollout undo/,
  ],
  [
    'no Prometheus',
    [release('1.41.0'), release('1.42.0')],
    { prometheus: undefined },
    /Prometheus is not connected, so it is not known.*revision 2 .*: no samples; made /,
  ],
];

for (const [what, templates, systems, message] of refusals)
  test(`where there is ${what}, none is proposed`, async () => {
    await released(...templates.filter(one => one !== undefined));
    const { rollBack, written } = await worker({ 1: 60 }, systems);
    await assert.rejects(rollBack(wish, { key }), { type: 'Refused', message, details: [{ nothingDone: true }] });
    assert.deepEqual(await written(), []);
  });

test('without a sample of any of them none is proposed', async () => {
  await released(release('1.41.0'), release('1.42.0'));
  const nothing = { prometheus: { address: '', query: async () => [] } };
  const { rollBack } = await worker({}, nothing);
  await assert.rejects(rollBack(wish, { key }), { type: 'Refused', message: /no samples of their ready pods/ });
});

test('somebody rolls out between plan and approval: it is planned again', async () => {
  await released(release('1.41.0'), release('1.42.0-bad'));
  const { plan, rollBack, written } = await worker({ 2: 60 });
  const { digest } = await plan();
  await released(release('1.43.0-bad'));
  const outcome = await rollBack(wish, { key, approved: digest });
  assert.equal(because(outcome), 'moved');
  assert.match(planned(outcome).changes[0]?.before ?? '', /1\.43\.0-bad/);
  assert.deepEqual(await written(), []);
});

test('a worker that dies after the write is followed by one that only measures', async () => {
  await released(release('1.41.0'), release('1.42.0-bad'));
  const dies = () => {
    throw new Error('SIGKILL');
  };
  const dying = await worker({ 2: 60 }, afterWrite(on, dies));
  await assert.rejects(dying.back(), /SIGKILL/);
  const next = await worker({ 2: 60 }, {}, dying.folder);
  const { note, effect, takeBack } = done(await next.rollBack(wish, { key }));
  assert.match(note, /^nqba-api is back at revision 4 \(nqba-platform\/api:1\.41\.0\)\.$/);
  assert.deepEqual([effect.measured, takeBack?.action, await next.written()], ['whole', 'rollBack', []]);
});

test('a key that an incident has changed goes back with the template, and the plan says so', async () => {
  await released(release('1.41.0'));
  const reference = { name: 'DYNEX_API_KEY', valueFrom: { secretKeyRef: { name: 'nqba-secrets', key: 'jwt-secret' } } };
  await released(release('1.42.0-bad', { env: [reference] }));
  const record = {
    action: 'useSecret',
    incident: 'run-0',
    key: 'run-0/a/b/1',
    before: { 'DYNEX_API_KEY of api': 'nqba-secrets/dynex-api-key' },
    set: { 'DYNEX_API_KEY of api': 'nqba-secrets/jwt-secret' },
  };
  const annotations = { 'nqba-runbooks/holder.0123456789abcdef': JSON.stringify(record) };
  await on.you.patch(at.api, { metadata: { annotations } });
  const { plan } = await worker({ 2: 60 });
  const told = 'DYNEX_API_KEY of api, which run-0 has set, goes back too: to nqba-secrets/dynex-api-key.';
  assert.ok((await plan()).consequences.includes(told));
});
