/** Whether the second provider is a way out: a test pin there, and its answer to our token, in each of its states. */

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { State } from '../../../lab/world/systems.ts';
import type { Verdict } from '../../../workflows/contract/index.ts';
import { type PinnedWorld, pinnedWorld } from './pinned-world.ts';

let world: PinnedWorld;
before(async () => {
  world = await pinnedWorld();
});
after(() => world.stop());
afterEach(() => void Object.assign(world.second.set, { state: 'healthy', lost: false }));

test('a test pin there is pinned, and nothing of it is left at either provider', async () => {
  const before = await world.kubo.pins();
  const { verdict, evidence } = await world.activities().ipfs.testPin({ target: 'backup' });
  assert.deepEqual([verdict, evidence], ['healthy', 'The second provider says “pinned” of a test pin.']);
  assert.deepEqual([await world.kubo.pins(), await world.second.pinned()], [before, []]);
});

const noWayOut: [string, { state?: State; lost?: boolean }, RegExp][] = [
  ['is full', { state: 'full' }, /INSUFFICIENT_FUNDS/],
  ['refuses our token', { state: 'unauthorised' }, /UNAUTHORIZED/],
  ['answers 200 with an error inside', { state: 'misreporting' }, /200 with an error inside/],
  ['does not answer', { state: 'refused' }, /cannot be reached/],
  ['cannot find what the first has', { lost: true }, /“failed” of a test pin \(No provider of the content was found\)/],
];
for (const [what, set, says] of noWayOut)
  test(`one that ${what} is no way out, and says so`, async () => {
    const before = await world.kubo.pins();
    Object.assign(world.second.set, set);
    const { verdict, evidence } = await world.activities().ipfs.testPin({ target: 'backup' });
    assert.equal(verdict, 'faulty');
    assert.match(evidence, says);
    assert.deepEqual(await world.kubo.pins(), before);
  });

const logins: [State, Verdict, RegExp][] = [
  ['healthy', 'healthy', /The second provider answers 200 to our token/],
  ['unauthorised', 'faulty', /The second provider answers 401 to our token/],
  ['full', 'healthy', /answers 200/],
];
for (const [state, verdict, says] of logins)
  test(`our token at one that is ${state} is ${verdict}`, async () => {
    world.second.set.state = state;
    const found = await world.activities().ipfs.cluster({ aspect: 'login' });
    assert.equal(found.verdict, verdict);
    assert.match(found.evidence, says);
  });

test('without a second provider the first one alone decides, and that is said', async () => {
  const { verdict, evidence } = await world.activities({ alone: true }).ipfs.cluster({ aspect: 'login' });
  assert.equal(verdict, 'healthy');
  assert.match(evidence, /Not checked: The second IPFS provider is not connected: set IPFS_BACKUP_URL/);
});

test('a success with an error inside says nothing about our token', async () => {
  world.second.set.state = 'misreporting';
  const { verdict, evidence } = await world.activities().ipfs.cluster({ aspect: 'login' });
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /200 with an error inside/);
  assert.doesNotMatch(evidence, /to our token/);
});
