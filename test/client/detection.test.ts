/** The lines of `list` and `doctor` about Alertmanager's Watchdog. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectionChecks, detectionNow, detectionSection } from '../../client/cli/detection.ts';
import { TemporalUnreachable } from '../../client/errors.ts';
import type { WatchedDetection } from '../../client/temporal/notices.ts';

const now = Date.parse('2026-11-24T03:00:00Z');
const last = '2026-11-24T02:57:00.000Z';
const watching = (...found: WatchedDetection[]) => ({ temporal: { watchedDetection: async () => found }, now: () => now });
const linesOf = (...found: WatchedDetection[]) => detectionSection(found, now);
const saidBy = async (...found: WatchedDetection[]) =>
  (await detectionChecks(watching(...found))).map(
    ({ ok, warning, text }) => `${ok ? (warning ? 'warn' : 'ok') : 'fault'} ${text}`,
  );

test('a Watchdog that comes is named with its time', async () => {
  const text = `Detection on shop: the last Watchdog was 3 min ago (${last}).`;
  assert.deepEqual([linesOf({ cluster: 'shop', last }), await saidBy({ cluster: 'shop', last })], [[text], [`ok ${text}`]]);
});

test('one that stays away is a fault, and so is a page about it that was not delivered', async () => {
  const [said = ''] = await saidBy({ cluster: 'shop', last, absent: last, failure: 'PagerDuty answered 503' });
  assert.match(said, /^fault DETECTION IS BLIND on shop: .* The page was not delivered: PagerDuty answered 503$/);
});

test('one that comes too seldom, or never came, is a warning with the way to fix it', async () => {
  assert.match((await saidBy({ cluster: 'shop', last, seldom: true })).join(), /^warn .*too seldom.* repeat_interval: 5m/);
  assert.match((await saidBy()).join(), /^warn no Watchdog ever came: .* repeat_interval: 5m/);
});

test('without a worker its time is not known, and without Temporal nothing is said', async () => {
  assert.deepEqual(linesOf({ cluster: 'shop' }), ['Detection on shop: not known, no worker answers.']);
  const away = { temporal: { watchedDetection: () => Promise.reject(new TemporalUnreachable('away')) }, now: () => now };
  assert.deepEqual([await detectionNow(away), await detectionChecks(away)], [[], []]);
});
