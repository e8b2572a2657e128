/** While Temporal is unreachable the intake pages the first level itself: PagerDuty's stand-in says what it was told. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectAll } from '../../../activities/connectors/index.ts';
import { TemporalUnreachable } from '../../../client/errors.ts';
import { pagingOutage } from '../../../client/intake/outage.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { nqba } from '../../support/nqba.ts';
import { eventually } from '../../support/eventually.ts';
import { dynexDown } from './bodies.ts';
import { intake } from './edge.ts';

const platform = await nqba();
const hour = 3_600_000;

/** An intake whose Temporal can be away, and a second process of it with the same artifact store. */
function around() {
  const set = { away: true, now: Date.parse('2026-11-24T02:16:20Z') };
  const messages: Message[] = [];
  const said: string[] = [];
  const vendor = pagerduty(surroundings({ now: () => set.now, record: message => messages.push(message) }));
  const clock = { now: () => set.now, sleep: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'nqba-outage-'));
  const started = () => {
    const config = { url: 'http://pagerduty', routingKeys: () => 'a'.repeat(32), rest: undefined, fetch: vendor.fetch };
    const systems = connectAll({ artifacts: { folder }, pagerduty: config }, clock);
    const gone = () => (set.away ? Promise.reject(new TemporalUnreachable('Temporal gave no answer')) : Promise.resolve());
    const temporal = {
      openOrJoin: async () => {
        await gone();
        return { result: 'opened', incident: 'dynex-outage-20261124-k7fp', workflowId: 'incident:dynex-outage:x' } as const;
      },
      resolve: async () => true,
      ready: gone,
      notice: gone,
      proveDetection: gone,
    };
    const outage = pagingOutage({ platform, systems, ...clock }, line => said.push(line));
    return intake({ temporal, outage });
  };
  const told = () => messages.map(({ key, text }) => [key, text.split(':')[0]]);
  return { set, started, told, said, messages };
}

const watchdog = { ...dynexDown, labels: { alertname: 'Watchdog', severity: 'none' } };
const key = `temporal-unreachable:${platform.cluster}/PAGERDUTY_ROUTING_KEY`;

test('the first level is paged once, whatever repeats and restarts, and the page ends when Temporal answers', async () => {
  const { set, started, told, messages } = around();
  const first = started();
  for (const delivery of [1, 2, 3]) {
    const response = await first.post({ version: '4', status: 'firing', alerts: [dynexDown] });
    assert.equal(response.status, 503, `delivery ${delivery}`);
  }
  await eventually(() => assert.deepEqual(told(), [[key, 'triggered (error)']]));
  assert.match(messages[0]?.text ?? '', /alerts of nqba-production arrive, and no runbook can start/);
  const again = started();
  await again.results(dynexDown);
  set.away = false;
  await again.results(dynexDown);
  await eventually(() => assert.deepEqual(told().at(-1), [key, 'resolved']));
  assert.equal(told().length, 2);
});

test('a second outage pages again, and a Watchdog that could not be told begins one', async () => {
  const { set, started, told } = around();
  const { results } = started();
  assert.equal((await results(watchdog))[0]?.result, 'unreachable');
  await eventually(() => assert.equal(told().length, 1));
  set.away = false;
  assert.equal((await results(watchdog))[0]?.result, 'ignored');
  await eventually(() => assert.equal(told().length, 2));
  [set.away, set.now] = [true, set.now + 2 * hour];
  await results(watchdog);
  await eventually(() =>
    assert.deepEqual(
      told().map(([, text]) => text),
      ['triggered (error)', 'resolved', 'triggered (error)'],
    ),
  );
});

test('an intake that never paged ends nothing', async () => {
  const { set, started, told, said } = around();
  set.away = false;
  const { results } = started();
  await results(dynexDown, watchdog);
  assert.deepEqual([told(), said], [[], []]);
});
