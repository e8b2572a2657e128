// Mail to customers whose quota an incident raised: whoever that was, in whichever of its rounds, and no one of another incident.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createActivities } from '../../activities/index.ts';
import { running } from './bare.ts';
import { call, mailing } from './mailing.ts';
import { byHand, done, planned } from './outcomes.ts';

const raisedHere = { text: 'limit-raised', to: 'customers whose quota it raised' } as const;

/** An incident of used-up quotas whose recovery is measured. */
async function incident(t: TestContext) {
  const on = await mailing(t, { hold: { 'mode.quota-exhaustion': 'supervised' } });
  const recovered = async () => ({ verdict: 'healthy', evidence: 'hardly a call is refused' }) as const;
  const own = () => ({ ...running(), workflowType: 'quotaExhaustion' });
  const by = createActivities({ ...on.deps, recovered, running: own, takeBackLater: async () => undefined });
  /** A round of its own: another list under the same name. */
  async function raise(incident: string, round: number, ...customers: number[]) {
    const items = customers.map(one => ({ customer: `customer-${one}`, of: 'jobs_per_month', used: 1_000, allowed: 1_000 }));
    const order = { list: await on.frozen(items), by: 0.5 };
    const key = `${incident}/Increase quota limits for affected customers/${round}`;
    const { digest } = planned(await by.gateway.raiseQuotas(order, { key, dryRun: true }));
    return done(await by.gateway.raiseQuotas(order, { key, approved: digest }));
  }
  return { ...on, by, raise };
}

test('those of all rounds of the incident read their own numbers, and those of another incident nothing', async t => {
  const { by, raise, messages, readers } = await incident(t);
  await raise('run-1', 1, 7, 8);
  await raise('run-2', 1, 9);
  await raise('run-1', 2, 10);
  const { summary, digest } = planned(await by.comms.tellCustomers(raisedHere, call('run-1')));
  assert.match(summary, /you may use more for a while” goes to customers in 3 mails/);
  assert.equal(messages.length, 0);
  const { effect } = done(await by.comms.tellCustomers(raisedHere, call('run-1', { approved: digest })));
  assert.equal(effect.measured, 'whole');
  assert.deepEqual(
    readers().toSorted(),
    [10, 7, 8].map(one => `customer-${one}@mail.example`),
  );
  for (const { text } of messages)
    assert.match(text.replaceAll('=\r\n', ''), /- 1500 jobs a month instead of 1000, until 2026-04-01/);
});

test('an incident that raised nothing, or whose raise was undone, writes to no one', async t => {
  const { by, raise, messages } = await incident(t);
  const nothing = byHand(await by.comms.tellCustomers(raisedHere, call('run-1')));
  assert.deepEqual([nothing.because, nothing.paste], ['There is no customer to write to.', '']);
  const { takeBack } = await raise('run-2', 1, 7);
  await by.kubernetes.takeBack({ takeBack: takeBack ?? assert.fail() }, { key: 'undo/1' });
  assert.equal(byHand(await by.comms.tellCustomers(raisedHere, call('run-2'))).paste, '');
  assert.equal(messages.length, 0);
});

test('one whose quota others have lowered again since gets none, and is counted', async t => {
  const { by, raise, deps } = await incident(t);
  await raise('run-1', 1, 7, 8);
  await deps.systems.operatorApi?.entitlements.clearOverride('customer-7');
  const { summary, consequences } = planned(await by.comms.tellCustomers(raisedHere, call('run-1')));
  assert.match(summary, /in 1 mails/);
  assert.ok(consequences.includes('Left out: 1 who have nothing raised now.'), consequences.join('\n'));
});
