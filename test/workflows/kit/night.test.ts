// A P2 lets people sleep: its page is one summary in the morning, unless it grows graver or is over before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { type alertEnds, anAlert, aStart, effects, minutes, stepOf, threeAtNight } from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const start = aStart(anAlert({ source: 'person' }));
const nights = [{ from: '2026-11-23T22:00:00+01:00', to: '2026-11-24T08:00:00+01:00' }];
const severity = (after: number, severity: string) => ({
  after: minutes(after),
  signal: 'severity',
  args: [{ by: 'ann', reason: 'as seen', severity }],
});

const atNight = (messages: ReturnType<typeof severity | typeof alertEnds>[], change: object = {}) =>
  trial('later', { args: [{ ...start, platform: { ...start.platform, nights } }], messages, atMost: minutes(300), ...change });

const pages = (rehearsed: Rehearsal) => effects(rehearsed, 'page').map(({ at, title }) => [(at - threeAtNight) / 60_000, title]);

for (const rollOver of [false, true])
  test(`the page of a P2 by night is a summary at eight${rollOver ? ', and over a roll-over' : ''}`, async () => {
    const rehearsed = await atNight([severity(1, 'P2')], { rollOver });
    assert.deepEqual(pages(rehearsed), [[240, 'Page primary, quantum: overnight summary: triggered, 1 open questions']]);
    assert.equal(stepOf(rehearsed.report, 'Notify Team')?.because, `quiet hours: summary sent at ${nights[0]?.to}`);
  });

test('by day the page of a P2 goes out at once', async () => {
  const rehearsed = await trial('later', { messages: [severity(1, 'P2')], atMost: minutes(60) });
  assert.deepEqual(pages(rehearsed), [[10, 'Notify Team']]);
});

test('a P2 that grows graver in the night wakes people, and there is no summary', async () => {
  const rehearsed = await atNight([severity(1, 'P2'), severity(30, 'P1')]);
  assert.deepEqual(pages(rehearsed)[0], [30, 'Page primary: P2 is now P1']);
  assert.equal(
    pages(rehearsed).some(([, title]) => /summary/.test(String(title))),
    false,
  );
});

test('a P1 wakes people by night', async () => {
  assert.deepEqual(pages(await atNight([]))[0], [10, 'Notify Team']);
});

test('a P3 pages nobody, by day or night: it is a follow-up', async () => {
  const rehearsed = await atNight([severity(1, 'P3')]);
  assert.deepEqual(pages(rehearsed), []);
  assert.deepEqual(
    rehearsed.report.followUps.map(({ title, owner }) => [title, owner]),
    [['Notify Team', 'primary']],
  );
});
