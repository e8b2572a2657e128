/** Alertmanager's Watchdog: its absence pages the first level, once, until it comes again. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { type Message, Play } from '../../worker/rehearsal/rehearse.ts';
import type { Attempt } from '../../worker/rehearsal/virtual-server.ts';
import {
  anAlert,
  callOf,
  done,
  effects,
  inputsOf,
  loaded,
  minutes,
  refused,
  rehearsal,
  threeAtNight,
  worldOf,
} from '../support/rehearsing.ts';

const comes = (after: number, change: object = {}) => ({
  after: minutes(after),
  signal: 'alert',
  args: [anAlert({ name: 'Watchdog', fingerprint: 'dog', labels: { alertname: 'Watchdog' }, annotations: {}, ...change })],
});
const watched = (messages: Message[], more: object = {}) =>
  rehearsal({ type: 'watchdog', args: [{ version: 1 }], messages, people: {}, atMost: minutes(600), ...more });
type Rehearsed = Awaited<ReturnType<typeof watched>>;
const minutesOf = (rehearsed: Rehearsed, type: string) =>
  effects(rehearsed, type).map(({ at }) => Math.round((at - threeAtNight) / minutes(1)));
const failureIn = ({ report }: Rehearsed): unknown => Reflect.get(report, 'failure');
/** No one is reached as any of these roles before that minute. */
const awayUntil =
  (minute: number, why: (role: string) => unknown) =>
  ({ args: [input], at }: Attempt) => {
    const [role = ''] = paged.parse(input).roles;
    return at < threeAtNight + minutes(minute) ? why(role) : done();
  };
const paged = z.object({ roles: z.array(z.string()) });
const rolesIn = (rehearsed: Rehearsed) => inputsOf(rehearsed, 'page').map(input => paged.parse(input).roles.join());
const levels = ['primary', 'secondary', 'escalation', 'management'];
const everyFive = (from: number, to: number) =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => comes(from + 5 * index));

/** The server stands still from minute 62 to 100. */
async function away(after: Message[]) {
  const init = { type: 'watchdog', workflowId: 'watchdog:test', runId: 'away', args: [{ version: 1 }], at: threeAtNight };
  const world = worldOf({ page: done() });
  const play = new Play(await loaded(), { init, world, messages: [...everyFive(0, 60), ...after], atMost: minutes(200) });
  while ((play.next() ?? Infinity) < threeAtNight + minutes(62)) await play.goOn();
  play.server.now = threeAtNight + minutes(100);
  while (play.next() !== undefined) await play.goOn();
  const rehearsed = await play.end();
  await play.dispose();
  return rehearsed;
}

describe('a Watchdog', () => {
  test('that stays away for a quarter of an hour pages the first level once, and its return ends that page', async () => {
    const rehearsed = await watched([...everyFive(0, 60), ...everyFive(200, 300)]);
    assert.deepEqual([minutesOf(rehearsed, 'page').at(0), minutesOf(rehearsed, 'resolveIncident')], [75, [200]]);
    const [page, later] = effects(rehearsed, 'page');
    assert.deepEqual(page?.args[0], { roles: ['primary'], again: 1 });
    assert.match(
      callOf(page?.args ?? []).about?.summary ?? '',
      /^no Watchdog for 15 minutes, the last at 2026-11-24T04:00:00\.000Z: no alert may come any more/,
    );
    const [end] = effects(rehearsed, 'resolveIncident');
    assert.deepEqual(callOf(end?.args ?? []).about?.pages, [{ again: 1, roles: levels }]);
    assert.equal(callOf(later?.args ?? []).about?.fired, '2026-11-24T08:00:00.000Z');
    assert.deepEqual(minutesOf(rehearsed, 'page'), [75, 315]);
  });

  test('that comes pages no one, also over a roll-over', async () => {
    const rehearsed = await watched(everyFive(0, 600), { rollOver: true });
    assert.deepEqual(minutesOf(rehearsed, 'page'), []);
    assert.ok(rehearsed.runs > 1);
  });

  test('whose absence was told is not told again after a roll-over, and its return is', async () => {
    const rehearsed = await watched([...everyFive(0, 10), comes(400)], { rollOver: true, atMost: minutes(410) });
    assert.deepEqual([minutesOf(rehearsed, 'page'), minutesOf(rehearsed, 'resolveIncident')], [[25], [400]]);
  });

  test('that comes every four hours, from two Alertmanagers at once, is too seldom to page by its absence', async () => {
    const rehearsed = await watched([comes(0), comes(0.1), comes(240), comes(240.1), comes(480)]);
    assert.deepEqual(minutesOf(rehearsed, 'page'), []);
  });

  test('that comes every half a minute pages by its absence', async () => {
    const rehearsed = await watched(
      Array.from({ length: 20 }, (_, index) => comes(index / 2)),
      { atMost: minutes(60) },
    );
    assert.deepEqual(minutesOf(rehearsed, 'page'), [25]);
  });

  test('that could not come while Temporal was away has a quarter of an hour more', async () => {
    assert.deepEqual(minutesOf(await away(everyFive(101, 141)), 'page'), [156]);
    assert.deepEqual(minutesOf(await away([]), 'page'), [115]);
  });

  test('that has resolved, or cannot be read, has not come', async () => {
    const bad = { ...comes(65), args: [{ name: 7 }] };
    const rehearsed = await watched([...everyFive(0, 60), comes(64, { status: 'resolved' }), bad], { atMost: minutes(100) });
    assert.deepEqual(minutesOf(rehearsed, 'page'), [75]);
  });
});

describe('the page that a Watchdog stays away', () => {
  const byNight = everyFive(0, 60);
  const outsideHours = (role: string) => ({
    byHand: { system: 'PagerDuty', paste: '', unreached: [{ role, because: 'no hours now', from: '2026-11-24T08:00:00Z' }] },
  });

  test('climbs at once where no one has hours, and begins again every quarter of an hour until someone is told', async () => {
    const page = awayUntil(300, outsideHours);
    const early = await watched(byNight, { world: { page }, atMost: minutes(100) });
    assert.deepEqual(rolesIn(early), [...levels, ...levels]);
    assert.match(String(failureIn(early)), /^no one is reached: management \(no hours now, from 2026-11-24 08:00 UTC\)$/);
    const rehearsed = await watched([...byNight, ...everyFive(400, 405)], { world: { page }, atMost: minutes(410) });
    assert.deepEqual([rolesIn(rehearsed).length % 4, rolesIn(rehearsed).at(-1)], [1, 'primary']);
    const last = minutesOf(rehearsed, 'page').at(-1) ?? 0;
    assert.ok(last >= 300 && last <= 316, `paged at minute ${last}`);
    const [end, ...more] = effects(rehearsed, 'resolveIncident');
    assert.deepEqual([callOf(end?.args ?? []).about?.pages, more], [[{ again: 1, roles: levels }], []]);
    assert.equal(failureIn(rehearsed), undefined);
  });

  test('goes to the next level where the key of the first is refused, or its pager never answers', async () => {
    for (const failed of [refused('PagerDuty answered 400: Invalid routing key', true), new Error('no answer')]) {
      const page = awayUntil(600, role => (role === 'primary' ? failed : done()));
      const rehearsed = await watched(byNight, { world: { page } });
      assert.deepEqual([...new Set(rolesIn(rehearsed))], ['primary', 'secondary']);
      assert.deepEqual([rolesIn(rehearsed).filter(role => role === 'secondary').length, failureIn(rehearsed)], [1, undefined]);
      assert.ok((minutesOf(rehearsed, 'page').at(-1) ?? 0) <= 80);
    }
  });

  test('is sent although the end of the one before it could not be', async () => {
    const world = { resolveIncident: new Error('no answer') };
    const rehearsed = await watched([...byNight, ...everyFive(100, 110)], { world, atMost: minutes(200) });
    assert.deepEqual(minutesOf(rehearsed, 'page'), [75, 125]);
  });
});
