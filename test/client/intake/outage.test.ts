/** While Temporal is unreachable the intake pages the first level itself: PagerDuty's stand-in says what it was told. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Hours } from '../../../activities/hours.ts';
import type { OnCall } from '../../../activities/people.ts';
import { outageIn } from '../../../client/intake/outage.ts';
import { listen } from '../../../lab/stand-ins/listen.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { eventually } from '../../support/eventually.ts';
import { dynexDown } from './bodies.ts';
import { around, key } from './outage-around.ts';

const minute = 60_000;
const hour = 60 * minute;

/** One person, who is the primary at these hours alone. */
const byDay = (hours: Hours): OnCall => ({ people: { ann: { pagerduty: 'ANN', hours } }, roles: { primary: ['ann'] } });

const byNight: Hours = { timeZone: 'UTC', at: ['Mon-Sun 20:00-06:00'] };

const watchdog = { ...dynexDown, labels: { alertname: 'Watchdog', severity: 'none' } };

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
  [set.away, set.now] = [false, set.now + 5 * minute];
  await again.results(dynexDown);
  await eventually(() => assert.deepEqual(told().at(-1), [key, 'resolved']));
  assert.equal(told().length, 2);
});

test('whoever acknowledged in PagerDuty has it: no further level is paged', async () => {
  const { set, started, told, said, acknowledge } = around();
  const { results } = started();
  await results(watchdog);
  await eventually(() => assert.equal(said.length, 1));
  await acknowledge();
  for (const span of [5, 10, 15]) {
    set.now += span * minute;
    await results(watchdog);
    await eventually(() => assert.match(said.at(-1) ?? '', /not sent: .* has acknowledged it in PagerDuty/));
  }
  assert.deepEqual(
    [said.length, told()[0], told().filter(([, text]) => text?.startsWith('triggered')).length],
    [2, [key, 'triggered (error)'], 1],
  );
});

test('a second outage pages again, and a Watchdog that could not be told begins one', async () => {
  const { set, started, told } = around();
  const { results } = started();
  assert.equal((await results(watchdog))[0]?.result, 'unreachable');
  await eventually(() => assert.equal(told().length, 1));
  [set.away, set.now] = [false, set.now + 5 * minute];
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

test('a page that the pager refuses is sent with a later delivery, and tried at most once a minute', async () => {
  const { set, started, told, said } = around();
  const { results } = started();
  for (const pager of ['unauthorised', 'down'] as const) {
    set.pager = pager;
    await results(dynexDown);
    await results(dynexDown);
    set.now += minute;
  }
  await eventually(() => assert.equal(said.length, 8, 'each of four levels'));
  assert.deepEqual(told(), []);
  set.pager = 'healthy';
  await results(dynexDown);
  await eventually(() => assert.deepEqual(told(), [[key, 'triggered (error)']]));
});

test('a page that is not taken keeps no further level waiting: the next is paged at once, and says why', async () => {
  for (const primary of [{ pagerduty: 'GONE' }, { pagerduty: 'ANN', hours: byNight }]) {
    const { set, started, told, said, messages } = around();
    const onCall = { people: { ann: primary, bob: { pagerduty: 'BOB' } }, roles: { primary: ['ann'], secondary: ['bob'] } };
    const { results } = started(onCall);
    set.now = Date.parse('2026-11-24T12:00:00Z');
    await results(dynexDown);
    const bobs = key.replace('PAGERDUTY_ROUTING_KEY', 'BOB/1');
    await eventually(() => assert.deepEqual(told(), [[bobs, 'triggered (error)']]));
    assert.match(messages[0]?.text ?? '', /no one is reached as primary/);
    assert.match(said[0] ?? '', /primary/);
  }
});

test('a level that the pager refuses holds up no later level, and is tried again', async () => {
  const { set, started, told } = around();
  const people = { ann: { pagerduty: 'ANN' }, bob: { pagerduty: 'GONE' }, eve: { pagerduty: 'EVE' } };
  const { results } = started({ people, roles: { primary: ['ann'], secondary: ['bob'], escalation: ['eve'] } });
  for (const passed of [0, 5, 1]) {
    set.now += passed * minute;
    await results(dynexDown);
  }
  await eventually(() => assert.equal(told().length, 2));
  assert.deepEqual(
    told().map(([id]) => id),
    ['ANN', 'EVE/2'].map(to => key.replace('PAGERDUTY_ROUTING_KEY', to)),
  );
  people.bob.pagerduty = 'BOB';
  set.now += minute;
  await results(dynexDown);
  await eventually(() => assert.deepEqual(told().at(-1)?.[0], key.replace('PAGERDUTY_ROUTING_KEY', 'BOB/1')));
});

test('a primary who has hours is paged when these begin', async () => {
  const { set, started, told, said } = around();
  set.now = Date.parse('2026-11-24T07:30:00Z');
  const { results } = started(byDay({ timeZone: 'UTC', at: ['Mon-Sun 08:00-18:00'] }));
  await results(dynexDown);
  await eventually(() => assert.match(said.join(), /no one can be paged/));
  set.now = Date.parse('2026-11-24T08:00:10Z');
  await results(dynexDown);
  await eventually(() => assert.deepEqual(told(), [[key.replace('PAGERDUTY_ROUTING_KEY', 'ANN'), 'triggered (error)']]));
});

test('a new outage after an hour of silence has its own minutes, its own page and no acknowledgement', async () => {
  const { set, started, told, said, acknowledge } = around();
  const { results } = started();
  await results(watchdog);
  await eventually(() => assert.equal(told().length, 1));
  await acknowledge();
  set.now += 5 * minute;
  await results(watchdog);
  await eventually(() => assert.match(said.at(-1) ?? '', /has acknowledged/));
  for (const passed of [24 * 60, 4, 1]) {
    set.now += passed * minute;
    await results(watchdog);
  }
  await eventually(() => assert.equal(told().at(-1)?.[0], `${key}/1`));
  assert.deepEqual(
    told()
      .filter(([, text]) => text !== 'acknowledged')
      .slice(1),
    [
      [key, 'resolved'],
      [key, 'triggered (error)'],
      [`${key}/1`, 'triggered (error)'],
    ],
  );
});

test('the page ends without a further alert, once Temporal has answered for five minutes', async () => {
  const { set, started, told } = around();
  const { results, outage } = started();
  await results(watchdog);
  await eventually(() => assert.equal(told().length, 1));
  for (const [away, count] of [
    [true, 1],
    [false, 1],
    [false, 1],
    [false, 1],
    [false, 1],
    [false, 2],
  ] as const) {
    [set.away, set.now] = [away, set.now + minute];
    await outage.look();
    assert.equal(told().length, count);
  }
  assert.deepEqual(told().at(-1), [key, 'resolved']);
});

test('an end that the pager does not take is told again, and the next outage pages', async () => {
  const { set, started, told, said } = around();
  const { results } = started();
  await results(dynexDown);
  await eventually(() => assert.equal(told().length, 1));
  [set.away, set.pager, set.now] = [false, 'down', set.now + 5 * minute];
  await results(watchdog);
  await eventually(() => assert.match(said.at(-1) ?? '', /PagerDuty/));
  [set.pager, set.now] = ['healthy', set.now + minute];
  await results(watchdog);
  await eventually(() => assert.deepEqual(told().at(-1), [key, 'resolved']));
  [set.away, set.now] = [true, set.now + hour];
  await results(watchdog);
  await eventually(() => assert.equal(told().length, 3));
});

test('a Temporal that comes and goes is one page for each level, which end when it has stayed for five minutes', async () => {
  const { set, started, told, said } = around();
  const { results } = started();
  for (let time = 0; time < 80; time += 1) {
    [set.away, set.now] = [!set.away, set.now + minute];
    await results(watchdog);
  }
  await eventually(() => assert.equal(said.length, 5));
  const levels = [key, `${key}/1`, `${key}/2`, `${key}/3`];
  assert.deepEqual(
    told(),
    levels.map(level => [level, 'triggered (error)']),
  );
  [set.away, set.now] = [false, set.now + 5 * minute];
  await results(watchdog);
  await eventually(() => assert.equal(told().length, 8));
  const ended = told()
    .slice(4)
    .toSorted(([one = ''], [other = '']) => one.localeCompare(other));
  assert.deepEqual(
    ended,
    levels.map(level => [level, 'resolved']),
  );
});

test('while no one acknowledges, the next level is paged at its minute, one at a time, each once', async () => {
  const { set, started, said } = around();
  const { results } = started();
  const begun = set.now;
  for (const [at, count] of [
    [0, 1],
    [4, 1],
    [5, 2],
    [14, 2],
    [45, 3],
    [46, 4],
    [55, 4],
  ] as const) {
    set.now = begun + at * minute;
    await results(watchdog);
    await eventually(() => assert.equal(said.length, count, `minute ${at}: ${said.join(' ')}`));
  }
  assert.deepEqual(
    said.map(line => /as ([\w-]+)/.exec(line)?.[1]),
    ['primary', 'secondary', 'escalation', 'management'],
  );
});

test('an intake that never paged ends nothing', async () => {
  const { set, started, told, said } = around();
  set.away = false;
  const { results } = started();
  await results(dynexDown, watchdog);
  assert.deepEqual([told(), said], [[], []]);
});

test('the ways to page are those of the environment, where an empty variable is none', async t => {
  const messages: Message[] = [];
  const vendor = pagerduty(surroundings({ record: message => messages.push(message) }));
  const served = await listen('PagerDuty', vendor, 0);
  t.after(served.close);
  const environment = {
    RUNBOOKS_PLATFORM: 'platform.json',
    ARTIFACTS: mkdtempSync(join(tmpdir(), 'nqba-outage-')),
    PAGERDUTY_EVENTS_URL: served.url,
    PAGERDUTY_ROUTING_KEY: 'a'.repeat(32),
    PAGERDUTY_API_TOKEN: '',
    SMTP_URL: ' ',
  };
  const said: string[] = [];
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.parse('2026-11-24T02:16:20Z') });
  const outage = await outageIn(
    environment,
    line => said.push(line),
    async () => {},
  );
  outage?.began();
  await eventually(() => assert.deepEqual(said, ['Temporal is unreachable. Paged as primary: PagerDuty.']));
  assert.equal(messages[0]?.key, key);
  t.mock.timers.tick(5 * minute);
  await eventually(() => assert.equal(messages[1]?.text.split(':')[0], 'resolved'));
});
