/** Programs of Debian's packages, for tests that ask the real thing: unpacked into the cache, nothing is installed. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { installed } from '../../lab/peers/installed.ts';

const run = promisify(execFile);

/** Path of a program; nothing where it is not installed and no such package can be had. */
export async function debianProgram(packageName: string, program: string): Promise<string | undefined> {
  const present = installed(program);
  if (present) return present;
  const kept = join(cacheFolder(), 'debian', packageName);
  const inPackage = ['usr/bin', 'usr/sbin'].map(folder => join(kept, folder, program));
  const found = inPackage.find(existsSync);
  if (found) return found;
  const unpacked = await unpack(packageName, kept).then(
    () => true,
    () => false,
  );
  return unpacked ? inPackage.find(existsSync) : undefined;
}

/** Whoever else unpacks it meanwhile has made the same. */
async function unpack(packageName: string, kept: string) {
  await mkdir(join(kept, '..'), { recursive: true });
  const folder = await mkdtemp(`${kept}-`);
  try {
    const download = () => run('apt-get', ['download', packageName], { cwd: folder });
    await download().catch(async () => {
      await run('apt-get', ['update']);
      await download();
    });
    const [archive = ''] = (await readdir(folder)).filter(name => name.endsWith('.deb'));
    await run('dpkg', ['-x', join(folder, archive), join(folder, 'root')]);
    await rename(join(folder, 'root'), kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
