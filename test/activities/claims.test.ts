/** A public text is published only while what it claims is so: our own effect, a measured recovery, a share of the last minutes. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { textNames, claimOf, type Claim, type TextName } from '../../activities/messages/texts.ts';
import { because, done, planned } from './outcomes.ts';
import { openedBy, running, vendors } from './vendors.ts';

const call = (step: string, incident = 'run-1') => ({ key: `${incident}/${step}/1` });
const degraded = { component: 'quantum', status: 'degraded_performance', text: 'degraded' } as const;
const routed = { ...degraded, text: 'quantum-fallback', share: 0.66 } as const;
const resolved = { component: 'quantum', status: 'operational', text: 'dynex-resolved' } as const;
const closed = { metadata: { name: 'nqba-config' }, data: {} };

/** Tried again by itself until it is so. */
const waits = (message: RegExp) => ({ type: 'Refused', nonRetryable: false, message });

test('each text says what it claims', () => {
  const claims: Record<TextName, Claim> = {
    investigating: 'nothing',
    resolved: 'recovery',
    degraded: 'nothing',
    'quantum-fallback': 'our fallback moved jobs',
    'dynex-eta': 'nothing',
    'dynex-resolved': 'recovery without our fallback',
    outage: 'nothing',
    'works-again': 'recovery',
    'jobs-delayed-resolved': 'recovery',
    'jobs-failing': 'nothing',
    'jobs-resolved': 'recovery',
    'billing-corrected': 'recovery',
    'limit-near': 'nothing',
    'limit-raised': 'recovery',
    maintenance: 'nothing',
  };
  assert.deepEqual(Object.fromEntries(textNames.map(name => [name, claimOf(name)])), claims);
});

test('jobs that the platform itself has sent elsewhere were not routed by us: nothing is said until our change stands', async () => {
  const { comms, messages, world } = vendors();
  world.pods = running('classical');
  done(await comms.setStatusPage(degraded, call('a')));
  await assert.rejects(
    comms.setStatusPage(routed, call('b')),
    waits(
      /no change of this incident stands on ConfigMap nqba-platform\/nqba-config, so the fallback is not ours\. It is tried again/,
    ),
  );
  world.config = openedBy('run-2');
  await assert.rejects(comms.setStatusPage(routed, call('b')), waits(/not ours/));
  world.config = { ...openedBy('run-1'), data: {} };
  await assert.rejects(comms.setStatusPage(routed, call('b')), waits(/no longer sends jobs to the classical solvers/));
  assert.equal(messages.length, 1);
  world.config = openedBy('run-1');
  done(await comms.setStatusPage(routed, call('b')));
  assert.match(messages[1]?.text ?? '', /We have routed jobs/);
});

test('the share that is published is that of the last minutes, whatever was measured before; without one it waits', async () => {
  const { comms, messages, world, states } = vendors();
  world.config = openedBy('run-1');
  world.pods = running('classical');
  states.prometheus = 'down';
  await assert.rejects(comms.setStatusPage(routed, call('a')), { nonRetryable: false });
  states.prometheus = 'healthy';
  world.pods = [];
  await assert.rejects(comms.setStatusPage(routed, call('a')), waits(/the share that it states cannot be measured now/));
  assert.equal(messages.length, 0);
  world.pods = running('classical');
  done(await comms.setStatusPage(routed, call('a')));
  assert.match(messages[0]?.text ?? '', /: 100% of the jobs we measured ran there/);
});

test('nothing works again while the breaker stands or recovery is not measured, on the page and by mail', async () => {
  const { comms, messages, world, states } = vendors();
  done(await comms.setStatusPage(degraded, call('a')));
  world.config = openedBy('run-1');
  const stands = waits(/the fallback of this incident still stands on ConfigMap nqba-platform\/nqba-config/);
  await assert.rejects(comms.setStatusPage(resolved, call('b')), stands);
  await assert.rejects(comms.tellCustomers({ text: 'dynex-resolved' }, call('c')), stands);
  world.config = closed;
  states.dynex = 'unauthorised';
  await assert.rejects(comms.setStatusPage(resolved, call('b')), waits(/recovery is not measured: /));
  assert.equal(messages.length, 1);
  states.dynex = 'healthy';
  done(await comms.setStatusPage(resolved, call('b')));
  assert.match(messages[1]?.text ?? '', /\(resolved\).*works again/);
  assert.ok('byHand' in (await comms.tellCustomers({ text: 'dynex-resolved' }, call('c'))));
});

test('people are not asked to publish what is not so', async () => {
  const { comms, states } = vendors();
  done(await comms.setStatusPage(degraded, call('a')));
  states.dynex = 'unauthorised';
  const again = { component: 'quantum', status: 'operational', text: 'works-again' } as const;
  await assert.rejects(comms.setStatusPage(again, call('b')), waits(/recovery is not measured/));
  states.dynex = 'healthy';
  assert.equal(because(await comms.setStatusPage(again, call('b'))), 'approval');
});

test('where nothing may be published, nothing is measured for it: the plan says what would be', async () => {
  for (const [data, reason] of [
    [{}, 'observe'],
    [{ hold: 'legal asks' }, 'held'],
  ] as const)
    assert.equal(because(await vendors(data).comms.setStatusPage(routed, call('a'))), reason);
});

test('that a provider works on it claims nothing of where jobs run', async () => {
  const { comms } = vendors();
  const told = await comms.tellCustomers({ text: 'dynex-eta' }, call('a'));
  assert.doesNotMatch(JSON.stringify(told), /classical|solver/);
});

test('the end of one incident waits for another that holds the component, and two that end together do not wait for each other', async () => {
  const { comms, messages, world, states, clock } = vendors();
  for (const incident of ['run-1', 'run-2', 'run-3']) done(await comms.setStatusPage(degraded, call('a', incident)));
  const ends = { ...resolved, text: 'resolved' } as const;
  const said = async (incident: string) => {
    const { digest: approved } = planned(await comms.setStatusPage(ends, call('b', incident)));
    await clock.sleep(60_000);
    return done(await comms.setStatusPage(ends, { ...call('b', incident), approved }));
  };
  const held = (others: string) =>
    waits(new RegExp(`Quantum computing is held by ${others} too, which goes on\\. It is tried again`));
  const before = messages.length;
  await assert.rejects(comms.setStatusPage(ends, call('b', 'run-1')), held('run-2, run-3'));
  await assert.rejects(comms.tellCustomers({ text: 'resolved', component: 'quantum' }, call('c', 'run-1')), held('run-2, run-3'));
  await assert.rejects(comms.setStatusPage(ends, call('b', 'run-2')), held('run-3'));
  states.dynex = 'unauthorised';
  await assert.rejects(comms.setStatusPage(ends, call('b', 'run-1')), waits(/recovery is not measured/));
  states.dynex = 'healthy';
  world.config = closed;
  await assert.rejects(comms.setStatusPage(ends, call('b', 'run-3')), held('run-1'));
  assert.equal(messages.length, before);
  assert.match((await said('run-1')).note, /The status stays: held by/);
  for (const incident of ['run-2', 'run-3']) await said(incident);
  assert.match(messages.at(-1)?.text ?? '', /Quantum computing: operational/);
  assert.ok('byHand' in (await comms.tellCustomers({ text: 'resolved', component: 'quantum' }, call('c', 'run-1'))));
});
