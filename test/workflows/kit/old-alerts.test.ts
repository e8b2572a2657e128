// An alert that is more than an hour old when it comes proves nothing by itself; one that is confirmed, or joined by a fresh one, is like any other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../../workflows/contract/index.ts';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  aStart,
  anAlert,
  effects,
  finding,
  minutes,
  type Rehearsing,
  rehearsal,
  stepOf,
  threeAtNight,
} from '../../support/rehearsing.ts';

const atMinute = (minute: number) => new Date(threeAtNight + minutes(minute)).toISOString();
const threeDays = 3 * 24 * 60;

/** Opened by an alert so many minutes old. */
const old = (age: number, { world, ...more }: Rehearsing = {}) =>
  rehearsal({
    args: [aStart(anAlert({ startsAt: atMinute(-age) }))],
    messages: [],
    people: {},
    atMost: minutes(4),
    ...more,
    world: { recovered: finding('healthy', {}, '20 of 20 jobs succeeded on Dynex'), ...world },
  });

const delivered = (minute: number, change: Partial<Alert>) => ({
  after: minutes(minute),
  signal: 'alert',
  args: [anAlert({ startsAt: atMinute(minute), ...change })],
});

/** Minute and roles of every page. */
const pages = (rehearsed: Rehearsal): [number, string][] =>
  effects(rehearsed, 'page').map(({ at, args }) => [Math.round((at - threeAtNight) / minutes(1)), rolesIn(args).join()]);
const rolesIn = (args: unknown[]): string[] => Reflect.get(Object(args[0]), 'roles');
const first: [number, string] = [0, 'primary,quantum'];

test('three days old while all is healthy: no symptom is confirmed, nothing is public, and no one is woken', async () => {
  const end = { status: 'resolved', startsAt: atMinute(-threeDays), endsAt: atMinute(30) } as const;
  const rehearsed = await old(threeDays, { messages: [delivered(30, end)], atMost: minutes(60) });
  assert.equal(rehearsed.report.outcome, 'symptom not confirmed');
  const types = ['page', 'setStatusPage', 'setFallback', 'declareIncident'];
  assert.deepEqual(
    types.flatMap(type => effects(rehearsed, type)),
    [],
  );
  assert.deepEqual(rehearsed.report.followUps, [
    {
      title: 'Symptom not confirmed: DynexHealthCheckFailed',
      owner: 'operations',
      confirm: '20 of 20 jobs succeeded on Dynex',
      recurs: 'dynex-outage/unconfirmed/f00d',
      since: atMinute(-threeDays),
    },
  ]);
  assert.deepEqual(effects(rehearsed, 'recovered')[0]?.args[0], { of: 'dynex-outage' });
});

test('an alert with a check of its own is asked that one', async () => {
  const args = [aStart(anAlert({ name: 'NQBAAPIDown', startsAt: atMinute(-61) }))];
  const rehearsed = await old(61, { args, world: { probe: finding('healthy') } });
  assert.deepEqual([effects(rehearsed, 'page'), effects(rehearsed, 'recovered')], [[], []]);
});

test('another old alert confirms nothing, nor does one that was remembered within the hour', async () => {
  const other = { fingerprint: 'beef', startsAt: atMinute(-threeDays) };
  const world = { noteUnseen: { times: 1, second: true } };
  const rehearsed = await old(threeDays, { messages: [delivered(2, other)], world });
  assert.deepEqual(pages(rehearsed), []);
});

test('a person is believed, however old what they see is', async () => {
  const rehearsed = await old(0, { args: [aStart(anAlert({ source: 'person' }))] });
  assert.deepEqual(pages(rehearsed), [first]);
});

test('it begins with the first check that is no longer healthy', async () => {
  const rehearsed = await old(threeDays, { world: { recovered: [finding('healthy'), finding('healthy'), finding('faulty')] } });
  assert.deepEqual(pages(rehearsed), [[2, 'primary,quantum']]);
  assert.equal(stepOf(rehearsed.report, 'Activate Circuit Breaker')?.state, 'done');
});

test('two hours old and confirmed by our own check: it escalates as usual from our first page, and the record has both times', async () => {
  const rehearsed = await old(120, { world: { recovered: finding('faulty') }, atMost: minutes(31) });
  assert.deepEqual(pages(rehearsed), [first, [5, 'secondary'], [15, 'escalation'], [30, 'management']]);
  const { fired, paged } = rehearsed.report.times;
  assert.equal(fired, atMinute(-120));
  assert.equal(Math.round((Date.parse(paged ?? '') - threeAtNight) / minutes(1)), 0);
});

test('what was over before the incident opened pages no one else, and is on the record as overdue', async () => {
  const rehearsed = await old(10 * 60, { world: { recovered: finding('faulty') }, atMost: minutes(4) });
  assert.deepEqual(pages(rehearsed), [first]);
  assert.deepEqual(
    rehearsed.report.overdue?.map(({ clock }) => clock),
    ['acknowledge', 'restore'],
  );
});

test('an old alert of which nothing is known tells the first level, and no one else', async () => {
  const rehearsed = await old(120, { world: { recovered: finding('unknown') }, atMost: minutes(60) });
  assert.deepEqual(pages(rehearsed), [first]);
});

test('a person who begins it confirms it: when they fall silent, the first level is paged again', async () => {
  const people = { 'Symptom not confirmed: DynexHealthCheckFailed': 'begin' };
  assert.deepEqual(pages(await old(120, { people, atMost: minutes(32) })), [first, [30, 'primary']]);
});

const unknown = { recovered: finding('unknown') };
const joins: Record<string, Partial<Alert>> = {
  'a fresh alert': { fingerprint: 'beef' },
  'a fresh occurrence of the same alert': {},
  'a person': { fingerprint: 'by-hand', name: 'OpenedByHand', source: 'person' },
};

for (const [who, change] of Object.entries(joins)) {
  test(`${who} that joins what an old alert opened makes it fresh: the first level is paged now, and the rest from then on`, async () => {
    const rehearsed = await old(threeDays, { messages: [delivered(20, change)], world: unknown, atMost: minutes(51) });
    assert.deepEqual(pages(rehearsed), [first, [20, 'primary'], [25, 'secondary'], [35, 'escalation'], [50, 'management']]);
  });

  test(`${who} begins what an old alert has opened without a symptom, and it escalates like any other`, async () => {
    const rehearsed = await old(threeDays, { messages: [delivered(20, change)], atMost: minutes(26) });
    assert.deepEqual(pages(rehearsed), [
      [20, 'primary,quantum'],
      [25, 'secondary'],
    ]);
  });
}

test('another old alert, or a repeat of the first, leaves it an old one', async () => {
  const other = delivered(20, { fingerprint: 'beef', startsAt: atMinute(-90) });
  const repeat = delivered(21, { startsAt: atMinute(-threeDays) });
  assert.deepEqual(pages(await old(threeDays, { messages: [other, repeat], world: unknown, atMost: minutes(60) })), [first]);
});

test('who was told of it keeps what was decided when it rolls over', async () => {
  const more = { rollOver: true, messages: [delivered(20, { fingerprint: 'beef' })], atMost: minutes(26) };
  const rehearsed = await old(threeDays, { ...more, world: unknown });
  assert.deepEqual(pages(rehearsed), [first, [20, 'primary'], [25, 'secondary']]);
});
