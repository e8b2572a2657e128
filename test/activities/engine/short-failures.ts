/** A read that guards a write fails for a moment, or for longer: what was begun goes on, and says what is written already. */

import assert from 'node:assert/strict';
import test, { afterEach, before, describe } from 'node:test';
import { answering, hurried, isWrite } from '../harness/between.ts';
import { because, done } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { at, type Between, type Stage } from '../stage.ts';

export const shortFailuresSuite = () =>
  void describe('short failures', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });
    afterEach(() => on.reset());

    const key = 'run-1/Immediate Response/Activate Circuit Breaker/1';
    const configPatch = 'patch configmaps/nqba-config';
    const both = [configPatch, 'patch deployments/nqba-worker'];

    async function outage() {
      const folder = crypto.randomUUID();
      const options = { folder, connected: ['kubernetes', 'dynex'] };
      await on.worker(options).quantum.probeDynex({});
      on.set('dynex', 'down');
      const before = (await on.writes()).length;
      const open = (between?: Between) =>
        on.worker({ ...options, clock: hurried, ...(between && { between }) }).quantum.setFallback({ enabled: true }, { key });
      return { open, written: async () => (await on.writes()).slice(before).map(({ what }) => what) };
    }

    const busy = () => Response.json({ kind: 'Status', message: 'etcd leader changed' }, { status: 503 });
    const reads =
      (path: string) =>
      ({ method, url }: Request) =>
        method === 'GET' && new URL(url).pathname === path;

    /** Every second of these reads is answered by 503. */
    const everySecond = (path: string): Between => {
      let count = 0;
      return answering(request => reads(path)(request) && ++count % 2 === 1, busy);
    };

    /** From the first write on until the end. */
    const sinceTheFirstWrite = (path: string): Between => {
      let hasWritten = false;
      return (system, fetch) => request => {
        if (hasWritten && reads(path)(request)) return busy();
        hasWritten ||= request.method === 'PATCH' && !request.url.includes('dryRun');
        return fetch(request);
      };
    };

    test('one 503 at each read of the hold holds nothing', async () => {
      const { open, written } = await outage();
      done(await open(everySecond(at.hold)));
      assert.deepEqual(await written(), both);
    });

    test('a 503 at the read of the object, right before its write, fails nothing', async () => {
      const { open, written } = await outage();
      let isFirst = true;
      const once: Between = (system, fetch) => {
        const short = sinceTheFirstWrite(at.worker)(system, fetch);
        return async request => {
          const answer = await (isFirst ? short(request) : fetch(request));
          if (answer.status === 503) isFirst = false;
          return answer;
        };
      };
      done(await open(once));
      assert.equal(isFirst, false);
      assert.deepEqual(await written(), both);
    });

    test('a hold that cannot be read for longer stops between the writes, and says what is written', async () => {
      const { open, written } = await outage();
      const stopped = await open(sinceTheFirstWrite(at.hold));
      assert.equal(because(stopped), 'held');
      const says = /Written already: ConfigMap nqba-platform\/nqba-config, and not yet Deployment nqba-platform\/nqba-worker/;
      assert.match(JSON.stringify(stopped), says);
      assert.deepEqual(await written(), [configPatch]);
      await on.you.patch(at.hold, { data: { hold: 'wait' } });
      assert.match(JSON.stringify(await open()), says, 'also when it is tried again');
      await on.you.patch(at.hold, { data: { hold: null } });
      done(await open());
      assert.deepEqual(await written(), both);
    });

    test('an object that cannot be read for longer fails between the writes, says what is written, and a retry goes on', async () => {
      const { open, written } = await outage();
      await assert.rejects(open(sinceTheFirstWrite(at.worker)), {
        type: 'Unreachable',
        nonRetryable: false,
        message: /Written already: ConfigMap nqba-platform\/nqba-config, and not yet.*etcd leader changed.*[Rr]etry/,
        details: [{ nothingDone: false }],
      });
      assert.deepEqual(await written(), [configPatch]);
      done(await open());
      assert.deepEqual(await written(), both);
    });

    test('a Deployment that is paused between the writes stops the rest, and the refusal says what is written', async () => {
      const { open, written } = await outage();
      await assert.rejects(open(sinceTheFirstWrite(at.worker)), { type: 'Unreachable' });
      await on.bob.patch(at.worker, { spec: { paused: true } });
      await assert.rejects(open(), {
        type: 'Refused',
        nonRetryable: true,
        message: /^Written already: ConfigMap nqba-platform\/nqba-config, and not yet.*is paused since.*Nothing more was changed/,
        details: [{ nothingDone: false }],
      });
      await on.bob.patch(at.worker, { spec: { paused: null } });
      done(await open());
      assert.deepEqual(await written(), both);
    });

    test('an object that someone changes in every round fails with words, says what is written, and a retry goes on', async () => {
      const { open, written } = await outage();
      const conflict = () => Response.json({ kind: 'Status', message: 'the object has been modified' }, { status: 409 });
      const contested = answering(request => isWrite(request) && new URL(request.url).pathname === at.worker, conflict);
      await assert.rejects(open(contested), {
        type: 'Refused',
        nonRetryable: false,
        message: /^Written already: ConfigMap nqba-platform\/nqba-config, and not yet.*changes it at the same moment/,
        details: [{ nothingDone: false }],
      });
      done(await open());
      assert.deepEqual(await written(), both);
    });
  });
