/** The next incident of a runbook finds the change that an earlier one left, and says so: on a real API server. */

import assert from 'node:assert/strict';
import test, { before, beforeEach, describe } from 'node:test';
import type { Receipt, TakeBack } from '../../../workflows/contract/index.ts';
import type { Act } from '../harness/case.ts';
import { approvedDone } from '../harness/scene.ts';
import { done, planned } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { type Activities, type Stage } from '../stage.ts';

export const otherHoldersSuite = () =>
  void describe('other holders', () => {
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

    /** It is asked of people only where Dynex is not found to be down, and where it is in place nothing is asked. */
    async function open(key: string): Promise<Receipt> {
      const outcome = await worker.quantum.setFallback({ enabled: true }, { key });
      if ('done' in outcome) return done(outcome);
      return done(await worker.quantum.setFallback({ enabled: true }, { key, approved: planned(outcome).digest }));
    }
    const restore = async (takeBack: TakeBack) => done(await worker.kubernetes.takeBack({ takeBack }, { key: 'undo-1/undo/1' }));

    const stands = /Incident run-1 changed this before, and its change still stands \(runbooks undo run-1\)\.$/;

    test('the receipt of a breaker that is open already names the incident that opened it, until that is undone', async () => {
      const { takeBack, note } = await open('run-1/a/1');
      assert.ok(takeBack);
      assert.doesNotMatch(note, /changed this before/);
      assert.doesNotMatch((await open('run-1/a/2')).note, /changed this before/);
      assert.match((await open('run-2/a/1')).note, stands);
      for (const key of ['run-2/a/2', 'run-2/a/3']) assert.match((await open(key)).note, stands);
      await restore(takeBack);
      assert.doesNotMatch((await open('run-2/a/4')).note, /changed this before/);
    });

    test('the plan says it before people approve, of every action', async () => {
      const set =
        (timeout: string): Act =>
        ({ kubernetes }, call) =>
          kubernetes.setConfigMap({ configMap: 'quantum', values: { QUANTUM_TIMEOUT: timeout } }, call);
      await approvedDone(set('300'), worker, 'run-1/a/1');
      const { consequences } = planned(await set('200')(worker, { key: 'run-2/a/1', dryRun: true }));
      assert.equal(consequences.filter(text => stands.test(text)).length, 1);
      const breaker = { key: 'run-2/b/1', dryRun: true };
      const other = planned(await worker.quantum.setFallback({ enabled: true }, breaker));
      assert.equal(other.consequences.filter(text => stands.test(text)).length, 0, 'another field of the same object');
    });
  });
