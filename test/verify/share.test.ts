/** A share of jobs that pods read while they run, on a real API server: in stages, without a restart, and never where no pod reads it. */

import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { Nqba } from '../support/nqba.ts';
import type { Call, Outcome } from '../../workflows/contract/index.ts';
import { eventually } from '../support/eventually.ts';
import { because, done, planned, worldOf } from '../activities/outcomes.ts';
import { at, type Stage, stage } from '../activities/stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());

const share = 'QUANTUM_SHARE_PERCENT';
const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const off = 'run-1/Recovery/Gradual Rollback: fallback off/1';
const stageKey = (percent: number, time = 1) => `run-1/Recovery/Gradual Rollback: ${percent}%25/${time}`;
const patched = 'patch configmaps/nqba-config';

const byShare = (): Nqba => ({
  ...on.platform,
  quantum: { ...on.platform.quantum, ramp: 'runtime', share: { key: share, polledBy: [] } },
});

/** The pods of the worker have the ConfigMap as files; those of the batch worker do not. */
async function mounted({ subPath, key = true }: { subPath?: string; key?: boolean } = {}) {
  const mount = { name: 'settings', mountPath: '/etc/nqba', ...(subPath && { subPath }) };
  const volumes = [{ name: 'settings', configMap: { name: 'nqba-config' } }];
  if (key) await setKey();
  await on.you.patch(at.worker, {
    spec: { template: { spec: { containers: [{ name: 'worker', volumeMounts: [mount] }], volumes } } },
  });
  await eventually(async () => {
    const { metadata, status } = await on.you.get(at.worker);
    assert.deepEqual(
      [status?.observedGeneration, status?.updatedReplicas, status?.replicas, status?.availableReplicas],
      [metadata.generation, 2, 2, 2],
    );
  });
}

const setKey = async () => void (await on.you.patch(at.config, { data: { [share]: '100' } }));

/** A worker of a platform with a share, and what it writes from now on. */
async function working(platform = byShare()) {
  const { quantum, kubernetes } = on.worker({ folder: crypto.randomUUID(), platform });
  const former = (await on.writes()).length;
  return {
    kubernetes,
    setFallback: (enabled: boolean, call: Call) => quantum.setFallback({ enabled }, call),
    setShare: (percent: number, call: Call = { key: stageKey(percent) }) => quantum.setShare({ percent }, call),
    written: async () => (await on.writes()).slice(former).map(({ what }) => what),
  };
}

/** The breaker was opened by a Dynex that was down, and is well again. */
async function opened() {
  await mounted();
  const worker = await working();
  const was = await worldOf(on);
  done(
    await worker.setFallback(true, {
      key: open,
      approved: await digestOf(worker.setFallback(true, { key: open, dryRun: true })),
    }),
  );
  return { ...worker, was };
}

const digestOf = async (asking: Promise<Outcome>) => planned(await asking).digest;

/** People approve what they are shown. */
async function approvedStage(worker: Awaited<ReturnType<typeof working>>, percent: number, key = stageKey(percent)) {
  const asked = await worker.setShare(percent, { key });
  assert.equal(because(asked), 'approval');
  return done(await worker.setShare(percent, { key, approved: planned(asked).digest }));
}

describe('the way back', () => {
  after(() => on.reset());

  test('restarts nothing, is asked at its first stage with all that follows, and leaves everything as it was', async () => {
    const { was, ...worker } = await opened();
    assert.deepEqual([(await worldOf(on)).data[share], await worker.written()], ['0', [patched]]);

    const plan = planned(await worker.setShare(10));
    assert.deepEqual(
      plan.changes.map(({ field, before, after }) => [field, before, after]),
      [[share, '0', '10']],
    );
    const consequences = plan.consequences.join('\n');
    assert.match(consequences, /^Approved with it: 25, 50, 100%, each after the stage before was measured healthy/);
    assert.match(consequences, /nqba-worker reads QUANTUM_SHARE_PERCENT while it runs: no pod restarts/);
    assert.match(consequences, /nqba-worker-batch is not affected: it does not read QUANTUM_SHARE_PERCENT while it runs/);
    const { effect, takeBack } = await approvedStage(worker, 10);
    assert.equal(effect.measured, 'part');
    assert.match(
      effect.text,
      /started since ran on quantum_dynex \(([5-9]|1[0-5])%, 10% wanted\)\. nqba-worker-batch is not affected/,
    );
    assert.deepEqual(takeBack, {
      action: 'setFallback',
      key: open,
      target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
      words: '10% of the quantum jobs go to Dynex.',
    });

    for (const percent of [25, 50, 100]) done(await worker.setShare(percent));
    await on.bob.patch(at.config, { data: { QUANTUM_BACKEND: 'mine' } });
    assert.equal(because(await worker.setFallback(false, { key: off })), 'approval');
    await on.bob.patch(at.config, { data: { QUANTUM_BACKEND: 'classical' } });
    done(await worker.setFallback(false, { key: off }));
    assert.deepEqual(await worldOf(on), was);
    assert.deepEqual(
      await worker.written(),
      Array.from({ length: 6 }, () => patched),
    );
  });
});

describe('a way back that has begun', () => {
  let worker: Awaited<ReturnType<typeof opened>>;
  before(async () => {
    worker = await opened();
    await approvedStage(worker, 10);
  });
  after(() => on.reset());

  test('is where it is: the same share again changes nothing, by the same key and by another', async () => {
    const before = await worker.written();
    done(await worker.setShare(10));
    const { changes } = done(await worker.setShare(10, { key: stageKey(10, 2) }));
    assert.deepEqual([changes, await worker.written()], [[], before]);
  });

  test('asks for any stage but the next, and for the next when somebody else has changed the share', async () => {
    assert.equal(because(await worker.setShare(50)), 'approval');
    assert.equal(because(await worker.setShare(25, { key: stageKey(25), dryRun: true })), 'dry run');
    await on.bob.patch(at.config, { data: { [share]: '12' } });
    const asked = await worker.setShare(25);
    assert.deepEqual([because(asked), planned(asked).changes[0]?.before], ['approval', '12']);
  });

  test('stops when everything is held, though nobody is asked for the way down', async () => {
    await on.you.patch(at.hold, { data: { hold: 'nobody touches anything' } });
    assert.equal(because(await worker.setShare(0)), 'held');
    await on.you.patch(at.hold, { data: { hold: '' } });
  });

  test('goes down without asking, and is asked from its first stage then', async () => {
    done(await worker.setShare(0));
    assert.equal((await worldOf(on)).data[share], '0');
    assert.equal(because(await worker.setShare(10, { key: stageKey(10, 2) })), 'approval');
    assert.equal(because(await worker.setShare(25)), 'approval');
  });

  test('is taken back with the fallback, by the one record of the incident, and restarts nothing', async () => {
    const { takeBack } = await approvedStage(worker, 10, stageKey(10, 2));
    assert.ok(takeBack);
    done(await worker.kubernetes.takeBack({ takeBack }, { key: 'take-back/1' }));
    assert.deepEqual(await worldOf(on), worker.was);
  });
});

describe('a share is refused, and nothing is changed,', () => {
  const refusals: [string, () => Promise<void>, () => Nqba, RegExp][] = [
    ['jobs return with a restart', () => mounted(), () => on.platform, /quantum\.ramp.*use quantum\.setFallback/],
    ['no pod has the ConfigMap mounted', () => setKey(), byShare, /No pod of nqba-worker and nqba-worker-batch reads/],
    ['it is mounted as a subPath', () => mounted({ subPath: share }), byShare, /mount ConfigMap .* without subPath/],
    ['the ConfigMap lacks the key', () => mounted({ key: false }), byShare, /has no QUANTUM_SHARE_PERCENT.* add it/],
  ];

  for (const [where, arranged, platform, message] of refusals)
    test(`where ${where}`, async () => {
      await on.reset();
      await arranged();
      const worker = await working(platform());
      const was = await worldOf(on);
      await assert.rejects(worker.setShare(10), { type: 'NotConsumed', message });
      assert.deepEqual([await worldOf(on), await worker.written()], [was, []]);
    });
});

test('who asks the API server for it is believed', async () => {
  await on.reset();
  await setKey();
  const { quantum, ...platform } = byShare();
  const worker = await working({ ...platform, quantum: { ...quantum, share: { key: share, polledBy: ['worker'] } } });
  assert.match(
    planned(await worker.setShare(50)).consequences.join('\n'),
    /nqba-worker reads QUANTUM_SHARE_PERCENT while it runs/,
  );
});

test('a share of more than a hundred, or one that would end by itself, is no share', async () => {
  const worker = await working();
  await assert.rejects(worker.setShare(101), { type: 'BadInput' });
  await assert.rejects(worker.setShare(10, { key: stageKey(10), until: new Date().toISOString() }), { type: 'BadInput' });
});
