/** Alerts wait for a slow Temporal in a bounded line, the most urgent first. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Turns } from '../../../client/intake/turns.ts';

/** Calls that end when they are told to, in the order in which they began. */
function slowly() {
  const begun: string[] = [];
  const open: ((error?: Error) => void)[] = [];
  const call = (name: string) => () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    begun.push(name);
    open.push(error => (error ? reject(error) : resolve(name)));
    return promise;
  };
  const end = async (error?: Error) => {
    open.shift()?.(error);
    await setImmediate();
  };
  return { begun, open, call, end };
}

describe('turns', () => {
  test('are so many at a time, the most urgent first, whatever came before', async () => {
    const { begun, open, call, end } = slowly();
    const turns = new Turns({ width: 2, mostWaiting: 10 });
    const all = ['P3', 'P2', 'P2', 'P1', 'P0'] as const;
    const taken = all.map((severity, index) => turns.take(`lane ${index}`, severity, call(`${severity} ${index}`)));
    assert.deepEqual(begun, ['P3 0', 'P2 1']);
    for (const _ of all) {
      assert.ok(open.length <= 2);
      await end();
    }
    assert.deepEqual(begun, ['P3 0', 'P2 1', 'P0 4', 'P1 3', 'P2 2']);
    assert.deepEqual(await Promise.all(taken), ['P3 0', 'P2 1', 'P2 2', 'P1 3', 'P0 4']);
  });

  test('of one lane follow each other, and the others do not wait for them', async () => {
    const { begun, call, end } = slowly();
    const turns = new Turns({ width: 2, mostWaiting: 10 });
    const taken = ['a', 'a', 'a', 'b', 'c'].map((lane, index) => turns.take(lane, 'P1', call(`${lane}${index}`)));
    assert.deepEqual(begun, ['a0', 'b3']);
    for (const _ of taken) await end();
    assert.deepEqual(begun, ['a0', 'b3', 'a1', 'c4', 'a2']);
  });

  test('have room until so many wait of the same urgency or a greater one, and again when they are through', async () => {
    const { call, end } = slowly();
    const turns = new Turns({ width: 1, mostWaiting: 2 });
    const taken = [turns.take('a', 'P2', call('one')), turns.take('b', 'P2', call('other'))];
    const room = () => (['P0', 'P1', 'P2', 'P3'] as const).filter(severity => turns.hasRoom(severity));
    assert.deepEqual(room(), ['P0', 'P1']);
    await end();
    assert.deepEqual(room(), ['P0', 'P1', 'P2', 'P3']);
    await end();
    await Promise.all(taken);
  });

  test('that fail are a failure of all that wait in the lane, and of no other', async () => {
    const { begun, call, end } = slowly();
    const turns = new Turns({ width: 1, mostWaiting: 10 });
    const taken = [['a', 'P1'] as const, ['a', 'P0'] as const, ['b', 'P1'] as const].map(([lane, severity], index) =>
      turns.take(lane, severity, call(`${lane}${index}`)).catch((error: unknown) => String(error)),
    );
    await end(new Error('gone'));
    await end();
    assert.deepEqual(await Promise.all(taken), ['Error: gone', 'Error: gone', 'b2']);
    assert.deepEqual([begun, turns.hasRoom('P3')], [['a0', 'b2'], true]);
  });
});
