// The rehearsal itself is held to what it promises: whoever plays the server must play it fairly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workflowBundle } from '../../worker/bundle.ts';
import { Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { msNumberToTs } from '../../worker/rehearsal/sdk-internals.ts';
import { VirtualServer } from '../../worker/rehearsal/virtual-server.ts';
import { activityNames } from '../../workflows/catalog/activities.ts';
import { aStart, dynexDown, rehearsal, threeAtNight, worldOf } from '../support/rehearsing.ts';

const start = { type: 'dynexOutage', workflowId: 'w', args: [aStart()], at: threeAtNight };

test('a replay that asks for something else is found: what the workflow is told decides every command', async () => {
  const { code } = await workflowBundle();
  const sandbox = await Sandbox.load(code, activityNames);
  const execution = await sandbox.open({ ...start, runId: 'tampered' });
  const server = new VirtualServer(worldOf(dynexDown), threeAtNight);
  server.obey(await execution.activate(server.now, [execution.starting()]));
  for (let task = 0; task < 2 && server.advance(Number.POSITIVE_INFINITY); task += 1)
    server.obey(await execution.activate(server.now, server.dueNow()));
  await execution.evict();
  assert.deepEqual([...execution.differing], []);
  execution.tasks[1]?.activation.jobs?.shift();
  await execution.evict();
  assert.equal(execution.differing.has(1), true);
  await execution.dispose();
});

test('messages come before everything else of a task, as a server orders them', () => {
  const server = new VirtualServer(() => ({ result: 1 }), 0);
  server.obey([{ startTimer: { seq: 1, startToFireTimeout: msNumberToTs(5000) } }]);
  server.send(5000, 'decide', []);
  assert.equal(server.advance(10_000), true);
  assert.deepEqual(
    server.dueNow().map(job => Object.keys(job)[0]),
    ['signalWorkflow', 'fireTimer'],
  );
});

test('a cancelled timer never fires, and a cancelled activity is attempted no more', () => {
  const server = new VirtualServer(() => ({ error: new Error('503') }), 0);
  const activity = { seq: 1, activityId: '1', activityType: 'page', arguments: [] };
  server.obey([
    { startTimer: { seq: 1, startToFireTimeout: msNumberToTs(5000) } },
    { scheduleActivity: activity },
    { cancelTimer: { seq: 1 } },
    { requestCancelActivity: { seq: 1 } },
  ]);
  assert.equal(server.advance(60_000), true);
  const [told, ...more] = server.dueNow();
  assert.deepEqual([told?.resolveActivity?.result?.cancelled != null, more], [true, []]);
  assert.equal(server.advance(600_000), false);
  assert.equal(server.ran.length, 1);
});

test('nothing that a rehearsal does reaches the clock of this machine', async () => {
  const { report } = await rehearsal();
  assert.equal(report.times.opened, new Date(threeAtNight).toISOString());
});
