/** More jobs than a check can read: it says so in its own time, however slow the platform is. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { takes } from '../../../workflows/catalog/activities.ts';
import { activitiesWith, virtualClock } from '../bare.ts';

const start = Date.parse('2026-11-24T03:00:00Z');
const record = (index: number) => ({
  job_id: `${index}`,
  status: 'completed',
  operation: 'portfolio',
  priority: 'normal',
  created_at: '2026-11-24T02:59:00Z',
  timeout_seconds: 60,
});

/** Every page is full, and takes so many milliseconds. */
async function jobOwners(late: number) {
  const clock = virtualClock(start);
  let passed = 0;
  const fetch = (request: Request) => {
    passed += late;
    const offset = Number(new URL(request.url).searchParams.get('offset'));
    return Response.json(Array.from({ length: 100 }, (_, index) => record(offset + index)));
  };
  const slow = { ...clock, now: () => clock.now() + passed };
  const { quantum } = activitiesWith({ api: { url: 'http://api', fetch } }, slow);
  const { verdict, evidence } = await quantum.jobOwners({ of: 'failed', before: '2026-11-24T03:00:00Z' });
  return { verdict, evidence, passed };
}

test('a hundred pages of a quarter of a second are read, and there are too many to count', async () => {
  const { verdict, evidence } = await jobOwners(250);
  assert.deepEqual([verdict, /^More than 10000 jobs came in since .*: too many to count\.$/.test(evidence)], ['unknown', true]);
  assert.equal(takes('jobOwners'), 'long look');
});

test('a platform that takes nine seconds for a page is asked no longer than the check has', async () => {
  const { verdict, evidence, passed } = await jobOwners(9_000);
  assert.deepEqual([verdict, /^More than \d+00 jobs came in since .*: too many to count\.$/.test(evidence)], ['unknown', true]);
  assert.ok(passed <= 170_000, `${passed} ms`);
});
