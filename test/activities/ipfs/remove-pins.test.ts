/** Pins are removed from a reviewed list alone: none under retention, a tenth at most, and each only once a second provider has it. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import type { FrozenList } from '../../../workflows/contract/index.ts';
import { answers } from '../bare.ts';
import { because, done, planned } from '../outcomes.ts';
import { type PinnedWorld, pinnedWorld } from './pinned-world.ts';

let world: PinnedWorld;
before(async () => {
  world = await pinnedWorld();
  world.ltc({});
  await world.pinAll(4);
  for (let count = 0; count < 10; count += 1) await world.kubo.add(`no record refers to ${count}`);
});
after(() => world.stop());

const call = () => ({ key: `${crypto.randomUUID()}/Resolution/Clean up/1` });
const listOf = (items: object[]) => freeze(world.artifacts, 'pins to remove', items);
const pinItem = (cid: string) => ({ cid, at: null });

/** A second provider with one answer about every pin. */
const saying = (status: 'pinned' | 'failed', info: object = {}): Fetch =>
  answers(200, {
    count: 1,
    results: [{ requestid: 'r-1', status, created: '2026-11-24T00:00:00Z', pin: { cid: 'any' }, delegates: [], info }],
  });

async function approved(list: FrozenList, second: Fetch) {
  const { ipfs } = world.activities({ second });
  const { key } = call();
  const { digest } = planned(await ipfs.removePins({ list }, { key, dryRun: true }));
  return () => ipfs.removePins({ list }, { key, approved: digest });
}

test('the check freezes pins that no record needs, a tenth of all at most, and they are removed once they are pinned elsewhere', async () => {
  const { ipfs } = world.activities({ second: saying('pinned') });
  const found = await ipfs.storage({ freeze: 'pins to remove' });
  const all = (await world.kubo.pins()).length;
  const list = found.frozen;
  assert.ok(list && list.count === Math.floor(all / 10) && list.count > 0);
  assert.equal(because(await ipfs.removePins({ list }, call())), 'approval');
  const receipt = done(await (await approved(list, saying('pinned')))());
  assert.equal(receipt.effect.measured, 'whole');
  assert.equal((await world.kubo.pins()).length, all - list.count);
  assert.equal((await ipfs.ltcRecords({ since: world.hoursAgo(3) })).verdict, 'healthy', 'every record still resolves');
});

test('a pin under retention in the list is refused, and nothing is removed', async () => {
  const [entry] = (await world.pinAll(1)).slice(-1);
  const list = await listOf([pinItem(entry?.ipfs_reference ?? '')]);
  const { ipfs } = world.activities({ second: saying('pinned') });
  await assert.rejects(ipfs.removePins({ list }, call()), {
    type: 'Refused',
    message: /1 of the pins are under audit retention.*Nothing was changed/,
  });
  assert.equal(await world.kubo.isPinned(entry?.ipfs_reference ?? ''), true);
});

test('more than a tenth of all pins is refused, 10,001 too, and none is nothing to do', async () => {
  const pins = await world.kubo.pins();
  const { ipfs } = world.activities({ second: saying('pinned'), retentionDays: 1 });
  const fresh = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => world.kubo.add(`fresh ${name}`)));
  const many = await listOf(fresh.map(pinItem));
  await assert.rejects(ipfs.removePins({ list: many }, call()), { type: 'Refused', message: /a tenth of them is the most/ });
  const most = await listOf(Array.from({ length: 10_001 }, (_, index) => pinItem(`bafy${index}`)));
  await assert.rejects(ipfs.removePins({ list: most }, call()), { message: /has 10001 items, and 1000 are the most/ });
  const none = done(await ipfs.removePins({ list: await listOf([]) }, call()));
  assert.match(none.note, /is empty/);
  assert.ok((await world.kubo.pins()).length >= pins.length);
});

const faults: [string, Fetch, RegExp][] = [
  [
    'is full',
    answers(409, { error: { reason: 'INSUFFICIENT_FUNDS', details: 'the plan is used up' } }),
    /INSUFFICIENT_FUNDS: the plan is used up/,
  ],
  [
    'answers 200 with an error inside',
    answers(200, { error: { reason: 'INTERNAL', details: 'no' } }),
    /200 with an error inside: INTERNAL/,
  ],
  ['could not pin it', saying('failed', { status_details: 'no provider of the content' }), /has not pinned|answered/],
];
for (const [what, second, says] of faults)
  test(`nothing is removed where the second provider ${what}`, async () => {
    const cid = await world.kubo.add(`left where it ${what}`);
    const remove = await approved(await listOf([pinItem(cid)]), second);
    await assert.rejects(remove(), { message: says });
    assert.equal(await world.kubo.isPinned(cid), true);
  });

test('without a second provider no pin is removed', async () => {
  const cid = await world.kubo.add('no second provider');
  const list = await listOf([pinItem(cid)]);
  await assert.rejects(world.activities().ipfs.removePins({ list }, call()), {
    message: /second IPFS provider is not connected/,
  });
});
