/** The doctor says of each query how old its newest sample is and how often its series are scraped. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import type { Ended } from '../../../lab/stand-ins/scrapes.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../lab/world.ts';
import { selectorsIn } from '../../../worker/doctor/freshness.ts';
import { queryLines } from '../../../worker/doctor/queries.ts';
import { aPlatform, connected, virtualClock } from '../../activities/bare.ts';

const start = Date.parse('2026-11-24T03:00:07Z');

async function linesFor(
  scrapeEvery: number,
  queries: typeof aPlatform.queries = {},
  fetched?: (query: string) => object | undefined,
  ended?: Ended,
) {
  const clock = virtualClock(start);
  const pod = { pod: 'w', uid: '1', workload: 'worker', solver: 'dynex', fallback: true, since: 0 } as const;
  const world = (): World => ({ pods: [pod], systems: [] });
  const app = prometheus(surroundings({ now: clock.now }), world, scrapeEvery, ended);
  const fetch = async (request: Request) => {
    const query = new URLSearchParams(await request.clone().text()).get('query') ?? '';
    const told = fetched?.(query);
    return told ? Response.json({ status: 'success', data: { resultType: 'vector', ...told } }) : app.fetch(request);
  };
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch } }, clock);
  return queryLines({ systems, platform: { ...aPlatform, queries } });
}

const told = (lines: Awaited<ReturnType<typeof linesFor>>, part: RegExp) => lines.filter(({ text }) => part.test(text));

test('each query with samples is named with the age of its newest one, by how often it is scraped', async () => {
  const lines = await linesFor(15_000);
  const [line, ...others] = told(lines, /scraped about every/);
  assert.deepEqual(others, []);
  assert.match(
    line?.text ?? '',
    /^scraped about every 15 s: .*api calls \(newest sample 7 s old\).*database up \(newest sample 7 s old\)/,
  );
  assert.deepEqual([line?.ok, line?.warning], [true, undefined]);
});

test('series that are scraped too seldom to see an effect are a warning, with the setting that is missing', async () => {
  const [line] = told(await linesFor(100_000), /scraped about every/);
  assert.match(line?.text ?? '', /^scraped about every 100 s: .*Set scrape_interval of these to 15 s, at most 60 s\.$/);
  assert.equal(line?.warning, true);
});

for (const every of [15, 60])
  test(`a series that was scraped every ${every} s, and ended 270 s ago, is a warning with its age`, async () => {
    const lines = await linesFor(every * 1_000, {}, undefined, { pg_up: start - 270_000 });
    const [line] = told(lines, /not scraped any more/);
    assert.equal(
      line?.text,
      `not scraped any more: database up (newest sample 5 min old); it was about every ${every} s. Check the targets of Prometheus.`,
    );
    assert.doesNotMatch(told(lines, /^scraped about/)[0]?.text ?? '', /database up/);
  });

test('a series whose interval is no number is a warning with its age', async () => {
  const lines = await linesFor(15_000, {}, query =>
    query.startsWith('max((max_over_time(timestamp(pg_up)') ? { result: [{ metric: {}, value: [0, 'NaN'] }] } : undefined,
  );
  const [line] = told(lines, /^nothing tells how often these are scraped/);
  assert.match(
    line?.text ?? '',
    /: database up \(newest sample 7 s old\)\. Set scrape_interval of these to 15 s, at most 60 s\.$/,
  );
  assert.equal(line?.warning, true);
});

test('a query without samples says how old the last one of the day is, or that there was none', async () => {
  const aged = { result: [{ metric: {}, value: [0, '10800'] }] };
  const gone = await linesFor(15_000, { 'database up': 'max(pg_ready)' }, query =>
    query.includes('[1d:5m]') ? aged : undefined,
  );
  assert.match(told(gone, /^database up/)[0]?.text ?? '', /no samples of max\(pg_ready\)\. The newest is 3 h old\./);
  const never = await linesFor(15_000, { 'database up': 'max(pg_ready)' });
  assert.match(told(never, /^database up/)[0]?.text ?? '', /None in the last day\./);
});

test('a query is read as Prometheus reads it: functions, labels, ranges and texts are no series', () => {
  const query =
    'histogram_quantile(0.9, sum by (le, job) (rate(a_bucket{job="b{c}"}[5m] offset 1h))) / on(job) group_left sum(x:y) or {__name__="z"} > bool 1';
  assert.deepEqual(selectorsIn(query), ['a_bucket{job="b{c}"}', 'x:y', '{__name__="z"}']);
  assert.deepEqual(selectorsIn('vector(15)'), []);
});

test('a query that does not parse is a fault in the words of Prometheus', async () => {
  const lines = await linesFor(15_000, { 'database up': 'max(pg_up' });
  const [line] = told(lines, /^database up/);
  assert.deepEqual([line?.ok, /parse error/.test(line?.text ?? '')], [false, true]);
  assert.match(line?.fix ?? '', /^Correct queries\["database up"\]/);
});
