/** Quotas of customers that a list names, raised for 30 days: what the platform says afterwards, to another client. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Override } from '../../../activities/connectors/operator-api/entitlements.ts';
import { because, done, planned } from '../outcomes.ts';
import { noon } from './platform-api.ts';
import { aDay, in30Days, incident, type Item, near, raised } from './raising.ts';

test('always asked; approved, the platform allows half as much again for 30 days, and no one near the quota is left', async () => {
  const { raise, approved, inForce, orders, quotas } = incident();
  const asked = await raise(near);
  assert.equal(because(asked), 'approval');
  assert.equal(await inForce('customer-7'), null);
  assert.equal((await quotas({})).verdict, 'faulty');
  const receipt = await approved(near, { until: in30Days });
  const after = await quotas({});
  for (const { customer } of near) assert.deepEqual(await inForce(customer), raised({ jobs_per_month: 1500 }));
  assert.equal(receipt.effect.measured, 'whole', receipt.effect.text);
  assert.match(after.evidence, /the highest is 1000 of 1500 jobs this month/);
  assert.deepEqual(
    orders.map(({ at }) => at),
    [in30Days],
  );
});

test('the plan names values, and no customer', async () => {
  const { raise } = incident();
  const plan = planned(await raise(near));
  assert.doesNotMatch(JSON.stringify(plan), /customer-\d/);
  assert.equal(plan.changes.length, 3);
  assert.deepEqual(new Set(plan.changes.map(({ after }) => after)), new Set(['1500 jobs a month']));
  assert.match(plan.summary, /3 customers/);
});

test('never above the next tier, and not at all above the highest', async () => {
  const { raise, inForce, entitlements } = incident();
  await entitlements.setTier('customer-8', 'free');
  const all: Item[] = [
    { customer: 'customer-8', of: 'jobs_per_month' },
    { customer: 'customer-8', of: 'calls_per_day' },
    { customer: 'customer-8', of: 'calls_per_minute' },
  ];
  const plan = planned(await raise(all, {}, 1000));
  assert.deepEqual(
    plan.changes.map(({ after }) => after),
    ['1000 jobs a month, 10000 calls a day, 100 calls a minute'],
  );
  await entitlements.setTier('customer-9', 'luxury');
  const { changes, note } = done(await raise([{ customer: 'customer-9' }]));
  assert.deepEqual(changes, []);
  assert.match(note, /1 of the highest tier/);
  assert.equal(await inForce('customer-9'), null);
});

test('two spellings of one customer are one raise; one that the platform does not know is counted', async () => {
  const { approved, inForce } = incident();
  const receipt = await approved([
    { customer: ' Customer-7' },
    { customer: 'ｃustomer-7', of: 'calls_per_day' },
    { customer: 'x' },
  ]);
  assert.equal(receipt.changes.length, 1);
  assert.deepEqual(await inForce('customer-7'), raised({ jobs_per_month: 1500, calls_per_day: 15_000 }));
});

test('what was raised before stays as it is, with its end', async () => {
  const { raise, approved, entitlements, inForce } = incident();
  const theirs: Override = { jobs_per_month: 1200, until: '2026-12-31T00:00:00Z' };
  await entitlements.setOverride('customer-7', theirs);
  assert.match(JSON.stringify(planned(await raise(near)).summary), /1 with a raised quota already/);
  await approved(near);
  assert.deepEqual(await inForce('customer-7'), theirs);
});

test('what people raised to the same value stays theirs: it is left out, and an undo ends only what we raised', async () => {
  const { raise, approved, undo, entitlements, inForce } = incident();
  const theirs = raised({ jobs_per_month: 1500 });
  await entitlements.setOverride('customer-7', theirs);
  const plan = planned(await raise(near));
  assert.match(plan.summary, /^2 customers .*Left out: 1 with a raised quota already/);
  done(await undo(await approved(near)));
  assert.deepEqual(await inForce('customer-7'), theirs);
  await entitlements.clearOverride('customer-7');
  const receipt = await approved(near);
  assert.equal(receipt.changes.length, 3);
  done(await undo(receipt));
  for (const { customer } of near) assert.equal(await inForce(customer), null);
});

test('undone, nothing is raised any more; what someone has changed since is asked about', async () => {
  const first = incident();
  const receipt = await first.approved(near);
  assert.match(await first.standing(), /stays until its end/);
  done(await first.undo(receipt));
  for (const { customer } of near) assert.equal(await first.inForce(customer), null);
  const second = incident();
  const other = await second.approved(near);
  await second.entitlements.setOverride('customer-8', { jobs_per_month: 5000, until: in30Days });
  const asked = await second.undo(other);
  assert.equal(because(asked), 'approval');
  assert.match(JSON.stringify(asked), /Someone else has changed/);
  assert.equal((await second.inForce('customer-8'))?.jobs_per_month, 5000);
});

test('it ends at the platform itself after 30 days: then nothing is left to undo, and no one is asked', async () => {
  const { approved, undo, inForce, clock } = incident();
  const receipt = await approved(near, { until: new Date(noon + 90 * aDay).toISOString() });
  assert.equal((await inForce('customer-7'))?.until, in30Days);
  await clock.sleep(30 * aDay);
  assert.equal(await inForce('customer-7'), null);
  assert.deepEqual(done(await undo(receipt)).changes, []);
});

test('one that customer success has prolonged is not ended with the others unless people say so', async () => {
  const { approved, undo, entitlements, inForce, clock } = incident();
  const receipt = await approved(near);
  const longer = { jobs_per_month: 1500, until: new Date(noon + 60 * aDay).toISOString() };
  await entitlements.setOverride('customer-9', longer);
  await clock.sleep(30 * aDay);
  assert.equal(because(await undo(receipt)), 'approval');
  assert.deepEqual(await inForce('customer-9'), longer);
});

test('one that customer success has prolonged is not shortened by another incident', async () => {
  const { approved, entitlements, inForce, clock } = incident();
  await approved(near);
  const longer = { jobs_per_month: 1500, until: new Date(noon + 60 * aDay).toISOString() };
  await entitlements.setOverride('customer-9', longer);
  await clock.sleep(aDay);
  const { note, changes } = await approved(near, { key: 'run-2/Phase/Step/1' });
  assert.match(note, /1 with a raised quota already/);
  assert.deepEqual(changes, []);
  assert.deepEqual(await inForce('customer-9'), longer);
});

test('a raise that another incident made keeps its end, and the plan and the receipt say which', async () => {
  const { raise, approved, inForce, clock } = incident();
  await approved(near.slice(0, 2));
  await clock.sleep(29 * aDay);
  const key = 'run-2/Phase/Step/1';
  const kept = /3 customers.*2 of them were raised so before, the first until 2026-04-01 12:00 UTC\./;
  const plan = planned(await raise(near, { key, dryRun: true }));
  assert.match(plan.summary, kept);
  const receipt = done(await raise(near, { key, approved: plan.digest }));
  assert.match(receipt.note, kept);
  assert.deepEqual(await inForce('customer-8'), raised({ jobs_per_month: 1500 }));
  assert.match((await inForce('customer-9'))?.until ?? '', /^2026-04-30/);
  const again = done(await raise(near, { key, approved: plan.digest }));
  assert.match(again.note, /2 of them were raised so before/);
});

test('two incidents raise the same: the first to let go ends nothing, the last does, and no one is asked', async () => {
  const { approved, undo, inForce, clock } = incident();
  const first = await approved(near);
  await clock.sleep(aDay);
  const second = await approved(near, { key: 'run-2/Phase/Step/1' });
  done(await undo(first));
  assert.deepEqual(await inForce('customer-8'), raised({ jobs_per_month: 1500 }));
  done(await undo(second));
  assert.equal(await inForce('customer-8'), null);
});

test('more than 50 customers are refused, and a part that is none as well', async () => {
  const { raise } = incident();
  const many = Array.from({ length: 51 }, (_, index) => ({ customer: `customer-${index}` }));
  await assert.rejects(raise(many), {
    type: 'Refused',
    message: /51 customers.*no one reviews more than 50.*Nothing was changed/,
  });
  for (const part of [0, -1, Number.NaN]) await assert.rejects(raise(near, {}, part), { type: 'BadInput' });
});
