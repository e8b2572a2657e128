/** Limits as the action wrote them on a real API server, in a real nginx: who is refused, and who is not. */

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { nginx, servedBy } from '../../support/nginx.ts';
import { approvedDone } from '../harness/scene.ts';
import { at, type Stage, stage } from '../stage.ts';
import { calm, ingressesOn, operatorApiWith } from './edge.ts';

const [one, other] = ['203.0.113.7', '198.51.100.10'];
const low = '/api/v1/exports/daily';
const both = [at.ingress, at.lowPriority];

describe('in a real nginx', { skip: nginx === undefined && 'nginx is not installed' }, () => {
  let on: Stage;
  before(async () => {
    on = await stage();
  });
  afterEach(() => on.reset());
  after(() => on.stop());

  const limitedTo = (limit: 'essential only' | 'reviewed', key: string) => {
    const { operatorApi } = operatorApiWith(calm);
    const worker = on.worker({ folder: 'gateway', connected: ['kubernetes'], systems: { operatorApi } });
    return approvedDone((by, call) => by.gateway.setLimit({ limit }, call), worker, key);
  };

  test('without a limit no one is refused', async () => {
    await servedBy(await ingressesOn(on, both), async ({ calls }) => {
      assert.deepEqual(await calls(one, low, 300), { 200: 300 });
    });
  });

  test('above the limit one client is refused on routes of low priority: essential routes and another client are not', async () => {
    await limitedTo('essential only', 'run-1/Immediate Response/Implement Throttling/1');
    const written = await ingressesOn(on, both);
    const controller = { limitReqStatus: 429 };
    await servedBy(
      written,
      async ({ calls }) => {
        // 60 a minute, and twice as many at once: one passes each second meanwhile.
        const { 200: passed = 0, 429: refused = 0 } = await calls(one, low, 200);
        assert.ok(passed >= 121 && passed < 150 && passed + refused === 200, `${passed} passed, ${refused} refused`);
        for (const path of ['/api/v1/auth/login', '/api/v1/qih/jobs/job-1', '/health'])
          assert.deepEqual(await calls(one, path, 60), { 200: 60 }, path);
        assert.deepEqual(await calls(other, low, 100), { 200: 100 });
        assert.ok(((await calls(one, '/api/v1/qih/batch', 20))[429] ?? 0) > 10, 'all routes of the Ingress count as one');
      },
      controller,
    );
    await servedBy(written, async ({ calls }) => {
      assert.ok(((await calls(one, low, 200))[503] ?? 0) > 40, 'a controller that is not told otherwise answers 503');
    });
  });

  test('as reviewed, low priority has twice as much, and everything else its own limit', async () => {
    await limitedTo('essential only', 'run-2/Immediate Response/Implement Throttling/1');
    await limitedTo('reviewed', 'run-2/Resolution/Adjust rate limit settings/1');
    await servedBy(await ingressesOn(on, both), async ({ calls }) => {
      const { 200: passed = 0, 503: refused = 0 } = await calls(one, low, 300);
      assert.ok(passed >= 241 && passed < 280 && passed + refused === 300, `${passed} passed, ${refused} refused`);
      assert.deepEqual(await calls(one, '/api/v1/qih/usage', 300), { 200: 300 });
    });
  });
});
