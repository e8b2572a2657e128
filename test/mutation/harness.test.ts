// Which tests are run without a call, and when one of them would never end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as harness from './harness.ts';

test('a test that comes to a call is run without it; there again and again it never ends', async () => {
  let comes = 2;
  let ends = 0;
  harness.describe('a runbook', () => {
    harness.test('comes to a call', () => {
      for (let time = 0; time < comes; time += 1) harness.reach(7);
      ends = Number(harness.isEndless(7));
    });
    harness.test('comes nowhere', () => undefined);
    harness.test('fails', () => assert.fail('left out'));
  });
  harness.leaveOut([/^a runbook fails$/]);
  assert.equal(await harness.firstFailing(undefined, true), undefined);
  const reaching = harness.reachingTo(7);
  assert.deepEqual(
    reaching.map(({ name }) => name),
    ['a runbook comes to a call'],
  );
  const isEndlessAfter = async (times: number) => {
    comes = times;
    await harness.firstFailing(reaching);
    return ends === 1;
  };
  assert.deepEqual([await isEndlessAfter(30), await isEndlessAfter(31)], [false, true]);
});
