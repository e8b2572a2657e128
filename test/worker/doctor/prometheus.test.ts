/** What the doctor says of how often jobs are scraped. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../lab/world.ts';
import { prometheusLine } from '../../../worker/doctor/systems.ts';
import { connected, virtualClock } from '../../activities/bare.ts';

function lineFor(scrapeEvery: number) {
  const clock = virtualClock();
  const pod = { pod: 'w', uid: '1', workload: 'worker', solver: 'dynex', fallback: true, since: 0 } as const;
  const world = (): World => ({ pods: [pod], systems: [] });
  const { fetch } = prometheus(surroundings({ now: clock.now }), world, scrapeEvery);
  return prometheusLine({ systems: connected({ prometheus: { url: 'http://prometheus', fetch } }, clock) });
}

test('an interval that is too long to see an effect is a fault', async () => {
  const { ok, text, fix } = await lineFor(120_000);
  assert.equal(ok, false);
  assert.match(text, /the jobs are scraped about every 100 s: whether a change moved them is not seen in time/);
  assert.match(fix ?? '', /scrape_interval/);
});

test('a usual interval is told', async () => {
  assert.match((await lineFor(15_000)).text, /knows the jobs of 1 pods, scraped about every 15 s\.$/);
});
