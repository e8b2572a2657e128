/** What people read of the variables is what the code reads. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { secretVariables, systemVariables } from '../../activities/connectors/index.ts';
import { proxyVariables } from '../../activities/connectors/proxy.ts';
import { documents, envExample, groups } from '../../worker/variables.ts';

test('.env.example and the table of variables equal what the systems say', () => {
  for (const [file, content] of documents())
    assert.equal(readFileSync(file, 'utf8'), content, `${file} is not what the code says: node worker/variables.ts`);
});

test('every variable that the code reads is listed once, and no other', () => {
  const listed = groups().flatMap(({ variables }) => variables.map(({ name }) => name));
  const sources = [...globSync('client/**/*.ts'), 'worker/config.ts'].map(file => readFileSync(file, 'utf8')).join('\n');
  const asked = sources.matchAll(/\b(?:value|needed|secret)\(\w+(?:\.\w+)?, '([A-Z][A-Z0-9_]+)'/g);
  const declared = sources.matchAll(/^ {2}([A-Z][A-Z0-9_]+): (?:text|url|z\.)/gm);
  const ofPaths = sources.matchAll(/^ {2}'\/\w+': '([A-Z_]+)',$/gm);
  const routed = readFileSync('platform.json', 'utf8').matchAll(/"pagerduty": "([A-Z0-9_]+)"/g);
  const ofSystems = [...systemVariables().map(([name]) => name), ...proxyVariables];
  const read = new Set([...[...asked, ...declared, ...ofPaths, ...routed].map(([, name = '']) => name), ...ofSystems]);
  assert.deepEqual(listed.filter(name => !name.startsWith('TEMPORAL_')).toSorted(), [...read].toSorted());
  assert.equal(new Set(listed).size, listed.length);
});

test('a secret is marked as one, with the file it may lie in', () => {
  for (const name of secretVariables())
    assert.match(envExample(), new RegExp(`^(# )?${name}=.*\\(secret: also ${name}_FILE\\)$`, 'm'));
});
