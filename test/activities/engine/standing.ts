/** Which changes of an incident still stand: read from the objects themselves, whatever the runbook believes. */

import assert from 'node:assert/strict';
import test, { before, beforeEach, describe } from 'node:test';
import type { TakeBack } from '../../../workflows/contract/index.ts';
import { recordName } from '../../../activities/engine/holders.ts';
import { answering } from '../harness/between.ts';
import { setShare } from '../harness/cases/set-share.ts';
import { approvedDone, settingScene } from '../harness/scene.ts';
import { done } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { type Activities, at, type Stage } from '../stage.ts';

export const standingSuite = () =>
  void describe('standing', () => {
    let on: Stage;
    let worker: Activities;
    before(async () => {
      on = await sharedStage();
    });
    beforeEach(async () => {
      await on.reset();
      on.set('dynex', 'down');
      worker = on.worker({ folder: crypto.randomUUID(), connected: ['kubernetes', 'dynex'] });
    });

    async function opened(incident: string): Promise<TakeBack> {
      const { takeBack } = await approvedDone(
        ({ quantum }, call) => quantum.setFallback({ enabled: true }, call),
        worker,
        `${incident}/a/1`,
      );
      assert.ok(takeBack);
      return takeBack;
    }

    test('a breaker that is open stands, in words and by its object; once it was given back nothing does', async () => {
      const change = await opened('run-1');
      assert.deepEqual(await worker.observe.standing({ changes: [change] }), {
        verdict: 'faulty',
        evidence:
          'Still in effect: “Every quantum job runs on a classical solver.” (ConfigMap nqba-platform/nqba-config, Deployment nqba-platform/nqba-worker).',
        facts: { standing: [change.key] },
      });
      done(await worker.kubernetes.takeBack({ takeBack: change }, { key: 'take-back-1/undo/1' }));
      assert.equal((await worker.observe.standing({ changes: [change] })).verdict, 'healthy');
    });

    test('half of it given back still stands: the pods were not restarted', async () => {
      const change = await opened('run-1');
      await on.bob.patch(at.config, { metadata: { annotations: { [recordName(change.key)]: null } } });
      const { verdict, evidence } = await worker.observe.standing({ changes: [change] });
      assert.equal(verdict, 'faulty');
      assert.match(evidence, /\(Deployment nqba-platform\/nqba-worker\)/);
    });

    test('a change whose receipt was lost is found under the key of its try, and no other', async () => {
      const { key } = await opened('run-1');
      const lost = (tried: string) => worker.observe.standing({ changes: [], tried: [{ action: 'setFallback', key: tried }] });
      const { verdict, facts } = await lost('run-1/a/1');
      assert.deepEqual(
        [verdict, facts?.standing, facts?.found?.map(one => [one.action, one.key])],
        ['faulty', [key], [['setFallback', key]]],
      );
      assert.equal((await lost('run-1/b/1')).verdict, 'healthy');
    });

    test('the change of another incident on the same object is not this one', async () => {
      const [one, other] = [await opened('run-1'), await opened('run-2')];
      done(await worker.kubernetes.takeBack({ takeBack: one }, { key: 'take-back-1/undo/1' }));
      assert.equal((await worker.observe.standing({ changes: [one] })).verdict, 'healthy');
      assert.deepEqual((await worker.observe.standing({ changes: [one, other] })).facts, { standing: [other.key] });
    });

    test('a try whose objects cannot be read is unknown: it may have left its record there', async () => {
      const blind = on.worker({ connected: [] });
      const tried = [{ action: 'setFallback', key: 'run-1/a/1' }];
      assert.deepEqual(await blind.observe.standing({ changes: [], tried }), {
        verdict: 'unknown',
        evidence: 'Not checked: Kubernetes is not connected: set KUBECONFIG.',
        facts: { standing: [] },
      });
    });

    test('a target that cannot be read is unknown; what stands elsewhere is named all the same', async () => {
      const change = await opened('run-1');
      const unreadable = answering(
        ({ method, url }) => method === 'GET' && new URL(url).pathname === at.worker,
        () => Response.json({ kind: 'Status', message: 'etcd leader changed' }, { status: 503 }),
      );
      const { observe } = on.worker({ between: unreadable });
      const standing = await observe.standing({ changes: [change] });
      assert.deepEqual([standing.verdict, standing.facts], ['faulty', { standing: [change.key] }]);
      assert.match(standing.evidence, /^Still in effect: .* \(ConfigMap nqba-platform\/nqba-config\)\.$/);
      await on.bob.patch(at.config, { metadata: { annotations: { [recordName(change.key)]: null } } });
      const { verdict, evidence, facts } = await observe.standing({ changes: [change] });
      assert.deepEqual([verdict, facts], ['unknown', { standing: [] }]);
      assert.match(evidence, /^Not checked: Kubernetes answered 503: etcd leader changed/);
    });

    test('an object of a kind that this version does not know is unknown', async () => {
      const target = { system: 'kubernetes', kind: 'Moon', namespace: 'nqba-platform', name: 'full' } as const;
      const changes = [{ action: 'setMoonPhase', key: 'run-1/a/1', target, words: 'The moon is full.' }];
      const { verdict, evidence } = await worker.observe.standing({ changes });
      assert.equal(verdict, 'unknown');
      assert.match(evidence, /Moon full, of a kind not known here/);
    });

    test('what stays until people decide is listed, and is not faulty', async () => {
      const { situation, key, worker: by } = await settingScene({ on }, setShare);
      const { takeBack } = await approvedDone(situation.act, by(), key);
      assert.ok(takeBack);
      const { verdict, evidence, facts } = await by().observe.standing({ changes: [takeBack] });
      assert.deepEqual([verdict, facts], ['healthy', { standing: [], staying: [takeBack.key] }]);
      assert.match(evidence, /stays until people decide/);
    });
  });
