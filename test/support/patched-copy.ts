/** The product with a mistake in it: a scratch copy that a patch is applied to. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Why there is none; nothing where it is made. */
export function patchedCopy(patch: string, scratch: string, folders: string[]): string | undefined {
  copy(scratch, folders);
  const { status, stdout, stderr } = spawnSync('patch', ['-p1', '--batch', '-i', patch], { cwd: scratch, encoding: 'utf8' });
  return status === 0 ? undefined : `the patch does not apply: ${stdout}${stderr}`;
}

export function copy(scratch: string, folders: string[]) {
  mkdirSync(scratch, { recursive: true });
  for (const folder of folders) cpSync(join(root, folder), join(scratch, folder), { recursive: true });
}
