/** The practice platform's records in a real Kubo: pinned as the platform pins them, and provided to whoever asks. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKubo } from '../../../activities/connectors/kubo.ts';
import { binary } from '../../../lab/binaries.ts';
import { type Kubo, startKubo } from '../../../lab/peers/kubo.ts';
import { freePorts } from '../../../lab/ports.ts';
import { entriesOf } from '../../../lab/stand-ins/platform/ltc.ts';
import { customersOn } from '../../../lab/world/customers.ts';
import { keepPinned, networkOf } from '../../../lab/world/ipfs.ts';
import { eventually } from '../../support/eventually.ts';

const dir = mkdtempSync(join(tmpdir(), 'nqba-ipfs-world-'));
const anHour = 3_600_000;
const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };

let node: Kubo;
before(async () => {
  const [port = 0, gateway = 0] = await freePorts(2);
  const path = await binary('ipfs', { say: line => process.stderr.write(`${line}\n`) });
  node = await startKubo({ dir, port, gateway, binary: path, say: () => undefined });
});
after(async () => {
  await node.stop();
  rmSync(dir, { recursive: true, force: true });
});

const kubo = () =>
  connectKubo(
    { url: node.url },
    { now: Date.now, sleep: (ms, signal) => pause(ms, undefined, { signal }), fetch: globalThis.fetch },
  );

test('entries that refer to their content are pinned, and those that come later; a leftover that was removed stays removed', async () => {
  let now = Date.now();
  const customers = customersOn(memory, now);
  customers.change({ ltc: { ...customers.read().ltc, unpinnedFrom: now - anHour } });
  const referred = () => entriesOf(customers.read().ltc, now).flatMap(({ ipfs_reference: cid }) => cid ?? []);
  const own = await kubo().pins();
  const first = await keepPinned(node.url, customers, () => now);
  const pins = (await kubo().pins()).filter(cid => !own.includes(cid));
  assert.deepEqual([pins.length, referred().filter(cid => !pins.includes(cid))], [referred().length + 20, []]);
  customers.change({ ltc: { ...customers.read().ltc, unpinnedUntil: now } });
  now += anHour;
  await eventually(async () => assert.equal((await kubo().pins()).length, own.length + referred().length + 20));
  await first.stop();
  const [leftover = ''] = pins.filter(cid => !referred().includes(cid));
  await kubo().unpin(leftover);
  const second = await keepPinned(node.url, customers, () => now);
  assert.equal(await kubo().isPinned(leftover), false);
  await second.stop();
});

test('the network provides what is in it, at once, and nothing else', async () => {
  const cid = await kubo().add('in it');
  const nowhere = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
  const network = networkOf(node.url);
  assert.deepEqual([await network.provides(cid), await network.provides(nowhere)], [true, false]);
  assert.equal(await networkOf('http://127.0.0.1:9').provides(cid), false);
});
