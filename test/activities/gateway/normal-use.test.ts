/** A limit below normal use: a reviewed one is refused, half of one waits for people, and where normal use is not known they are asked. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { because, done, planned } from '../outcomes.ts';
import { incident, limitOf, limits, low, platform } from './api-incident.ts';
import { type Between, straight } from './before-platform-api.ts';
import { noon } from './platform-api.ts';

/** Of ten customers the busiest has more calls of low priority a minute than this, on each day before. */
const few = (perMinute: number) => ({
  ...platform,
  gateway: { ...platform.gateway, limits: { ...limits, [low]: { perMinute, burst: 1 } } },
});
const apart = (until: string) => Date.parse(until) < noon - 3_600_000;

test('a reviewed limit below the p99 of normal use is refused with the lowest that is not, and nothing changes; one that is looser is not', async () => {
  const { limit, set, inForce } = incident('abuse', straight, few(3));
  for (const given of [{}, { dryRun: true }, { approved: 'whatever' }])
    await assert.rejects(limit('reviewed', given), ({ type, message }: Error & { type: string }) => {
      const [, p99 = '', lowest = ''] =
        /class:low-priority: 3 calls a minute is below the p99 of normal use, ([\d.]+) a minute in the last 7 days\. The lowest limit that leaves it alone is (\d+) a minute\. Nothing was changed/.exec(
          message,
        ) ?? assert.fail(message);
      assert.equal(Number(lowest), Math.ceil(Number(p99)));
      return type === 'Refused';
    });
  assert.deepEqual(await inForce(), {});
  await set(low, limitOf(1));
  const { digest, consequences } = planned(await limit('reviewed'));
  assert.match(consequences.join(' '), /3 calls a minute is below the p99 of normal use/);
  done(await limit('reviewed', { approved: digest }));
  assert.equal((await inForce())[low]?.per_minute, 3);
});

test('half of a reviewed limit that is below normal use waits for people, and its plan says how many good calls are above it', async () => {
  const { limit, inForce } = incident('abuse', straight, few(6));
  const asked = await limit('essential only');
  assert.equal(because(asked), 'approval');
  const { digest, consequences } = planned(asked);
  assert.match(
    consequences.join(' '),
    /3 calls a minute is below .*: [1-9][\d.]*% of the good calls of those days were above it/,
  );
  assert.deepEqual(await inForce(), {});
  done(await limit('essential only', { approved: digest }));
  assert.equal((await inForce())[low]?.per_minute, 3);
});

test('where normal use is not known people are asked, and nothing is refused', async () => {
  const young: Between = (request, to) =>
    apart(new URL(request.url).searchParams.get('until') ?? '') ? Response.json({ lines: [], next: null }) : to(request);
  const { limit, inForce } = incident('abuse', young, few(3));
  const asked = await limit('essential only');
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /Normal use of these routes is not known/);
  const { consequences } = planned(await limit('reviewed'));
  assert.match(consequences.join(' '), /Whether it is below normal use is not known of .*class:low-priority/);
  assert.deepEqual(await inForce(), {});
});
