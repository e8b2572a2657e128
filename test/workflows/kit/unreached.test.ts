// A page whose roles reach no one is an undelivered page: the next level of the escalation is paged at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { firstLines } from '../../../client/cli/first-lines.ts';
import { reportOf } from '../../../client/report.ts';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import type { Unreached } from '../../../workflows/contract/index.ts';
import { board } from '../../../workflows/kit/incident/board.ts';
import {
  alertEnds,
  anAlert,
  aStart,
  done,
  effects,
  inputsOf,
  minutes,
  type Rehearsing,
  threeAtNight,
} from '../../support/rehearsing.ts';
import { trial, trialOutage } from '../../support/trial/rehearsing.ts';

const eight = '2026-11-24T08:00:00.000Z';
const accepted = { note: 'sent', changes: [], effect: { measured: 'nothing to measure', text: 'accepted' } } as const;
const lack = (role: Unreached['role'], from?: string): Unreached => ({
  role,
  because: from === undefined ? 'no address' : 'no hours now',
  from,
});

const rolesOf = ({ args }: Attempt): Unreached['role'][] => Reflect.get(Object(args[0]), 'roles');

/** Pages reach everyone but these; from `from` on they are reached too. */
const without =
  (...lacking: Unreached[]) =>
  (attempt: Attempt) => {
    const roles = rolesOf(attempt);
    const unreached = lacking.filter(
      ({ role, from }) => roles.includes(role) && (from === undefined || attempt.at < Date.parse(from)),
    );
    if (unreached.length === roles.length)
      return { byHand: { system: 'PagerDuty', paste: `Page ${roles.join(', ')}`, unreached } };
    return done({ ...accepted, changes: [], unreached: unreached.length > 0 ? unreached : undefined });
  };

const pages = (rehearsed: Rehearsal): [number, string][] =>
  effects(rehearsed, 'page')
    .filter(({ attempt }) => attempt === 1)
    .map(attempt => [Math.floor((attempt.at - threeAtNight) / 60_000), rolesOf(attempt).join()]);

const silent = (page: unknown, rehearsing: Rehearsing = {}) =>
  trialOutage({ people: {}, messages: [], world: { page }, ...rehearsing });
const shown = ({ report }: Rehearsal, minute: number) =>
  firstLines({ name: 'x', report: reportOf(JSON.parse(JSON.stringify(report))), now: threeAtNight + minutes(minute) });
const onTheBoard = ({ report }: Rehearsal, minute: number) =>
  board(report, 'w', new Date(threeAtNight + minutes(minute)).toISOString());

for (const rollOver of [false, true])
  test(`primary and quantum have no hours now: secondary is paged within the same minute${rollOver ? ', and over a roll-over' : ''}`, async () => {
    const rehearsed = await silent(without(lack('primary', eight), lack('quantum', eight)), { rollOver, atMost: minutes(4) });
    assert.deepEqual(pages(rehearsed), [
      [0, 'primary,quantum'],
      [0, 'secondary'],
    ]);
    assert.equal(Reflect.get(inputsOf<object>(rehearsed, 'page')[1] ?? {}, 'because'), 'no one was reached as primary, quantum');
  });

test('a level that no one has goes on to the next, one by one; at the end of the policy everyone is paged again after the silence', async () => {
  const all = (['primary', 'quantum', 'secondary', 'escalation', 'management'] as const).map(role => lack(role));
  const rehearsed = await silent(without(...all), { atMost: minutes(62) });
  const everyone = 'primary,secondary,escalation,management';
  assert.deepEqual(pages(rehearsed), [
    [0, 'primary,quantum'],
    [0, 'secondary'],
    [0, 'escalation'],
    [0, 'management'],
    [30, everyone],
    [60, everyone],
  ]);
  assert.equal(rehearsed.report.byHand.filter(({ step }) => step.includes(everyone.replaceAll(',', ', '))).length, 1);
});

test('the first lines and the board say that no one was reached, and from when someone can be', async () => {
  const none = await silent(
    without(lack('primary', eight), ...(['quantum', 'secondary', 'escalation', 'management'] as const).map(role => lack(role))),
    {
      atMost: minutes(3),
    },
  );
  const said = /No one was reached: primary \(no hours now, from 2026-11-24 08:00 UTC\), quantum \(no address\), secondary/i;
  assert.match(shown(none, 3)[1] ?? '', said);
  assert.match(onTheBoard(none, 3), /No one was reached/);
  const some = await silent(without(lack('primary', eight)), { atMost: minutes(3) });
  assert.match(shown(some, 3)[1] ?? '', /not reached: primary \(no hours now, from 2026-11-24 08:00 UTC\)/);
  assert.doesNotMatch(onTheBoard(some, 3), /No one was reached/);
});

test('a level whose role is reached is not passed over because another of the page was not', async () => {
  const rehearsed = await silent(without(lack('quantum')), { atMost: minutes(4) });
  assert.deepEqual(pages(rehearsed), [[0, 'primary,quantum']]);
});

test('when its hours begin, the role is paged once, unless it is over by then', async () => {
  const half = new Date(threeAtNight + minutes(33)).toISOString();
  const world = { page: without(lack('primary', half)) };
  const messages = [{ after: minutes(10), signal: 'acknowledge', args: [{ by: 'ann' }] }];
  const rehearsed = await trialOutage({ people: {}, messages, world, atMost: minutes(36) });
  assert.deepEqual(
    pages(rehearsed).filter(([minute]) => minute > 30),
    [[33, 'primary']],
  );
  assert.equal(rehearsed.report.unreached, undefined);
  const over = await trialOutage({ messages: [alertEnds(4)], world, atMost: minutes(36) });
  assert.deepEqual(
    pages(over).filter(([minute]) => minute > 30),
    [],
  );
});

test('a page that fails goes on to the next level at once, and is still tried', async () => {
  const page = (attempt: Attempt) =>
    rolesOf(attempt).includes('primary')
      ? ApplicationFailure.create({
          message: 'Webhook: no answer; no one is reached as primary, quantum',
          details: [{ nothingDone: false, unreached: rolesOf(attempt).map(role => ({ role, because: 'no answer' })) }],
        })
      : done({ ...accepted, changes: [] });
  const rehearsed = await silent(page, { atMost: minutes(4) });
  assert.deepEqual(pages(rehearsed).at(-1), [0, 'secondary']);
  assert.equal(effects(rehearsed, 'page').filter(attempt => rolesOf(attempt).includes('primary')).length > 4, true);
});

test('a question whose role reaches no one pages the next level, once for each role, however often it is asked', async () => {
  const world = { page: without(lack('finance'), lack('quantum')) };
  const rehearsed = await trial('asking', { messages: [], world, atMost: minutes(33) });
  assert.deepEqual(pages(rehearsed), [
    [0, 'primary'],
    [0, 'finance'],
    [0, 'quantum'],
    [0, 'secondary'],
    [0, 'escalation'],
    [30, 'finance'],
    [30, 'quantum'],
    [30, 'management'],
  ]);
});

test('the rules of the night stay: a P2 wakes no one at the hour at which hours begin by night, but in the morning', async () => {
  const start = aStart(anAlert({ source: 'person' }));
  const nights = [{ from: '2026-11-24T05:00:00+01:00', to: '2026-11-24T08:00:00+01:00' }];
  const lacking = without(lack('primary', '2026-11-24T05:00:00.000Z'), lack('quantum', '2026-11-24T05:00:00.000Z'));
  const rehearsed = await trial('later', {
    args: [{ ...start, platform: { ...start.platform, nights } }],
    messages: [{ after: minutes(1), signal: 'severity', args: [{ by: 'ann', reason: 'as seen', severity: 'P2' }] }],
    world: { page: lacking },
    atMost: minutes(300),
  });
  assert.deepEqual(pages(rehearsed), [
    [10, 'primary,quantum'],
    [240, 'primary,quantum'],
  ]);
});
