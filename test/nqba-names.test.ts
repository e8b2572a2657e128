/** The names of the one platform that is shipped as an example stand in its description, and in nothing that others use too. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nqba } from './support/nqba.ts';

/** `API` and `monitoring` are words, and the hold is called as the product is. */
const isName = (text: string) => /[^A-Za-z]/.test(text);

async function names(): Promise<string[]> {
  const { cluster, namespaces, workloads, configMaps, quantum, statusPage, channels } = await nqba();
  const { key, solvers } = quantum;
  const all = [
    cluster,
    ...Object.values(namespaces),
    ...Object.values(workloads).flatMap(({ name, selector }) => [name, ...Object.values(selector)]),
    ...Object.values(configMaps).map(({ name }) => name),
    key.secret,
    key.key,
    key.env,
    ...key.rotation,
    ...Object.values(solvers),
    ...Object.values(statusPage.components).map(({ name }) => name),
    ...Object.values(channels),
  ];
  return [...new Set(all)].filter(isName);
}

const sources = globSync(['activities/**/*.ts', 'client/**/*.ts', 'worker/**/*.ts', 'workflows/**/*.ts']).filter(
  file => !/^workflows\/(catalog|runbooks)\//.test(file),
);

test('no name of NQBA stands in code that every platform shares', async () => {
  const wanted = await names();
  assert.ok(wanted.length > 12 && sources.length > 300);
  const found = sources.flatMap(file => {
    const text = readFileSync(file, 'utf8');
    return wanted.filter(name => text.includes(name) && !isPartOfAWord(text, name)).map(name => `${file}: ${name}`);
  });
  assert.deepEqual(found, []);
});

/** Every time that it occurs, letters or digits go on. */
const isPartOfAWord = (text: string, name: string) =>
  text.split(name).every((before, index, parts) => {
    const after = parts[index + 1];
    return after === undefined || /[A-Za-z0-9_]$/.test(before) || /^[A-Za-z0-9_]/.test(after);
  });
