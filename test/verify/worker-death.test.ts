// Workers and Temporal itself are killed over one incident that also rolls over: the world sees one incident.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settledStep } from '../../lab/guide/following.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start({ rollOverAfter: 60 });
});
after(() => platform?.stop());

test('killed in the rollout, at the question, on the way back and with Temporal itself, an incident does everything once', async () => {
  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  const began = (title: string) => incident.until(title, ({ steps }) => steps.find(step => step.title === title));
  await began('Activate Circuit Breaker');
  await platform.killWorker();
  const cause = await incident.asked('What is the cause?');
  await platform.killTemporal();
  await incident.decide(cause.id, 'Dynex Platform Issue', 'ann');
  await platform.set('dynex', 'healthy');
  const plan = await incident.asked('Gradual Rollback: 100%');
  await incident.decide(plan.id, 'approve', 'ann');
  await platform.killWorker();
  await incident.until('the way back', report => settledStep(report, 'Gradual Rollback: 100%'));
  await platform.deliver(since, new Date());
  const report = await incident.until('the end', found => (found.state === 'closed' ? found : undefined));

  assert.equal(report.outcome, 'recovered');
  assert.deepEqual(
    (await platform.writes(since)).map(({ resource, name }) => `${resource} ${name}`),
    ['configmaps nqba-config', 'deployments nqba-worker', 'configmaps nqba-config', 'deployments nqba-worker'],
  );
  const messages = platform.messages(since);
  assert.equal(messages.filter(({ system, text }) => system === 'pagerduty' && text.startsWith('triggered')).length, 1);
  assert.equal(
    messages.filter(({ system, text }) => system === 'slack' && text.startsWith('P1 ') && !text.includes('State: ')).length,
    1,
  );
  assert.equal(messages.filter(({ system, text }) => system === 'statuspage' && text.includes('(investigating)')).length, 1);
  const runs = (await platform.temporal.list({ all: true })).filter(({ name }) => name === incident.name);
  assert.equal(runs.length >= 1, true);
  assert.notEqual(await platform.temporal.idOf(await incident.incident()), (await incident.incident()).runId, 'it rolled over');
});
