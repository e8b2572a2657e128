/** Artifacts are whole or absent, and lie where their names say. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { connectArtifacts, sha256 } from '../../../activities/connectors/artifacts.ts';

const folder = () => mkdtemp(join(tmpdir(), 'nqba-artifacts-'));

test('a body is found under its digest, and twice is once', async () => {
  const at = await folder();
  const artifacts = connectArtifacts({ folder: at });
  const digest = await artifacts.save('the body');
  assert.equal(digest, sha256('the body'));
  assert.equal(await artifacts.save('the body'), digest);
  assert.equal(await artifacts.load(digest), 'the body');
  assert.deepEqual(await readdir(join(at, 'bodies', digest.slice(0, 2))), [digest]);
});

test('a record is replaced whole, also by many at once', async () => {
  const at = await folder();
  const artifacts = connectArtifacts({ folder: at });
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(texts.map(text => artifacts.write('seen/one', text)));
  assert.ok(texts.includes((await artifacts.read('seen/one')) ?? ''));
  assert.deepEqual(await readdir(join(at, 'seen')), ['one']);
});

test('records of a folder are named, without what is still being written, and each can be removed', async () => {
  const at = await folder();
  const artifacts = connectArtifacts({ folder: at });
  assert.deepEqual(await artifacts.names('seen'), []);
  await Promise.all(['one', 'two', 'deeper/three'].map(name => artifacts.write(`seen/${name}`, name)));
  await writeFile(join(at, 'seen', 'four.0b7e'), 'fo');
  assert.deepEqual((await artifacts.names('seen')).toSorted(), ['seen/one', 'seen/two']);
  for (const _ of ['once', 'twice']) await artifacts.remove('seen/one');
  assert.deepEqual(await artifacts.names('seen'), ['seen/two']);
});

test('what is not there is nothing, and no name leads out of the folder', async () => {
  const artifacts = connectArtifacts({ folder: await folder() });
  assert.equal(await artifacts.read('seen/none'), undefined);
  for (const name of ['../out', '/etc/passwd', 'a//b', 'A b', '']) await assert.rejects(artifacts.read(name), /cannot be called/);
});

test('a folder that cannot be written says so', async () => {
  const artifacts = connectArtifacts({ folder: '/dev/null/folder' });
  await assert.rejects(artifacts.write('seen/one', 'x'), { system: 'The artifact store', fault: 'unreachable' });
});
