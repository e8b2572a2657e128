// Histories of real servers are replayed with the code of today.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { z } from 'zod';
import { workflowBundle } from '../../worker/bundle.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const folder = new URL('../histories/', import.meta.url).pathname;
const files = globSync('*.json', { cwd: folder }).sort();
const textOf = (file: string) => readFileSync(`${folder}${file}`, 'utf8');

const recorded = z.looseObject({ events: z.array(z.looseObject({ eventId: z.string(), eventType: z.string() })) });
const eventsOf = (file: string) => recorded.parse(JSON.parse(textOf(file))).events;

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

  test(`in ${file} the first activity is scheduled by event 6`, () => {
    const { eventId } = eventsOf(file).find(({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED') ?? {};
    assert.equal(Number(eventId) <= 6, true, `event ${eventId}`);
  });

  test(`${file} with another activity type in it is a violation`, async () => {
    const other = textOf(file).replace('"name": "setFallback"', '"name": "setFallforward"');
    assert.notEqual(other, textOf(file));
    await assert.rejects(replay(other), DeterminismViolationError);
  });
}
