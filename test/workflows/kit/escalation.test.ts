// Who silence wakes, and when: one rung after the other, until somebody is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  alertEnds,
  anAlert,
  aStart,
  callOf,
  effects,
  finding,
  minutes,
  planned,
  refused,
  type Rehearsing,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const says = (after: number, signal: string, change: object = {}) => ({
  after: minutes(after),
  signal,
  args: [{ by: 'ann', reason: 'no customer can work', ...change }],
});

/** Minute and roles of every page, by the time it was first tried. */
const pages = (rehearsed: Rehearsal): [number, string][] =>
  effects(rehearsed, 'page')
    .filter(({ attempt }) => attempt === 1)
    .map(({ at, args }) => [Math.round((at - threeAtNight) / 60_000), rolesIn(args).join()]);
const rolesIn = (args: unknown[]): string[] => Reflect.get(Object(args[0]), 'roles');

const silent = (rehearsing: Rehearsing = {}) => trialOutage({ people: {}, messages: [], ...rehearsing });
const first: [number, string] = [0, 'primary,quantum'];

for (const rollOver of [false, true]) {
  const how = rollOver ? ', and over a roll-over' : '';

  test(`nobody acknowledges a P1: the next are paged at 5, 15 and 30 minutes, then everybody every half hour${how}`, async () => {
    const rehearsed = await silent({ rollOver, atMost: minutes(95) });
    assert.deepEqual(pages(rehearsed), [
      first,
      [5, 'secondary'],
      [15, 'escalation'],
      [30, 'management'],
      [60, 'primary,secondary,escalation,management'],
      [90, 'primary,secondary,escalation,management'],
    ]);
  });

  test(`who acknowledges stops it; not heard of for half an hour, they are paged again, and then the next${how}`, async () => {
    const messages = [says(3, 'acknowledge')];
    const rehearsed = await silent({ rollOver, messages, atMost: minutes(39) });
    assert.deepEqual(pages(rehearsed).slice(-2), [
      [33, 'primary'],
      [38, 'secondary'],
    ]);
  });
}
/** PagerDuty tells of an acknowledgement, as the page activity gives it. */
const acknowledgedThere = {
  done: {
    note: 'not sent: Ann Lee has acknowledged it in PagerDuty',
    changes: [],
    effect: { measured: 'nothing to measure', text: 'PagerDuty was asked before the next level.' },
    acknowledgedBy: 'Ann Lee',
  },
};

for (const rollOver of [false, true])
  test(`PagerDuty is asked before the next level, and an acknowledgement there counts${rollOver ? ', also over a roll-over' : ''}`, async () => {
    const world = { 'Page secondary: not acknowledged': acknowledgedThere };
    const rehearsed = await silent({ rollOver, world, atMost: minutes(95) });
    assert.equal(pages(rehearsed).at(1)?.[1], 'secondary');
    const [, asked] = effects(rehearsed, 'page');
    assert.equal(Reflect.get(Object(asked?.args[0]), 'unlessAcknowledged'), true);
    const { commander, times, undelivered, steps } = rehearsed.report;
    assert.deepEqual([commander, undelivered], ['Ann Lee', []]);
    assert.equal(Date.parse(times.acknowledged ?? '') - threeAtNight, minutes(5) + 2000);
    assert.equal(steps.find(({ title }) => title.startsWith('Page secondary'))?.state, 'withdrawn');
  });

test('whoever acknowledged and is not heard of is paged whatever PagerDuty says', async () => {
  const rehearsed = await silent({ messages: [says(3, 'acknowledge')], atMost: minutes(39) });
  const asked = effects(rehearsed, 'page').map(({ args }) => Reflect.get(Object(args[0]), 'unlessAcknowledged'));
  assert.deepEqual(asked.filter(Boolean), []);
  assert.ok(pages(rehearsed).some(([minute]) => minute > 3));
});

const stuck = { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) };

test('a page of the ladder says why, and has a key and a number of its own; at the end all of them are ended', async () => {
  const rehearsed = await trialOutage({
    people: {},
    messages: [says(20, 'cancel'), alertEnds(30)],
    world: { setFallback: planned('observe') },
  });
  const ladder = effects(rehearsed, 'page').slice(1);
  assert.deepEqual(
    ladder.map(({ args }) => args[0]),
    [
      { roles: ['secondary'], because: 'not acknowledged', again: 1, unlessAcknowledged: true },
      { roles: ['escalation'], because: 'not acknowledged', again: 2, unlessAcknowledged: true },
    ],
  );
  assert.equal(new Set(effects(rehearsed, 'page').map(({ args }) => callOf(args).key)).size, 3);
  const told = callOf(effects(rehearsed, 'resolveIncident')[0]?.args ?? []).about?.pages;
  assert.deepEqual(told, [
    { again: 1, roles: ['secondary'] },
    { again: 2, roles: ['escalation'] },
  ]);
});

test('a pager that is dead at first does not keep the next rung from being woken', async () => {
  const page = ({ at, args }: { at: number; args: unknown[] }) =>
    at < threeAtNight + minutes(3) && rolesIn(args).includes('primary') ? new Error('503') : sent;
  const rehearsed = await silent({ world: { page }, atMost: minutes(12) });
  const later = pages(rehearsed).filter(([, roles]) => roles !== 'primary,quantum');
  assert.deepEqual(later, [[5, 'secondary']]);
});
const sent = { done: { note: 'sent', changes: [], effect: { measured: 'nothing to measure', text: 'accepted' } } };

test('a note, a decision or more time is a sign of life: nobody is paged again before half an hour after the last', async () => {
  const messages = [says(1, 'acknowledge'), says(25, 'note', { text: 'on the line' }), says(50, 'note', { text: 'still' })];
  const rehearsed = await silent({ messages, atMost: minutes(79) });
  assert.deepEqual(
    pages(rehearsed).filter(([, roles]) => roles === 'primary'),
    [],
  );
  const later = await silent({ messages, atMost: minutes(81) });
  assert.deepEqual(pages(later).at(-1), [80, 'primary']);
});

test('while everyone waits for the world, no one who acknowledged is paged for silence', async () => {
  const rehearsed = await trialOutage({
    messages: [says(1, 'acknowledge')],
    takes: { 'Monitor Dynex status page': minutes(150) },
    atMost: minutes(140),
  });
  assert.deepEqual(pages(rehearsed), [first]);
});

test('what is refused is no sign of life', async () => {
  const refusal = says(25, 'extend', { phase: 'Lunch', minutes: 5 });
  const rehearsed = await silent({ messages: [says(3, 'acknowledge'), refusal], atMost: minutes(34) });
  assert.deepEqual(pages(rehearsed).at(-1), [33, 'primary']);
});

test('who is raised to P0 wakes the first rung at once, and the ladder is that of a P0', async () => {
  const rehearsed = await silent({ messages: [says(6, 'severity', { severity: 'P0' })], atMost: minutes(25) });
  assert.deepEqual(pages(rehearsed), [
    first,
    [5, 'secondary'],
    [6, 'primary'],
    [11, 'secondary'],
    [16, 'escalation'],
    [21, 'management'],
  ]);
});

test('lowered to P2 it wakes nobody any more, and nobody for what is overdue', async () => {
  const rehearsed = await silent({ messages: [says(6, 'severity', { severity: 'P2' })], atMost: minutes(120) });
  assert.deepEqual(pages(rehearsed), [first, [5, 'secondary']]);
});

test('a late alert tells the first rung once, and nobody else', async () => {
  const alert = anAlert({ startsAt: new Date(threeAtNight - minutes(61)).toISOString() });
  const world = { recovered: finding('unknown') };
  const rehearsed = await silent({ args: [aStart(alert)], world, atMost: minutes(120) });
  assert.deepEqual(pages(rehearsed), [first]);
  assert.deepEqual(
    rehearsed.report.overdue?.map(({ clock }) => clock),
    ['acknowledge'],
  );
});

test('where Alertmanager pages the first rung, we page the others: ours begins at the second', async () => {
  const start = aStart();
  const args = [{ ...start, platform: { ...start.platform, ladderBegins: 1 } }];
  const rehearsed = await silent({ args, atMost: minutes(6) });
  assert.deepEqual(pages(rehearsed), [
    [0, 'quantum'],
    [5, 'secondary'],
  ]);
});

test('what a person opened is paged by us, whoever pages for alerts', async () => {
  const start = aStart(anAlert({ source: 'person' }));
  const rehearsed = await silent({ args: [{ ...start, platform: { ...start.platform, ladderBegins: 1 } }], atMost: minutes(2) });
  assert.deepEqual(pages(rehearsed), [first]);
});

test('the clocks of the severity are recorded as overdue, and a graver rung hears of it while work goes on', async () => {
  const messages = [says(1, 'acknowledge'), ...[20, 40, 60].map(minute => says(minute, 'note', { text: 'at work' }))];
  const rehearsed = await silent({ messages, world: stuck, atMost: minutes(62) });
  assert.deepEqual(pages(rehearsed)[1], [5, 'secondary']);
  assert.equal(Reflect.get(Object(effects(rehearsed, 'page')[1]?.args[0]), 'because'), 'Immediate Response is overdue');
});

test('eight hours without recovery are overdue, and not acknowledged after a quarter of an hour', async () => {
  const { report } = await silent({ world: { recovered: finding('faulty') }, people: usual, atMost: minutes(500) });
  assert.deepEqual(
    report.overdue?.map(({ clock, at }) => [clock, (Date.parse(at) - threeAtNight) / 60_000]),
    [['restore', 480]],
  );
  const unseen = await silent({ atMost: minutes(16) });
  assert.deepEqual(
    unseen.report.overdue?.map(({ clock }) => clock),
    ['acknowledge'],
  );
});

test('while people answer nobody is woken further, and the quiet time wakes nobody', async () => {
  const messages = [says(8, 'note', { text: 'at work' }), alertEnds(10)];
  assert.deepEqual(pages(await trialOutage({ messages })), [first]);
});

test('where no pager is connected the runbook’s page is text to paste, and no ladder begins', async () => {
  const world = { page: { byHand: { system: 'PagerDuty', paste: 'Page primary' } } };
  const rehearsed = await silent({ world, atMost: minutes(60) });
  assert.deepEqual(pages(rehearsed), [first]);
  assert.equal(rehearsed.report.byHand.length, 1);
});
