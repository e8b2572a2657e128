/** Systems that say whether they are well: the API, and what measures it. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { grafana } from '../../../lab/stand-ins/grafana.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { activitiesWith, answers, virtualClock } from '../bare.ts';

const world = () => ({ pods: [], systems: [] });

function monitoring() {
  const clock = virtualClock();
  const now: { state: State } = { state: 'healthy' };
  const around = surroundings({ ...clock, state: () => now.state });
  const { observe } = activitiesWith(
    {
      prometheus: { url: 'http://prometheus', fetch: prometheus(around, world).fetch },
      grafana: { url: 'http://grafana', fetch: grafana(around).fetch },
    },
    clock,
  );
  return { probe: observe.probe, now };
}

for (const url of ['prometheus', 'grafana'] as const) {
  test(`${url} is healthy where it says so, and faulty once it does not`, async () => {
    const { probe, now } = monitoring();
    const healthy = await probe({ url });
    assert.equal(healthy.verdict, 'healthy');
    assert.match(healthy.evidence, /^(Prometheus|Grafana) answered in \d+ ms\.$/);
    now.state = 'down';
    const down = await probe({ url });
    assert.deepEqual([down.verdict, /HTTP 503 fails/.test(down.evidence)], ['faulty', true]);
    now.state = 'slow';
    assert.match((await probe({ url })).evidence, /No answer: .*within 5 s/);
  });

  test(`${url} is unknown where it is not connected, and where it never was healthy`, async () => {
    const { evidence } = await activitiesWith({}).observe.probe({ url });
    assert.match(evidence, /is not connected: set (PROMETHEUS|GRAFANA)_URL/);
    const { probe, now } = monitoring();
    now.state = 'down';
    assert.equal((await probe({ url })).verdict, 'unknown');
  });
}

test('Grafana whose database is not ok is faulty, and a page that is no health is unknown', async () => {
  const turns = [{ database: 'ok' }, { database: 'locked' }, '<h1>It works!</h1>'];
  const fetch = () => answers(200, turns.shift() ?? '')();
  const { probe } = activitiesWith({ grafana: { url: 'http://grafana', fetch } }).observe;
  const [, locked, page] = [await probe({ url: 'grafana' }), await probe({ url: 'grafana' }), await probe({ url: 'grafana' })];
  assert.deepEqual([locked.verdict, /its database is locked/.test(locked.evidence)], ['faulty', true]);
  assert.equal(page.verdict, 'unknown');
});

test('the API must say itself that it is well: an answer of 200 is not enough', async () => {
  const turns = [{ status: 'ok' }, 'OK', { status: 'degraded' }, '<h1>It works!</h1>', { ecosystem: 'nqba' }];
  const fetch = () => answers(200, turns.shift() ?? '')();
  const { probe } = activitiesWith({ api: { url: 'http://api', fetch } }).observe;
  const verdicts = [];
  for (let turn = 0; turn < 5; turn += 1) verdicts.push(await probe({ url: 'api' }));
  assert.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ['healthy', 'healthy', 'faulty', 'unknown', 'unknown'],
  );
  assert.match(verdicts[2]?.evidence ?? '', /answered 200 with the status degraded/);
});
