/** Records of a change that are not as they were written: edited by hand, of a former form, of an action that nobody knows here. */

import assert from 'node:assert/strict';
import test, { before, describe } from 'node:test';
import { recordName } from '../../../activities/engine/holders.ts';
import type { TakeBack } from '../../../workflows/contract/index.ts';
import type { SettingCase } from '../harness/case.ts';
import { giveBackReplica } from '../harness/cases/give-back-replica.ts';
import { opening } from '../harness/cases/set-fallback.ts';
import { setShare } from '../harness/cases/set-share.ts';
import { useSecret } from '../harness/cases/use-secret.ts';
import { approvedDone, settingScene } from '../harness/scene.ts';
import { because, done } from '../outcomes.ts';
import { next } from '../rotation.ts';
import { sharedStage } from '../shared-stage.ts';
import { at, type Stage } from '../stage.ts';

export const recordsSuite = () =>
  void describe('records', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });

    const undo = 'take-back-1/undo/1';

    /** Its change stands, and the record of it reads as `edit` makes it. */
    async function edited(of: SettingCase, edit: (record: string) => string) {
      const { situation, worker, key, written } = await settingScene({ on }, of);
      const { takeBack } = await approvedDone(situation.act, worker(), key);
      assert.ok(takeBack);
      const annotation = recordName(takeBack.key);
      for (const path of situation.touches) {
        const record = (await on.you.get(path)).metadata.annotations[annotation];
        if (record !== undefined) await on.bob.patch(path, { metadata: { annotations: { [annotation]: edit(record) } } });
      }
      await situation.room?.();
      const wrote = await written();
      return {
        takingBack: () => worker().kubernetes.takeBack({ takeBack }, { key: undo }),
        assertUntouched: async () => assert.deepEqual(await written(), wrote),
      };
    }

    const refused = { type: 'Refused', message: /cannot be read: someone has edited it by hand.*Nothing was changed: restore/ };

    for (const one of [opening, setShare, useSecret, giveBackReplica])
      describe(`the record of ${one.name} that somebody has edited`, () => {
        test('is refused where nobody can read it, with what to do', async () => {
          const { takingBack, assertUntouched } = await edited(one, record => record.slice(0, -9));
          await assert.rejects(takingBack(), refused);
          await assertUntouched();
        });

        test('is asked about where it can be read', async () => {
          const until = (record: string) => record.replace('"before":{', '"until":"2026-01-01T00:00:00Z","before":{');
          const { takingBack, assertUntouched } = await edited(one, until);
          const outcome = await takingBack();
          assert.equal(because(outcome), 'approval');
          assert.match(JSON.stringify(outcome), /Someone has edited the record of this change on .* by hand/);
          await assertUntouched();
        });
      });

    for (const one of [useSecret, giveBackReplica])
      test(`the record of ${one.name} that names a value that its object cannot have is refused`, async () => {
        const { takingBack, assertUntouched } = await edited(one, record =>
          record.replace('"before":{', '"before":{"OTHER":"x",'),
        );
        await assert.rejects(takingBack(), {
          type: 'Refused',
          message: /OTHER cannot become .*Nothing was changed: restore it by hand/,
        });
        await assertUntouched();
      });

    test('the way back of an action that this version does not know says so, and changes nothing', async () => {
      const { situation, worker, key, written } = await settingScene({ on }, opening);
      const { takeBack } = await approvedDone(situation.act, worker(), key);
      assert.ok(takeBack);
      const wrote = await written();
      const unknown = { takeBack: { ...takeBack, action: 'setMoonPhase' } };
      await assert.rejects(worker().kubernetes.takeBack(unknown, { key: undo }), {
        type: 'BadInput',
        message: /of the action "setMoonPhase", which this version does not know\. Nothing was changed: use the version/,
      });
      assert.deepEqual(await written(), wrote);
    });

    describe('a record of the former form, which does not name its action, is taken back', () => {
      const key = 'run-old/Phase/Step/1';
      const record = (before: object, set: object) => ({
        metadata: { annotations: { [recordName(key)]: JSON.stringify({ incident: 'run-old', key, before, set }) } },
      });
      const takeBack = (action: string, kind: string, name: string): TakeBack => {
        const target = { system: 'kubernetes', kind, namespace: 'nqba-platform', name } as const;
        return { action, key, target, words: 'a change' };
      };
      const isLetGo = async (paths: string[]) => {
        const objects = await Promise.all(paths.map(path => on.you.get(path)));
        assert.ok(!JSON.stringify(objects.map(({ metadata }) => metadata.annotations)).includes('nqba-runbooks'));
        return objects;
      };
      const worker = () => on.worker({ folder: crypto.randomUUID(), connected: ['kubernetes', 'dynex'] });

      test('by setFallback', async () => {
        await on.reset();
        await on.you.patch(at.config, {
          data: { QUANTUM_BACKEND: 'classical' },
          ...record({ QUANTUM_BACKEND: 'dynex' }, { QUANTUM_BACKEND: 'classical' }),
        });
        await on.you.patch(at.worker, record({ restartedAt: null }, {}));
        done(
          await worker().kubernetes.takeBack({ takeBack: takeBack('setFallback', 'ConfigMap', 'nqba-config') }, { key: undo }),
        );
        const [config] = await isLetGo([at.config, at.worker]);
        assert.equal(config?.data?.['QUANTUM_BACKEND'], 'dynex');
      });

      test('by useSecret', async () => {
        await on.reset();
        const reference = {
          name: 'DYNEX_API_KEY',
          valueFrom: { secretKeyRef: { name: next, key: 'dynex-api-key', optional: true } },
        };
        await on.you.patch(at.worker, {
          spec: { template: { spec: { containers: [{ name: 'worker', env: [reference] }] } } },
          ...record({ DYNEX_API_KEY: 'nqba-secrets/dynex-api-key' }, { DYNEX_API_KEY: `${next}/dynex-api-key` }),
        });
        done(await worker().kubernetes.takeBack({ takeBack: takeBack('useSecret', 'Deployment', 'nqba-worker') }, { key: undo }));
        const [object] = await isLetGo([at.worker]);
        assert.match(JSON.stringify(object?.spec), /"secretKeyRef":\{"name":"nqba-secrets","key":"dynex-api-key"/);
      });

      test('by giveBackReplica', async () => {
        await on.reset();
        await on.you.patch(at.floor, { spec: { minReplicas: 1 }, ...record({ minReplicas: '2' }, { minReplicas: '1' }) });
        await on.you.patch(at.worker, { spec: { replicas: 1 }, ...record({ replicas: '2' }, { replicas: '1' }) });
        done(
          await worker().kubernetes.takeBack(
            { takeBack: takeBack('giveBackReplica', 'Deployment', 'nqba-worker') },
            { key: undo },
          ),
        );
        const [floor, object] = await isLetGo([at.floor, at.worker]);
        assert.deepEqual([floor?.spec?.['minReplicas'], object?.spec?.replicas], [2, 2]);
      });
    });
  });
