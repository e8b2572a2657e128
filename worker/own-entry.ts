/** The entry that bundles runbooks of one's own with the shipped ones: two small modules, generated beside the cached bundles. */

import { createHash } from 'node:crypto';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readOwnRunbooks } from '../activities/own-runbooks.ts';

const workflows = resolve(import.meta.dirname, '../workflows');

/** Every file that a bundle with this folder depends on. */
export const ownSources = (folder: string) =>
  globSync('**/*.{ts,catalog.json}', { cwd: folder, exclude: path => path === 'node_modules' })
    .toSorted()
    .map(path => resolve(folder, path));

/**
 * `catalog` is loaded once, before any workflow: the entries stand in the catalog when a runbook looks itself up.
 * `workflows` exports the workflows of both. Throws `OwnRunbookError`.
 */
export function ownEntry(folder: string, ours: string, cache: string): { catalog: string[]; workflows: string } {
  const own = readOwnRunbooks(folder);
  const both = resolve(folder) + (ours === join(workflows, 'index.ts') ? '' : ours);
  const into = join(cache, `own-${createHash('sha256').update(both).digest('hex').slice(0, 16)}`);
  mkdirSync(into, { recursive: true });
  const exported = own.map(({ slug, workflow }) => from(resolve(folder, `${slug}.ts`), `{ ${workflow} }`));
  return {
    catalog: [
      written(into, 'catalog.js', [
        `import { addRunbooks } from ${JSON.stringify(join(workflows, 'catalog/index.ts'))};`,
        `addRunbooks(${JSON.stringify(own, undefined, 2)});`,
      ]),
    ],
    workflows: written(into, 'index.js', [from(ours, '*'), ...exported]),
  };
}

const from = (file: string, names: string) => `export ${names} from ${JSON.stringify(file)};`;

function written(folder: string, name: string, lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
