/** A scratch copy of the product with a planted mistake in it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../patched-copy.ts';
import type { Edit, Planted } from './planted.ts';

/** Why a mistake cannot be planted in a folder that holds the product; nothing when it can. */
export const misfit = (bug: Planted, folder = root): string | undefined =>
  bug.map(edit => misfitOf(edit, folder)).find(why => why !== undefined);

export function plant(bug: Planted, folder: string) {
  for (const edit of bug) {
    const path = join(folder, edit.file);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(patternOf(edit), () => edit.becomes),
    );
  }
}

function misfitOf(edit: Edit, folder: string): string | undefined {
  const times = readFileSync(join(folder, edit.file), 'utf8').split(patternOf(edit)).length - 1;
  return times === 1 ? undefined : `${edit.file} has ${times} times: ${edit.code}`;
}

/** Code may be formatted otherwise. */
const patternOf = ({ code }: Edit) => new RegExp(code.split(/\s+/).map(escaped).join('\\s+'));
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
