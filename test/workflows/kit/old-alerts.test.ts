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
  effects(rehearsed, 'page').map(({ at, args }) => [
    Math.round((at - threeAtNight) / minutes(1)),
    (Reflect.get(Object(args[0]), 'roles') as string[]).join(),
  ]);
const first: [number, string] = [0, 'primary,quantum'];

test('three days old while all is healthy: no symptom is confirmed, nothing is public, and no one is woken', async () => {
  const end = { status: 'resolved', startsAt: atMinute(-threeDays), endsAt: atMinute(30) } as const;
  const rehearsed = await old(threeDays, { messages: [delivered(30, end)], atMost: minutes(60) });
  assert.equal(rehearsed.report.outcome, 'alert without symptom');
  const types = ['page', 'setStatusPage', 'setFallback', 'declareIncident'];
  assert.deepEqual(
    types.flatMap(type => effects(rehearsed, type)),
    [],
  );
  assert.deepEqual(rehearsed.report.followUps, [
    {
      title: 'Alert without symptom: DynexHealthCheckFailed',
      owner: 'operations',
      confirm: '20 of 20 jobs succeeded on Dynex',
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
