import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settledStep } from '../../lab/guide/following.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start();
});
after(() => platform?.stop());

const rollouts = (writes: { resource: string; name: string }[]) =>
  writes.filter(({ resource, name }) => resource === 'deployments' && name === 'nqba-worker');

test('an outage goes from the alert to closed; the worker is killed in its middle, and nothing is done twice', async () => {
  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  await incident.until('the breaker at work', ({ steps }) => steps.find(({ title }) => title === 'Activate Circuit Breaker'));
  process.kill(platform.practice.worker.pid, 'SIGKILL');
  const report = await platform.seeThrough(incident, since);
  assert.equal(report.outcome, 'recovered');
  assert.equal(rollouts(await platform.writes(since)).length, 2);
  const pages = platform.messages(since).filter(({ system, text }) => system === 'pagerduty' && /trigger/.test(text));
  assert.equal(pages.length, 1);
});

test('the same incident a second time pages, posts and restarts once again, and shares no key with the first', async () => {
  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  const report = await platform.seeThrough(incident, since);
  assert.equal(rollouts(await platform.writes(since)).length, 2);
  const messages = platform.messages(since);
  const first = (system: string) => messages.filter(message => message.system === system);
  assert.equal(new Set(first('slack').map(({ key }) => key)).size >= 1, true);
  assert.equal(new Set(report.steps.map(({ key }) => key.split('/')[0])).size, 1);
  assert.equal(settledStep(report, 'Activate Circuit Breaker')?.state, 'part');
});
