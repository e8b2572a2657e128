// What we run is what was published or built, wherever it comes from, and whoever else fetches it at the same time.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { Binary } from '../../lab/binaries/binary.ts';
import { cached, cachePath, digestOf, keep, oneAtATime } from '../../lab/binaries/cache.ts';
import { obtain } from '../../lab/binaries.ts';
import { LabError } from '../../lab/lab-error.ts';

const dir = await mkdtemp(join(tmpdir(), 'nqba-binaries-'));
after(() => rm(dir, { recursive: true, force: true }));

const etcd: Binary = {
  name: 'etcd',
  version: '3.6.4',
  installed: { from: '3.5.0', below: '3.7.0' },
  downloads: {},
  advice: 'install etcd',
};

const lines: string[] = [];
const say = (line: string) => lines.push(line);
const path = process.env.PATH;
let round = 0;

beforeEach(() => {
  lines.length = 0;
  round += 1;
  process.env.XDG_CACHE_HOME = join(dir, `cache-${round}`);
  process.env.PATH = '/usr/bin:/bin';
  delete process.env.KUBEBUILDER_ASSETS;
});
after(() => {
  process.env.PATH = path;
});

/** A program that only knows its version. */
async function program(folder: string, version: string) {
  const file = join(dir, folder, 'etcd');
  await mkdir(join(dir, folder), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho "etcd Version: ${version}"\n`);
  await chmod(file, 0o755);
  return file;
}

const made = (content: string) => async (folder: string) => {
  await writeFile(join(folder, 'made'), content);
  return join(folder, 'made');
};

const sentence = (words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LabError, String(error));
  assert.match(error.message, words);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

test('a binary on PATH is used only in a version that we know to work', async () => {
  const old = await program('old', '3.4.9');
  const good = await program('good', '3.6.11');
  process.env.PATH = `${join(old, '..')}:${join(good, '..')}:/bin`;
  assert.equal(await obtain(etcd, say), good);
});

test('KUBEBUILDER_ASSETS comes before PATH', async () => {
  process.env.KUBEBUILDER_ASSETS = join(await program('assets', '3.6.0'), '..');
  process.env.PATH = `${join(await program('good', '3.6.11'), '..')}:/bin`;
  assert.equal(await obtain(etcd, say), join(dir, 'assets', 'etcd'));
});

test('what the cache holds is used as long as its digest is the one that was kept', async () => {
  await keep(etcd, made('real'));
  assert.equal(await obtain(etcd, say), cachePath(etcd));
  assert.deepEqual(lines, []);
});

test('a damaged file in the cache is noticed, never run, and fetched again', async () => {
  await keep(etcd, made('real'));
  await writeFile(cachePath(etcd), 'reaL');
  assert.equal(await cached(etcd, say), undefined);
  assert.match(lines.join(), /damaged/);
  await keep(etcd, made('real'));
  assert.equal(await readFile((await cached(etcd, say)) ?? '', 'utf8'), 'real');
});

test('a file in the cache without its digest was never finished, and is not run', async () => {
  await keep(etcd, made('real'));
  await rm(`${cachePath(etcd)}.sha256`);
  assert.equal(await cached(etcd, say), undefined);
});

test('where nothing can be downloaded or built, one sentence says what to install', async () => {
  await assert.rejects(
    obtain(etcd, say),
    sentence(/etcd is not installed and could not be .*: install etcd, then start again\.$/),
  );
});

test('a cache that is no folder is one sentence', async () => {
  await writeFile(process.env.XDG_CACHE_HOME ?? '', 'a file');
  await assert.rejects(obtain(etcd, say), sentence(/The cache .* cannot be used/));
});

test('a full disk is one sentence, and leaves nothing half-made behind', async () => {
  await assert.rejects(
    keep(etcd, () => writeFile('/dev/full', 'more than fits').then(() => undefined)),
    sentence(/The disk is full/),
  );
  assert.deepEqual(await readdir(join(cachePath(etcd), '..')), []);
});

test('of two starts at the same time one builds, and the other finds what it built', async () => {
  let built = 0;
  const start = () =>
    oneAtATime(etcd, say, async () => {
      const there = await cached(etcd, say);
      if (there !== undefined) return there;
      built += 1;
      return keep(etcd, made('real'));
    });
  assert.deepEqual(await Promise.all([start(), start()]), [cachePath(etcd), cachePath(etcd)]);
  assert.equal(built, 1);
});

test('a start that was killed while it built does not lock out the next one', async () => {
  const lock = `${cachePath(etcd)}.lock`;
  await mkdir(join(lock, '..'), { recursive: true });
  await writeFile(lock, '999999999');
  assert.equal(await oneAtATime(etcd, say, async () => 'done'), 'done');
});

/** Serves one file and the digest that is published for it. */
async function release(content: string, digest: string) {
  const server = createServer((request, response) =>
    response.end(request.url === '/etcd' ? content : `${digest}  etcd\n${'0'.repeat(64)}  other\n`),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const host = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const download = { address: `${host}/etcd`, sha256: { publishedAt: `${host}/SHA256SUMS` } };
  const binary: Binary = { ...etcd, downloads: { [`${process.platform}-${process.arch}`]: download } };
  return { binary, close: () => server.close() };
}

test('a download is used when it is what was published', async () => {
  const file = join(dir, 'published');
  await writeFile(file, 'etcd itself');
  const { binary, close } = await release('etcd itself', await digestOf(file));
  assert.equal(await readFile(await obtain(binary, say), 'utf8'), 'etcd itself');
  close();
});

test('a download that is not what was published is not used, and said so', async () => {
  const { binary, close } = await release('a log-in page of the hotel', 'f'.repeat(64));
  await assert.rejects(obtain(binary, say), sentence(/could not be downloaded/));
  assert.match(lines.join('\n'), /is not what was published/);
  close();
});
