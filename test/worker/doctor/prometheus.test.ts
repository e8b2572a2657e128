/** What the doctor says of how often jobs are scraped. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { examinationOf, wireOf } from '../../../activities/connectors/index.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../lab/world.ts';
import { nobody } from '../../../activities/people.ts';
import { looked } from '../../../worker/doctor/line.ts';
import { queryLines } from '../../../worker/doctor/queries.ts';
import { answers, aPlatform, connected, refuses, virtualClock } from '../../activities/bare.ts';

async function lineFor(scrapeEvery: number) {
  const clock = virtualClock();
  const pod = { pod: 'w', uid: '1', workload: 'worker', solver: 'dynex', fallback: true, since: 0 } as const;
  const world = (): World => ({ pods: [pod], systems: [] });
  const { fetch } = prometheus(surroundings({ now: clock.now }), world, scrapeEvery);
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch } }, clock);
  const examination = examinationOf('prometheus', systems, {}, { platform: aPlatform, onCall: nobody, wire: wireOf({}, clock) });
  assert.ok(examination);
  const [line] = await looked('Prometheus', examination.examine);
  assert.ok(line);
  return line;
}

test('an interval that is too long to see an effect is a fault', async () => {
  const { ok, text, fix } = await lineFor(120_000);
  assert.equal(ok, false);
  assert.match(text, /the jobs are scraped about every 120 s: whether a change moved them is not seen in time/);
  assert.match(fix ?? '', /scrape_interval/);
});

test('a usual interval is told', async () => {
  assert.match((await lineFor(15_000)).text, /knows the jobs of 1 pods, scraped about every 15 s\.$/);
});

test('questions that got no answer are not counted as having samples', async () => {
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch: refuses } });
  assert.deepEqual(await queryLines({ systems, platform: aPlatform }), []);
});

test('questions are counted by those that have samples', async () => {
  const none = answers(200, { status: 'success', data: { resultType: 'vector', result: [] } });
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch: none } });
  const lines = await queryLines({ systems, platform: aPlatform });
  assert.deepEqual([...new Set(lines.map(({ text }) => text.includes('no samples of')))], [true]);
});
