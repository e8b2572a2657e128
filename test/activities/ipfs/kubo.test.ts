/** A real Kubo: what is added is pinned and read again, what is unpinned is not pinned, and what it refuses is named. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKubo } from '../../../activities/connectors/kubo.ts';
import type { KuboConfig } from '../../../activities/connectors/kubo.ts';
import { binary } from '../../../lab/binaries.ts';
import { type Kubo, startKubo } from '../../../lab/peers/kubo.ts';
import { freePorts } from '../../../lab/ports.ts';
import { answers } from '../bare.ts';

const clock = { now: Date.now, sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, { signal }) };
const credentials = 'nqba:not-in-clear';
const project = { id: 'nqba', secret: 'not-in-clear' };
/** Of the right form, and of no content that anyone has. */
const nowhere = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const dir = mkdtempSync(join(tmpdir(), 'nqba-kubo-'));

let node: Kubo;
before(async () => {
  const [port = 0, gateway = 0] = await freePorts(2);
  const path = await binary('ipfs', { say: line => process.stderr.write(`${line}\n`) });
  node = await startKubo({ dir, port, gateway, binary: path, credentials, most: '5MB', say: () => undefined });
});
after(async () => {
  await node.stop();
  rmSync(dir, { recursive: true, force: true });
});

const kubo = (more: Partial<KuboConfig> = {}) =>
  connectKubo({ url: node.url, project, ...more }, { ...clock, fetch: globalThis.fetch });
const answering = (status: number, body: string) =>
  connectKubo({ url: 'http://kubo' }, { ...clock, fetch: answers(status, body) });

describe('a Kubo of its own', () => {
  test('what is added is pinned, listed and read, also through the gateway; and once only', async () => {
    const cid = await kubo().add('the first record');
    assert.equal(await kubo().add('the first record'), cid);
    assert.deepEqual([await kubo().isPinned(cid), (await kubo().pins()).filter(one => one === cid)], [true, [cid]]);
    assert.equal(await kubo().cat(cid), 'the first record');
    assert.equal(await kubo().through(node.gateway, cid), 'the first record');
    assert.equal(await kubo().size(cid), 16);
  });

  test('what is unpinned is not pinned any more, twice is no fault, and it can be pinned again', async () => {
    const cid = await kubo().add('the second record');
    await kubo().unpin(cid);
    await kubo().unpin(cid);
    assert.equal(await kubo().isPinned(cid), false);
    await kubo().pin(cid);
    assert.equal(await kubo().isPinned(cid), true);
  });

  test('its storage is what it uses of the most it may', async () => {
    const { used, most } = await kubo().storage();
    assert.ok(used > 0 && most === 5_000_000);
  });

  test('what resolves nowhere is nothing, and cannot be pinned; what is no CID resolves nowhere', async () => {
    assert.deepEqual([await kubo().cat(nowhere), await kubo().through(node.gateway, nowhere)], [undefined, undefined]);
    assert.deepEqual([await kubo().cat('no cid'), await kubo().isPinned('no cid')], [undefined, false]);
    await assert.rejects(kubo().pin(nowhere), { status: 500, message: /IPFS answered 500: .*could not find/ });
  });

  test('it lets in with the credentials encoded, and with others refuses', async () => {
    assert.equal(await kubo().signIn(), 200);
    assert.equal(await kubo({ project: { id: 'nqba', secret: 'another' } }).signIn(), 403);
    await assert.rejects(kubo({ project: undefined }).id(), { status: 403 });
    assert.match((await kubo().id()).agent, /^kubo\//);
  });

  test('a node that runs offline says so when its peers are counted', () =>
    assert.rejects(kubo().peers(), { message: /must be run in online mode/ }));
});

describe('answers that no one expects', () => {
  const error = JSON.stringify({ Message: 'datastore is closed', Code: 0, Type: 'error' });
  test('200 with an error inside is a fault, also after good lines', async () => {
    const cut = `${JSON.stringify({ Cid: nowhere, Type: 'recursive' })}\n${error}\n`;
    await assert.rejects(answering(200, cut).pins(), {
      fault: 'garbled',
      message: /200 with an error inside: datastore is closed/,
    });
    await assert.rejects(answering(200, error).add('x'), { fault: 'garbled', message: /error inside/ });
  });
  test('a web page is no pinning API', async () => {
    await assert.rejects(answering(200, '<html>welcome</html>').id(), { fault: 'garbled' });
    await assert.rejects(answering(404, '404 page not found').id(), { status: 404 });
  });
});
