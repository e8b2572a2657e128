// Histories of real servers are replayed with the code of today.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundle } from '../../worker/bundle.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const folder = new URL('../histories/', import.meta.url).pathname;
const files = globSync('*.json', { cwd: folder }).sort();
const textOf = (file: string) => readFileSync(`${folder}${file}`, 'utf8');

async function replay(text: string) {
  const { code } = await workflowBundle();
  await Worker.runReplayHistory({ workflowBundle: { code } }, JSON.parse(text));
}

test('there is a history to replay', () => {
  assert.equal(files.length > 0, true);
});

for (const file of files) {
  test(`${file} is replayed command by command`, async () => {
    await replay(textOf(file));
  });

  test(`${file} with another activity type in it is a violation`, async () => {
    const other = textOf(file).replace('"name": "setFallback"', '"name": "setFallforward"');
    assert.notEqual(other, textOf(file));
    await assert.rejects(replay(other), DeterminismViolationError);
  });
}
