/** Pins are removed from a reviewed list alone: none under retention, a tenth at most, and each only once a second provider has it. */

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import type { State } from '../../../lab/world/systems.ts';
import type { FrozenList } from '../../../workflows/contract/index.ts';
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
afterEach(() => void Object.assign(world.second.set, { state: 'healthy', lost: false }));

const call = () => ({ key: `${crypto.randomUUID()}/Resolution/Clean up/1` });
const listOf = (items: object[]) => freeze(world.artifacts, 'pins to remove', items);
const pinItem = (cid: string) => ({ cid, at: null });

async function approved(list: FrozenList) {
  const { ipfs } = world.activities();
  const { key } = call();
  const { digest } = planned(await ipfs.removePins({ list }, { key, dryRun: true }));
  return () => ipfs.removePins({ list }, { key, approved: digest });
}

test('the check freezes pins that no record needs, a tenth of all at most, and they are removed once they are pinned elsewhere', async () => {
  const { ipfs } = world.activities();
  const found = await ipfs.storage({ freeze: 'pins to remove' });
  const before = await world.kubo.pins();
  const list = found.frozen;
  assert.ok(list && list.count === Math.floor(before.length / 10) && list.count > 0);
  assert.equal(because(await ipfs.removePins({ list }, call())), 'approval');
  assert.deepEqual(await world.second.pinned(), [], 'nothing is pinned for a plan');
  const receipt = done(await (await approved(list))());
  assert.equal(receipt.effect.measured, 'whole');
  const left = await world.kubo.pins();
  const gone = before.filter(cid => !left.includes(cid));
  assert.equal(gone.length, list.count);
  assert.deepEqual((await world.second.pinned()).toSorted(), gone.toSorted());
  assert.equal((await ipfs.ltcRecords({ since: world.hoursAgo(3) })).verdict, 'healthy', 'every record still resolves');
});

test('a list of one is done once: a second run of it touches neither provider', async () => {
  const cid = await world.kubo.add('the only one');
  const remove = await approved(await listOf([pinItem(cid)]));
  assert.equal(done(await remove()).effect.measured, 'whole');
  const pinned = await world.second.pinned();
  assert.ok(pinned.includes(cid) && !(await world.kubo.isPinned(cid)));
  await remove();
  assert.deepEqual(await world.second.pinned(), pinned);
});

test('a pin under retention in the list is refused, and nothing is removed, also of what is beside it', async () => {
  const [entry] = (await world.pinAll(1)).slice(-1);
  const young = entry?.ipfs_reference ?? '';
  const beside = await world.kubo.add('beside one under retention');
  const list = await listOf([beside, young].map(pinItem));
  await assert.rejects(world.activities().ipfs.removePins({ list }, call()), {
    type: 'Refused',
    message: /1 of the pins are under audit retention.*Nothing was changed/,
  });
  assert.deepEqual([await world.kubo.isPinned(young), await world.kubo.isPinned(beside)], [true, true]);
  assert.ok(!(await world.second.pinned()).includes(beside));
});

test('a pin is under retention however its record spells the reference, and none goes where such a reference is no CID', async () => {
  const cid = await world.kubo.add('a record refers to it in words of its own');
  const [entry] = await world.pinAll(1);
  const list = await listOf([pinItem(cid)]);
  const { ipfs } = world.activities();
  for (const spelled of [`ipfs://${cid}`, `/ipfs/${cid}/`, `https://ipfs.io/ipfs/${cid}`, cid.toUpperCase()]) {
    world.ltc({ references: { [entry?.id ?? '']: spelled } });
    await assert.rejects(ipfs.removePins({ list }, call()), { type: 'Refused', message: /1 of the pins are under audit ret/ });
    const { frozen } = await ipfs.storage({ freeze: 'pins to remove' });
    assert.ok(frozen && !(await world.artifacts.load(frozen.digest))?.includes(cid), spelled);
  }
  world.ltc({ references: { [entry?.id ?? '']: 'pending' } });
  await assert.rejects(ipfs.removePins({ list }, call()), {
    type: 'Refused',
    message: /1 records under audit .* refer to no CID/,
  });
  const { frozen, evidence } = await ipfs.storage({ freeze: 'pins to remove' });
  assert.equal(frozen?.count, 0);
  assert.match(evidence, /No pin is in the list: 1 records/);
  assert.equal(await world.kubo.isPinned(cid), true);
  world.ltc({});
});

test('a record is under retention for 2,555 days: the day before it may not go, the day after it may, where people say so', async () => {
  const [entry] = (await world.pinAll(1)).slice(-1);
  const list = await listOf([pinItem(entry?.ipfs_reference ?? '')]);
  const [before, later] = [2_554, 2_556].map(daysLater => world.activities({ daysLater }).ipfs);
  assert.ok(before && later);
  await assert.rejects(before.removePins({ list }, { ...call(), dryRun: true }), { message: /under audit retention/ });
  const frozen = (await before.storage({ freeze: 'pins to remove' })).frozen;
  assert.doesNotMatch((await world.artifacts.load(frozen?.digest ?? '')) ?? '', /"at":"/, 'pins without a record alone');
  assert.equal(because(await later.removePins({ list }, call())), 'approval');
});

test('a pin that comes under retention after the approval stays, and stops the rest', async () => {
  const cid = await world.kubo.add('a record refers to it by now');
  const behind = await world.kubo.add('behind the one that a record refers to by now');
  const remove = await approved(await listOf([cid, behind].map(pinItem)));
  const [entry] = await world.pinAll(1);
  world.ltc({ references: { [entry?.id ?? '']: cid } });
  await assert.rejects(remove(), { type: 'Refused', message: /under audit retention/ });
  assert.deepEqual([await world.kubo.isPinned(cid), await world.kubo.isPinned(behind)], [true, true]);
  assert.ok(!(await world.second.pinned()).includes(behind));
  world.ltc({});
});

test('more than a tenth of all pins is refused, 10,001 too, and none is nothing to do', async () => {
  const pins = await world.kubo.pins();
  const { ipfs } = world.activities({ retentionDays: 1 });
  const fresh = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => world.kubo.add(`fresh ${name}`)));
  const many = await listOf(fresh.map(pinItem));
  await assert.rejects(ipfs.removePins({ list: many }, call()), { type: 'Refused', message: /a tenth of them is the most/ });
  const most = await listOf(Array.from({ length: 10_001 }, (_, index) => pinItem(`bafy${index}`)));
  await assert.rejects(ipfs.removePins({ list: most }, call()), { message: /has 10001 items, and 1000 are the most/ });
  const none = done(await ipfs.removePins({ list: await listOf([]) }, call()));
  assert.match(none.note, /is empty/);
  assert.ok((await world.kubo.pins()).length >= pins.length);
});

const faults: [string, Partial<{ state: State; lost: boolean }>, RegExp][] = [
  ['is full', { state: 'full' }, /INSUFFICIENT_FUNDS: Unable to process request due to the lack of funds/],
  ['refuses our token', { state: 'unauthorised' }, /UNAUTHORIZED: Access token is missing or invalid/],
  ['is down', { state: 'down' }, /503: INTERNAL_SERVER_ERROR/],
  ['answers 200 with an error inside', { state: 'misreporting' }, /200 with an error inside: INTERNAL_SERVER_ERROR/],
  ['finds no one who provides it', { lost: true }, /has not pinned \S+ \(No provider of the content was found\)/],
];
for (const [what, set, says] of faults)
  test(`nothing is removed where the second provider ${what}`, async () => {
    const cid = await world.kubo.add(`left where it ${what}`);
    const remove = await approved(await listOf([pinItem(cid)]));
    Object.assign(world.second.set, set);
    await assert.rejects(remove(), { message: says });
    assert.equal(await world.kubo.isPinned(cid), true);
  });

test('without a second provider no pin is removed', async () => {
  const cid = await world.kubo.add('no second provider');
  const list = await listOf([pinItem(cid)]);
  await assert.rejects(world.activities({ alone: true }).ipfs.removePins({ list }, call()), {
    message: /second IPFS provider is not connected/,
  });
});
