/** Values in the files of a folder: as they are, and in base64 wherever they begin there. */

import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes before a value shift what becomes of it: three ways, without the characters that its neighbours have a part in. */
function inBase64(value: string): string[] {
  return [0, 1, 2].map(before => {
    const bytes = before + Buffer.byteLength(value);
    const encoded = Buffer.from(`${' '.repeat(before)}${value}`).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor((bytes * 8) / 6));
  });
}

/** `name in file`, for each value by its name. @param except folders and files that are not looked into */
export function foundIn(folder: string, values: Readonly<Record<string, string>>, except: readonly string[] = []): string[] {
  const forms = Object.entries(values).flatMap(([name, value]) => [value, ...inBase64(value)].map(form => ({ name, form })));
  const files = globSync('**/*', { cwd: folder, exclude: [...except] }).filter(file => statSync(join(folder, file)).isFile());
  const found = files.flatMap(file => {
    const bytes = readFileSync(join(folder, file));
    return forms.filter(({ form }) => bytes.includes(form)).map(({ name }) => `${name} in ${file}`);
  });
  return [...new Set(found)];
}
