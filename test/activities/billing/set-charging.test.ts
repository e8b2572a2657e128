/** Charging is paused by itself only while too much is charged, resumed by people alone, and a missed run is not made up for. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { stripe } from '../../../lab/stand-ins/stripe.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { seedBilling } from '../../../lab/world/billing.ts';
import type { State } from '../../../lab/world/systems.ts';
import { connected } from '../bare.ts';
import { because, done, planned } from '../outcomes.ts';
import { withoutPod } from './charging-jobs.ts';
import { type Activities, at, clock, stage, type Stage } from '../stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());
beforeEach(() => on.reset());

type Share = '0%' | '5%' | '100%';

/** Of one incident, at an account in this state; without one Stripe is not connected. */
function incident(state?: State) {
  const folder = crypto.randomUUID();
  const systems = state === undefined ? {} : { stripe: account(state) };
  const worker = on.worker({ folder, connected: ['kubernetes', 'pagerduty'], systems });
  let step = 0;
  const run = (customers: Share, call = {}) =>
    worker.billing.setCharging({ customers }, { key: `${folder}/Phase/Step/${(step += 1)}`, ...call });
  const approved = async (customers: Share) => {
    const { digest } = planned(await run(customers, { dryRun: true }));
    return done(await run(customers, { approved: digest }));
  };
  return { worker, run, approved };
}

function account(state: State) {
  const app = stripe(surroundings({ now: clock.now, state: () => state }), seedBilling);
  return connected({ stripe: { url: 'http://stripe', key: 'sk_test_x', fetch: request => app.fetch(request) } }, clock).stripe;
}

const undo = (worker: Activities, receipt: ReturnType<typeof done>) => {
  assert.ok(receipt.takeBack);
  return worker.kubernetes.takeBack({ takeBack: receipt.takeBack }, { key: `undo-${crypto.randomUUID()}/undo/1` });
};

const specNow = async () => {
  const { spec } = await on.you.get(at.charging);
  return { suspend: spec?.['suspend'], deadline: spec?.['startingDeadlineSeconds'] };
};
const settingsNow = async () => (await on.you.get(at.billing)).data;

test('where customers are charged twice it is paused by itself, finance is paged, and what Stripe goes on with is counted', async () => {
  const paused = done(await incident('overcharging').run('0%'));
  assert.equal((await specNow()).suspend, true);
  assert.deepEqual(await settingsNow(), { BILLING_CHARGING_ENABLED: 'false', BILLING_CHARGING_PERCENT: '0' });
  assert.equal(paused.effect.measured, 'part');
  assert.match(paused.effect.text, /At Stripe 24 subscriptions make invoices by themselves.*finance keeps them as drafts/);
  assert.doesNotMatch(JSON.stringify(paused), /cus_|sub_|in_0/);
  assert.ok(on.messages.some(({ system, text }) => system === 'pagerduty' && /paused without approval/.test(text)));
});

test('where charges are right, or nothing is known of them, people are asked first', async () => {
  for (const state of ['healthy', undefined] as const) {
    const outcome = await incident(state).run('0%');
    assert.equal(because(outcome), 'not confirmed', state);
    assert.match(JSON.stringify(outcome), /only while too much is charged/);
  }
  assert.equal((await specNow()).suspend, false);
});

test('someone else has suspended it: people are asked, also where too much is charged', async () => {
  await on.bob.patch(at.charging, { spec: { suspend: true } });
  const outcome = await incident('overcharging').run('0%');
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /is suspended, and no change of this incident says why/);
});

test('a Job that runs is named with the command that stops it, and the pause counts in part', async () => {
  await withoutPod(on, 'nqba-billing-charge-1');
  const receipt = await incident().approved('0%');
  assert.equal(receipt.effect.measured, 'part');
  assert.match(receipt.effect.text, /kubectl -n nqba-platform patch job nqba-billing-charge-1 --type=merge/);
});

test('whoever resumes charging hears of a Job that is still suspended, as it may hold up the next run', async () => {
  const { run, approved } = incident('overcharging');
  await run('0%');
  await withoutPod(on, 'nqba-billing-charge-2');
  await on.you.patch(`${at.jobs}/nqba-billing-charge-2`, { spec: { suspend: true } });
  const told = /Job nqba-billing-charge-2 is suspended: while it is there .*delete job nqba-billing-charge-2, or it goes on/;
  assert.match(JSON.stringify(await run('5%')), told);
  const { effect } = await approved('5%');
  assert.deepEqual([effect.measured, told.test(effect.text)], ['part', true]);
});

test('people resume a twentieth, then all: a run that was missed meanwhile does not start', async () => {
  await on.you.patch(at.charging, { spec: { startingDeadlineSeconds: null } });
  const { run, approved } = incident('overcharging');
  await run('0%');
  assert.equal(because(await run('5%')), 'approval');
  assert.equal((await approved('5%')).effect.measured, 'whole');
  assert.deepEqual(await specNow(), { suspend: false, deadline: 300 });
  assert.deepEqual(await settingsNow(), { BILLING_CHARGING_ENABLED: 'true', BILLING_CHARGING_PERCENT: '5' });
  assert.equal((await approved('100%')).effect.measured, 'whole');
  assert.deepEqual(await specNow(), { suspend: false, deadline: 300 });
  assert.deepEqual(await settingsNow(), { BILLING_CHARGING_ENABLED: 'true', BILLING_CHARGING_PERCENT: '100' });
});

test('also undo lets the deadline stay where there was none', async () => {
  await on.you.patch(at.charging, { spec: { startingDeadlineSeconds: null } });
  const { worker, run } = incident('overcharging');
  done(await undo(worker, done(await run('0%'))));
  assert.deepEqual(await specNow(), { suspend: false, deadline: 300 });
});

test('a share that no run reads is refused: its next run would charge all', async () => {
  await on.you.patch(at.charging, {
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'charge', envFrom: null }] } } } } },
  });
  const { run } = incident();
  await assert.rejects(run('5%'), { type: 'NotConsumed', message: /its next run would charge all. Nothing was changed/ });
});
