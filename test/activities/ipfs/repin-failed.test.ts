/** Entries that were not pinned are pinned again a hundred at a time: what is done is not done again, and the last id is known. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { batchesOf } from '../../../activities/ipfs/repin-failed.ts';
import { ConnectionRefused } from '../../../lab/stand-ins/stand-in.ts';
import { done } from '../outcomes.ts';
import { type PinnedWorld, pinnedWorld } from './pinned-world.ts';

let world: PinnedWorld;
before(async () => {
  world = await pinnedWorld();
});
after(() => world.stop());

const hours = 42;
const since = () => world.hoursAgo(hours);
const call = () => ({ key: `${crypto.randomUUID()}/Recovery/Repin Failed Content/1` });

/** Everything that is written to the LTC; after so many writes nothing answers any more. */
function writing(most: number) {
  const written: string[] = [];
  const between =
    (fetch: Fetch): Fetch =>
    async request => {
      if (written.length >= most) throw new ConnectionRefused();
      const answer = await fetch(request);
      const [, id] = /\/ltc\/entries\/([^/]+)\/ipfs_reference$/.exec(request.url) ?? [];
      if (request.method === 'PUT' && id !== undefined && answer.ok) written.push(id);
      return answer;
    };
  return { written, between };
}

test('250 entries are three batches; one that is cut off goes on with its own, and no entry of those before is written again', async () => {
  world.ltc({ unpinnedFrom: Date.now() - hours * 3_600_000 });
  const { frozen, facts } = await world.activities().ipfs.ltcRecords({ since: since(), freeze: 'entries to pin' });
  assert.equal(frozen?.count, 3);
  const [first, second] = [writing(150), writing(Number.POSITIVE_INFINITY)];
  const { key } = call();
  const cutOff = world.activities({ between: first.between }).ipfs.repinFailed({ list: frozen }, { key });
  await assert.rejects(cutOff);
  assert.equal(first.written.length, 150);
  const receipt = done(await world.activities({ between: second.between }).ipfs.repinFailed({ list: frozen }, { key }));
  assert.equal(receipt.effect.measured, 'whole');
  const repeated = second.written.filter(id => first.written.includes(id));
  assert.ok(repeated.every(id => first.written.indexOf(id) >= 100));
  assert.equal(new Set([...first.written, ...second.written]).size, facts?.unpinned);
  assert.deepEqual(second.written, second.written.toSorted(), 'oldest first');
  const { verdict } = await world.activities().ipfs.ltcRecords({ since: world.hoursAgo(3) });
  assert.equal(verdict, 'healthy');
});

test('an empty list is nothing to do, and 10,001 entries are refused before any is pinned', async () => {
  const { written, between } = writing(Number.POSITIVE_INFINITY);
  const { ipfs } = world.activities({ between });
  const listOf = (entries: Parameters<typeof batchesOf>[0]) => freeze(world.artifacts, 'entries to pin', batchesOf(entries));
  const none = done(await ipfs.repinFailed({ list: await listOf([]) }, call()));
  assert.match(none.note, /is empty/);
  const entry = { at: since(), operation: 'login', data_hash: 'a', previous_hash: 'b', hash: 'c', ipfs_reference: undefined };
  const many = Array.from({ length: 10_001 }, (_, index) => ({ ...entry, id: `ltc-${index}` }));
  await assert.rejects(ipfs.repinFailed({ list: await listOf(many) }, call()), {
    type: 'Refused',
    message: /Nothing was changed/,
  });
  assert.deepEqual(written, []);
});
