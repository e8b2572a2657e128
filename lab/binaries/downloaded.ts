// The official download, checked against its SHA-256 before anything is done with it.
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { isFullDisk } from '../lab-error.ts';
import type { Binary, Download, Say, Source } from './binary.ts';
import { digestOf, keep } from './cache.ts';
import { saying } from './saying.ts';

const run = promisify(execFile);
/** Milliseconds to an answer; after that we take the network for absent. */
const patience = 4_000;
/** Milliseconds for the whole file. */
const limit = 15 * 60_000;

/** No network, no such file: the next source. */
export const downloaded: Source = async (binary, say) => {
  const download = Object.entries(binary.downloads).find(([platform]) => platform === `${process.platform}-${process.arch}`);
  return download && keep(binary, folder => fetchInto(folder, binary, download[1], say));
};

async function fetchInto(folder: string, binary: Binary, download: Download, say: Say): Promise<string | undefined> {
  const expected = await expectedDigest(download);
  const answer = expected === undefined ? undefined : await get(download.address);
  if (answer?.body === undefined || answer.body === null) return undefined;
  const file = join(folder, 'download');
  const body = Readable.fromWeb(answer.body);
  const what = `Downloading ${binary.name} ${binary.version}`;
  say(`${what} …`);
  const done = await saying(say, what, () => save(body, file));
  if (!done) return undefined;
  if ((await digestOf(file)) === expected) return unpack(folder, file, download.member);
  say(`What came from ${download.address} is not what was published (its SHA-256 differs): it is not used.`);
  return undefined;
}

const save = (body: Readable, file: string) =>
  pipeline(body, createWriteStream(file)).then(
    () => true,
    error => {
      if (isFullDisk(error)) throw error;
      return false;
    },
  );

async function expectedDigest({ address, sha256 }: Download): Promise<string | undefined> {
  if (typeof sha256 === 'string') return sha256;
  const published = await get(sha256.publishedAt).then(answer => answer?.text());
  const lines = (published ?? '').trim().split('\n');
  const line = lines.find(line => line.endsWith(address.split('/').at(-1) ?? '')) ?? lines[0];
  return /^[0-9a-f]{64}/.exec(line ?? '')?.[0];
}

/** The answer when it is a good one and begins soon. */
async function get(address: string): Promise<Response | undefined> {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), patience);
  const signal = AbortSignal.any([impatience.signal, AbortSignal.timeout(limit)]);
  const answer = await fetch(address, { signal }).catch(() => undefined);
  clearTimeout(timer);
  return answer?.ok ? answer : undefined;
}

async function unpack(folder: string, file: string, member: string | undefined): Promise<string> {
  if (member === undefined) return file;
  await run('tar', ['-xzf', file, '-C', folder, member]);
  return join(folder, member);
}
