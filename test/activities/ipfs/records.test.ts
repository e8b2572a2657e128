/** The LTC against a real Kubo: what is not pinned is pinned again, what does not verify is named and never repaired. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { done } from '../outcomes.ts';
import { type PinnedWorld, pinnedWorld } from './pinned-world.ts';

let world: PinnedWorld;
before(async () => {
  world = await pinnedWorld();
});
after(() => world.stop());

const since = () => world.hoursAgo(2);

test('a chain that is whole and pinned is healthy; test pins come back through two gateways', async () => {
  world.ltc({});
  const entries = await world.pinAll(3);
  const { ipfs } = world.activities({ gateways: [world.gateway, world.gateway] });
  const { verdict, facts } = await ipfs.ltcRecords({ since: since() });
  assert.equal(verdict, 'healthy');
  assert.ok((facts?.entries ?? 0) >= 12 && (facts?.entries ?? 0) < entries.length);
  const before = (await world.kubo.pins()).length;
  const tested = await ipfs.testPin({ target: 'primary' });
  assert.deepEqual([tested.verdict, tested.facts], ['healthy', { gateways: 2 }]);
  assert.equal((await world.kubo.pins()).length, before, 'a test pin is unpinned');
});

test('a test pin that a gateway does not give back is faulty', async () => {
  const { ipfs } = world.activities({ gateways: [world.gateway, 'http://127.0.0.1:9'] });
  const { verdict, evidence } = await ipfs.testPin({ target: 'primary' });
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /gives the same back, http:\/\/127\.0\.0\.1:9 failed/);
});

test('entries without a reference are frozen, pinned from their own record, and refer to it; twice equals once', async () => {
  world.ltc({ unpinnedFrom: Date.now() - 3_600_000 });
  const { ipfs } = world.activities();
  const found = await ipfs.ltcRecords({ since: since(), freeze: 'entries to pin' });
  assert.equal(found.verdict, 'faulty');
  assert.ok((found.facts?.unpinned ?? 0) >= 6 && found.frozen?.count === 1);
  const call = { key: 'repin/Recovery/Repin/1' };
  const receipt = done(await ipfs.repinFailed({ list: found.frozen }, call));
  assert.deepEqual([receipt.effect.measured, (await ipfs.ltcRecords({ since: since() })).verdict], ['whole', 'healthy']);
  assert.equal(done(await ipfs.repinFailed({ list: found.frozen }, call)).effect.measured, 'whole');
});

test('an entry that somebody has changed breaks the chain: it is named, and in no list', async () => {
  world.ltc({});
  const entries = await world.pinAll(2);
  const changed = entries.at(-3)?.id ?? '';
  world.ltc({ changed: [changed], unpinnedFrom: Date.now() - 3_600_000 });
  const { ipfs } = world.activities();
  const { verdict, evidence, facts, frozen } = await ipfs.ltcRecords({ since: since(), freeze: 'entries to pin' });
  assert.deepEqual([verdict, facts?.mismatches], ['faulty', 1]);
  assert.match(evidence, new RegExp(`1 do not verify \\(${changed}\\), which no machine repairs`));
  const body = await world.artifacts.load(frozen?.digest ?? '');
  assert.doesNotMatch(body ?? '', new RegExp(changed));
});

test('pinned content of another entry is a mismatch, and a CID that resolves nowhere is not', async () => {
  world.ltc({});
  const entries = await world.pinAll(2);
  const [one, other] = [entries.at(-1), entries.at(-2)];
  const nowhere = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
  world.ltc({ references: { [one?.id ?? '']: other?.ipfs_reference ?? '', [other?.id ?? '']: nowhere } });
  const { facts } = await world.activities().ipfs.ltcRecords({ since: since() });
  assert.deepEqual([facts?.mismatches, facts?.unresolved], [1, 1]);
});

test('what resolves nowhere and is another than its record is left as it is, and named', async () => {
  world.ltc({});
  const [entry] = (await world.pinAll(1)).slice(-1);
  assert.ok(entry);
  const nowhere = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
  world.ltc({ references: { [entry.id]: nowhere } });
  const list = await freeze(world.artifacts, 'entries to pin', [{ entries: [{ ...entry, ipfs_reference: nowhere }] }]);
  const { effect } = done(await world.activities().ipfs.repinFailed({ list }, { key: 'left/Recovery/Repin/1' }));
  assert.equal(effect.measured, 'none');
  assert.match(effect.text, new RegExp(`${entry.id} cannot be made again`));
});
