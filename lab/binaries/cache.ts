// Where fetched and built binaries are kept, each with its digest beside it: what does not match is never run.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { LabError, orFullDisk, reason } from '../lab-error.ts';
import type { Binary, Say, Source } from './binary.ts';
import { saying } from './saying.ts';

export const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nqba-runbooks');

export const cachePath = ({ name, version }: Binary) =>
  join(cacheFolder(), `${name}-${version}-${process.platform}-${process.arch}`);

/** SHA-256 of a file, hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** What we kept, if it is still what we kept. */
export const cached: Source = async (binary, say) => {
  const path = cachePath(binary);
  const kept = await readFile(`${path}.sha256`, 'utf8').catch(() => undefined);
  if (kept === undefined) return undefined;
  const now = await digestOf(path).catch(error => reason(error));
  if (now === kept.trim()) return path;
  say(`The copy of ${binary.name} in ${dirname(path)} is damaged (its digest has changed): it is thrown away and fetched again.`);
  await rm(`${path}.sha256`);
  return undefined;
};

/** Lets `make` put the binary at a path of its own, then moves it into the cache; answers undefined when it made none. */
export async function keep(binary: Binary, make: (folder: string) => Promise<string | undefined>) {
  const path = cachePath(binary);
  await workable(dirname(path));
  await sweep(path);
  const folder = await mkdtemp(`${path}-`);
  try {
    const made = await make(folder);
    if (made === undefined) return undefined;
    await chmod(made, 0o755);
    await writeFile(join(folder, 'sha256'), `${await digestOf(made)}\n`);
    await rename(made, path);
    await rename(join(folder, 'sha256'), `${path}.sha256`);
    return path;
  } catch (error) {
    return orFullDisk(error, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws away what a start that was interrupted has left half-made; whoever makes one holds its lock. */
async function sweep(path: string) {
  const entries = await readdir(dirname(path));
  const halves = entries.filter(entry => entry.startsWith(`${basename(path)}-`));
  await Promise.all(halves.map(half => rm(join(dirname(path), half), { recursive: true, force: true })));
}

/** Two starts at once build once: the second waits, and finds what the first has kept. */
export async function oneAtATime<T>(binary: Binary, say: Say, work: () => Promise<T>): Promise<T> {
  const lock = `${cachePath(binary)}.lock`;
  await workable(dirname(lock));
  await saying(say, `Waiting for another start that fetches ${binary.name}`, async () => {
    while (!(await take(lock))) await pause(500);
  });
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (reason(error) !== 'EEXIST') return orFullDisk(error, dirname(lock));
    const holder = Number(await readFile(lock, 'utf8').catch(() => process.pid));
    if (!lives(holder)) await rm(lock, { force: true });
    return false;
  }
}

/** A lock that was taken and not yet signed reads as 0: someone lives. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return reason(error) === 'EPERM';
  }
}

async function workable(folder: string) {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (reason(error) === 'ENOSPC') orFullDisk(error, folder);
    throw new LabError(
      `The cache ${folder} cannot be used (${reason(error)}): make it a folder you can write, or set XDG_CACHE_HOME.`,
    );
  }
}
