/** Servers that a system's own packages bring: used where they are installed, and never fetched. */

import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps the programs of PostgreSQL apart, by version; the newest counts. */
const apart = '/usr/lib/postgresql/*/bin';

/** Its path; nothing where it is not installed. */
export function installed(program: string): string | undefined {
  const versions = globSync(apart).sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/sbin', ...versions];
  return folders.map(folder => join(folder, program)).find(runs);
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
