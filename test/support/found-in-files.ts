/** Values in the files of a folder, in all forms in which a program could have written them down. */

import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Canaries, found } from './canaries.ts';

/** `name in file`, for each value by its name. @param except folders and files that are not looked into */
export function foundIn(folder: string, values: Canaries, except: readonly string[] = []): string[] {
  const files = globSync('**/*', { cwd: folder, exclude: [...except] }).filter(file => statSync(join(folder, file)).isFile());
  return files.flatMap(file => found(values, [{ name: file, pieces: [readFileSync(join(folder, file))] }]));
}
