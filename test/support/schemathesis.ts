/** Schemathesis, which makes requests of an OpenAPI document: installed, or from PyPI into the cache. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { installed } from '../../lab/peers/installed.ts';

const run = promisify(execFile);
const version = '4.32.5';

/** Path of the program; nothing where it cannot be had. */
export async function schemathesis(): Promise<string | undefined> {
  const [present, folder] = [installed('schemathesis'), join(cacheFolder(), `schemathesis-${version}`)];
  const program = join(folder, 'bin', 'schemathesis');
  if (present || existsSync(program)) return present ?? program;
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${version}`]);
    return program;
  } catch {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}
