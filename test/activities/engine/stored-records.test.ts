/** Records of changes outside the cluster: those who write at the same moment lose none, and what cannot be read is no empty answer. */

import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { connectArtifacts } from '../../../activities/connectors/artifacts.ts';
import { storedRecords, storeRecords } from '../../../activities/engine/stored-records.ts';
import type { Target } from '../../../workflows/contract/index.ts';

const target: Target = { system: 'status page', kind: 'Status page', name: 'Quantum computing' };
const write = (records: Record<string, string | null>) => ({ target, uid: 'x', key: 'k', edits: [], records });
const names = Array.from({ length: 20 }, (_, index) => `nqba-runbooks/holder.${index}`);
const store = async () => connectArtifacts({ folder: await mkdtemp(join(tmpdir(), 'nqba-records-')) });

test('incidents that publish on one component at the same moment all keep their records', async () => {
  const artifacts = await store();
  await Promise.all(names.map(name => storeRecords(artifacts, write({ [name]: `of ${name}` }))));
  assert.deepEqual(await storedRecords(artifacts, target), Object.fromEntries(names.map(name => [name, `of ${name}`])));
  await Promise.all(names.slice(1).map(name => storeRecords(artifacts, write({ [name]: null }))));
  assert.deepEqual(Object.keys(await storedRecords(artifacts, target)), names.slice(0, 1));
  assert.deepEqual(await storedRecords(artifacts, { ...target, name: 'API' }), {});
});

test('a record that cannot be read is named, and never counts as none', async () => {
  const artifacts = await store();
  await storeRecords(artifacts, write({ [names[0] ?? '']: 'a record' }));
  const broken = { ...artifacts, read: async (name: string) => (await artifacts.read(name))?.slice(0, 5) };
  await assert.rejects(storedRecords(broken, target), {
    system: 'The artifact store',
    fault: 'garbled',
    message: /held\/[0-9a-f/]+/,
  });
});
